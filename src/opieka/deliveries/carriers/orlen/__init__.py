"""ORLEN Paczka by its partner service (SOAP, GiveMePackStatusFullHistoryList) and its "Uniwersalny Pusher".

Source: API_ORLENPaczka v1.26, chapter 7.3 (statuses, mapped whole) and the Pusher's chapter 5, as published with the
open-source clients that follow them. ORLEN writes Polish local time with a "Z" behind it: it is read as Polish time.
The Pusher sends the token the shop registered with it as a bearer token; a status it tells may carry the attribute
POWROT (going back to the sender) or ZWROT (a return the customer sends).
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import AT_THE_SENDER
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.orlen import client, mapping, points
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="orlen",
    title="ORLEN Paczka",
    capabilities=Capabilities(
        polling=True,
        webhooks=True,
        batch=100,
        credentials=("partner_id", "partner_key"),
        optional_credentials=("webhook_token",),
        numbers=(r"21\d{11}", r"\d{13}"),
        choices=(*choosable((ChoiceKind.PICKUP_POINT,), AT_THE_SENDER),),
    ),
    zone="Europe/Warsaw",
    country="PL",
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
    connect=client.Partner,
    list_points=points.fetch,
)
