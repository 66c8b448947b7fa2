"""A carrier that lives in this process: what the demo and the tests follow parcels with."""

from __future__ import annotations

from datetime import time

from opieka.deliveries.carriers.arranging import AT_A_POINT, BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.memory import client, mapping
from opieka.deliveries.types import ChoiceKind, Choosable, choosable

HOURS = ((time(9), time(13)), (time(13), time(17)), (time(17), time(20)))

CARRIER = Carrier(
    name="memory",
    title="Memory",
    capabilities=Capabilities(
        polling=True,
        webhooks=True,
        batch=100,
        credentials=("shelf", "webhook_secret"),
        numbers=(r"MEM\d{1,20}",),
        choices=(
            Choosable(kind=ChoiceKind.SLOT, stages=MOVING, asked=True, days=5, hours=HOURS),
            Choosable(kind=ChoiceKind.PICKUP_POINT, stages=MOVING, asked=True),
            *choosable(
                (ChoiceKind.NEIGHBOUR, ChoiceKind.SAFE_PLACE, ChoiceKind.INSTRUCTIONS), BEFORE_THE_DOOR
            ),
            *choosable((ChoiceKind.ADDRESS, ChoiceKind.CANCEL), MOVING),
            Choosable(kind=ChoiceKind.HOLD, stages=AT_A_POINT, asked=True, days=10),
        ),
    ),
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
    connect=client.Memory,
    arrange=client.Memory,
)
