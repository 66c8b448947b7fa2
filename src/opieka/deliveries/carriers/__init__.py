"""Every carrier, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers import (
    aftership,
    console,
    easypost,
    fedex,
    generic,
    gls,
    inpost,
    memory,
    seventeentrack,
    ups,
)
from opieka.deliveries.carriers.base import Carrier

CARRIERS: Mapping[str, Carrier] = {
    one.name: one
    for one in (
        inpost.CARRIER,
        gls.CARRIER,
        ups.CARRIER,
        fedex.CARRIER,
        aftership.CARRIER,
        easypost.CARRIER,
        seventeentrack.CARRIER,
        generic.CARRIER,
        memory.CARRIER,
        console.CARRIER,
    )
}
