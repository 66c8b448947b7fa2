"""Every carrier, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers import (
    acs,
    aftership,
    boxnow,
    cdek,
    console,
    dhl,
    dpd,
    easypost,
    elta,
    fedex,
    generic,
    gls,
    inpost,
    karrio,
    memory,
    nova_poshta,
    orlen,
    packeta,
    poczta_polska,
    seventeentrack,
    speedex,
    ups,
)
from opieka.deliveries.carriers.base import Carrier

CARRIERS: Mapping[str, Carrier] = {
    one.name: one
    for one in (
        inpost.CARRIER,
        dpd.CARRIER,
        dhl.CARRIER,
        gls.CARRIER,
        ups.CARRIER,
        fedex.CARRIER,
        acs.CARRIER,
        elta.CARRIER,
        boxnow.CARRIER,
        speedex.CARRIER,
        nova_poshta.CARRIER,
        cdek.CARRIER,
        poczta_polska.CARRIER,
        orlen.CARRIER,
        packeta.CARRIER,
        aftership.CARRIER,
        easypost.CARRIER,
        seventeentrack.CARRIER,
        karrio.CARRIER,
        generic.CARRIER,
        memory.CARRIER,
        console.CARRIER,
    )
}
