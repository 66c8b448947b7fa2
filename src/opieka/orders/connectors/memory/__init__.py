"""A shop that lives in this process: what the demo and the tests connect to."""

from __future__ import annotations

from opieka.orders.connectors.base import Capabilities, Connector
from opieka.orders.connectors.memory import client

CONNECTOR = Connector(
    name="memory",
    source="memory",
    capabilities=Capabilities(backfill=True, credentials=("shelf",)),
    connect=client.Memory,
    canceller=client.Memory,
    discounter=client.Memory,
)
