"""What would have saved a first attempt that failed."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.types import Reason, Remedy

REMEDIES: Mapping[Reason, tuple[Remedy, ...]] = {
    Reason.CONSIGNEE_ABSENT: (Remedy.SLOT, Remedy.NEIGHBOUR, Remedy.SAFE_PLACE, Remedy.PICKUP_POINT),
    Reason.CONSIGNEE_RESCHEDULED: (Remedy.SLOT,),
    Reason.CONSIGNEE_NO_ACCESS: (Remedy.INSTRUCTIONS, Remedy.PICKUP_POINT),
    Reason.CONSIGNEE_CLOSED: (Remedy.OPENING_HOURS, Remedy.SLOT),
    Reason.CONSIGNEE_WRONG_ADDRESS: (Remedy.ADDRESS_CHECK,),
    Reason.CONSIGNEE_UNKNOWN: (Remedy.ADDRESS_CHECK, Remedy.INSTRUCTIONS),
    Reason.CONSIGNEE_NO_PAYMENT: (Remedy.PREPAYMENT,),
    Reason.CONSIGNEE_NO_IDENTIFICATION: (Remedy.PICKUP_POINT, Remedy.INSTRUCTIONS),
    Reason.CONSIGNEE_NOT_COLLECTED: (Remedy.SLOT, Remedy.SAFE_PLACE),
    Reason.POINT_FULL: (Remedy.SLOT,),
    Reason.POINT_CLOSED: (Remedy.SLOT,),
}
"""By why it failed, the preferences that help, the best first. What the carrier or the weather did, none can help."""


def remedies(reason: Reason) -> tuple[Remedy, ...]:
    """Which preferences would have saved an attempt."""
    return REMEDIES.get(reason, ())
