"""Every carrier, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers import (
    acs,
    aftership,
    boxnow,
    cdek,
    console,
    easypost,
    elta,
    fedex,
    generic,
    gls,
    inpost,
    karrio,
    memory,
    nova_poshta,
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
        acs.CARRIER,
        elta.CARRIER,
        boxnow.CARRIER,
        nova_poshta.CARRIER,
        cdek.CARRIER,
        aftership.CARRIER,
        easypost.CARRIER,
        seventeentrack.CARRIER,
        karrio.CARRIER,
        generic.CARRIER,
        memory.CARRIER,
        console.CARRIER,
    )
}
