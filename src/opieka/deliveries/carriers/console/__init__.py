"""A carrier that knows nothing: it prints what it would be asked."""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.console import client

CARRIER = Carrier(
    name="console",
    title="Console",
    capabilities=Capabilities(polling=True, batch=100, numbers=(r"CON\d{1,20}",)),
    connect=client.Console,
)
