"""InPost (Poland): Paczkomat lockers, PaczkoPunkt points and couriers, by ShipX.

Sources: dokumentacja-inpost.atlassian.net, pages "Webhooks" (18153494), "Shipment Tracking" and "Services"; the
statuses with their Polish descriptions as https://api-shipx-pl.easypack24.net/v1/statuses lists them. The tracking
resource is public and needs no token.

Webhooks are not signed, so anybody could write one: they are taken only from InPost's range of addresses, and only as
a hint to ask. InPost also wants the webhook's address to answer a GET with 200.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import AT_A_POINT, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.inpost import client, mapping, points
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="inpost",
    title="InPost",
    capabilities=Capabilities(
        polling=True,
        webhooks=True,
        hint_only=True,
        numbers=(r"[56]\d{23}", r"\d{24}"),
        choices=(
            *choosable(
                (
                    ChoiceKind.PICKUP_POINT,
                    ChoiceKind.ADDRESS,
                ),
                MOVING,
            ),
            *choosable((ChoiceKind.HOLD,), AT_A_POINT),
        ),
    ),
    zone="Europe/Warsaw",
    country="PL",
    page="https://inpost.pl/sledzenie-przesylek?number={number}",
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
    connect=client.ShipX,
    list_points=points.fetch,
)
