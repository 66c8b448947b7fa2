"""A carrier that lives in this process: what the demo and the tests follow parcels with."""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.memory import client, mapping

CARRIER = Carrier(
    name="memory",
    title="Memory",
    capabilities=Capabilities(
        polling=True,
        webhooks=True,
        batch=100,
        credentials=("shelf", "webhook_secret"),
        numbers=(r"MEM\d{1,20}",),
    ),
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
    connect=client.Memory,
)
