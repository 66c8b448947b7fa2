"""BoxNow (Greece, Cyprus, Bulgaria, Croatia): parcel lockers.

Sources: BoxNow's Partner API (OpenAPI document in m-michalis/boxnow-php: parcels, events, WebhookMessage) and its
"Webhook-based parcel tracking guide" as quoted in public plug-ins. A webhook is a CloudEvent whose `datasignature` is
HMAC-SHA256(secret, data) in hexadecimal digits; the guide does not say how `data` is written, so its bytes are taken as
they stand in the body. An account has one webhook address. The arrival at a locker is no delivery: "delivered" is said
when the customer has opened it.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import AT_THE_SENDER
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.boxnow import client, mapping, points
from opieka.deliveries.types import ChoiceKind, Choosable

CARRIER = Carrier(
    name="boxnow",
    title="BOX NOW",
    capabilities=Capabilities(
        polling=True,
        webhooks=True,
        credentials=("client_id", "client_secret"),
        optional_credentials=("webhook_secret", "country"),
        numbers=(r"\d{10}",),
        choices=(Choosable(kind=ChoiceKind.CANCEL, stages=AT_THE_SENDER, asked=True),),
    ),
    zone="Europe/Athens",
    page="https://t.boxnow.gr/?track={number}",
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
    connect=client.BoxNow,
    arrange=client.BoxNow,
    list_points=points.fetch,
)
