"""The five dots of an order, as its carriers tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from opieka.deliveries.types import ParcelStage
from opieka.orders.types import Dot, Step

S = ParcelStage
SILENT = frozenset({S.UNKNOWN, S.CANCELLED})
LAST_MILE = frozenset({S.OUT_FOR_DELIVERY, S.AWAITING_COLLECTION, S.ATTEMPT_FAILED, S.DELIVERED})


class Way(NamedTuple):
    """How far a parcel on its way to the customer is."""

    stage: ParcelStage
    handed_over_at: datetime | None
    delivered_at: datetime | None


def told_by_carriers(strip: Sequence[Dot], parcels: Sequence[Way]) -> tuple[Dot, ...]:
    """The strip of the shop's own records, corrected where carriers report.

    A shop often says "sent" for a printed label, and "delivered" for a parcel at its point. Out with the first parcel,
    delivered with the last.
    """
    heard = [parcel for parcel in parcels if parcel.stage not in SILENT]
    if not heard:
        return tuple(strip)
    sent = [parcel.handed_over_at for parcel in heard if parcel.handed_over_at is not None]
    arrived = [parcel.delivered_at for parcel in heard if parcel.stage is S.DELIVERED]
    whole = len(arrived) == len([parcel for parcel in parcels if parcel.stage is not S.CANCELLED])
    ends = [at for at in arrived if at is not None]
    told = {
        Step.SHIPPED: (bool(sent), min(sent, default=None)),
        Step.OUT: (any(parcel.stage in LAST_MILE for parcel in heard), None),
        Step.DELIVERED: (whole, max(ends, default=None) if whole else None),
    }
    return tuple(
        replace(dot, done=told[dot.step][0], at=told[dot.step][1]) if dot.step in told else dot
        for dot in strip
    )
