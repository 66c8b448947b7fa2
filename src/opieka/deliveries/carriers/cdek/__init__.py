"""CDEK (Russia and neighbours), API v2.

Source: apidoc.cdek.ru, "Order information", "Webhooks", Appendix 1 (order statuses; webhooks of older accounts use the
second set of names) and Appendix 2 (additional statuses: why it was not delivered). Webhooks are not signed, so they
are only a hint to ask; whoever has no secret of the shop's in the address's `key` is not heard at all.
"""

from __future__ import annotations

from datetime import time

from opieka.deliveries.carriers.arranging import MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.cdek import client, mapping
from opieka.deliveries.types import ChoiceKind, Choosable, choosable

HOURS = ((time(9), time(13)), (time(13), time(18)), (time(18), time(22)))
"""Intervals of three hours at least, as CDEK wants them."""

CARRIER = Carrier(
    name="cdek",
    title="CDEK",
    capabilities=Capabilities(
        polling=True,
        webhooks=True,
        hint_only=True,
        credentials=("client_id", "client_secret"),
        optional_credentials=("webhook_secret",),
        numbers=(r"1\d{9}",),
        choices=(
            Choosable(kind=ChoiceKind.SLOT, stages=MOVING, asked=True, days=7, hours=HOURS),
            Choosable(kind=ChoiceKind.PICKUP_POINT, stages=MOVING, asked=True),
            *choosable((ChoiceKind.ADDRESS, ChoiceKind.INSTRUCTIONS, ChoiceKind.CANCEL), MOVING),
        ),
    ),
    zone="Europe/Moscow",
    country="RU",
    page="https://www.cdek.ru/ru/tracking?order_id={number}",
    read=mapping.read,
    genuine=mapping.genuine,
    connect=client.Cdek,
    arrange=client.Cdek,
)
