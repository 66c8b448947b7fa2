"""Every carrier, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers import console, inpost, memory
from opieka.deliveries.carriers.base import Carrier

CARRIERS: Mapping[str, Carrier] = {
    one.name: one
    for one in (
        inpost.CARRIER,
        memory.CARRIER,
        console.CARRIER,
    )
}
