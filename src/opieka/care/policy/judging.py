"""How bad an incident is from the customer's side, whether it is still so, and what makes it a storm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from opieka.care.types import IncidentKind, Severity
from opieka.deliveries.types import TERMINAL, Leg, ParcelCard, ParcelStage

BASE: Mapping[IncidentKind, Severity] = {
    IncidentKind.DELAY_EXPECTED: Severity.LOW,
    IncidentKind.LATE: Severity.MIDDLE,
    IncidentKind.STALE: Severity.LOW,
    IncidentKind.LOST: Severity.GRAVE,
    IncidentKind.DAMAGED: Severity.HIGH,
    IncidentKind.SENT_BACK: Severity.HIGH,
    IncidentKind.WAITING: Severity.LOW,
    IncidentKind.PARTLY: Severity.MIDDLE,
    IncidentKind.NOT_HERE: Severity.GRAVE,
    IncidentKind.MISSING: Severity.HIGH,
    IncidentKind.WRONG: Severity.HIGH,
    IncidentKind.UNANSWERED: Severity.MIDDLE,
    IncidentKind.BAD_ANSWER: Severity.MIDDLE,
}

OWED = -12
"""A balance at or below it: she has had one bad experience that nothing has made up for."""
MADE_UP = 12
"""A balance from here on has made up for one bad experience before it came."""
LONG = timedelta(days=3)
LASTS = timedelta(days=3)
"""What happened longer ago opens nothing: orders and reports of the past are taken over too."""
WINDOW = timedelta(hours=6)
"""Incidents of one lane within this time may be a storm, and one goes on while no longer pause is in it."""
STORMY = frozenset({IncidentKind.DELAY_EXPECTED, IncidentKind.LATE, IncidentKind.STALE, IncidentKind.LOST})
ENOUGH_REOPENINGS = 2
"""A conversation reopened by the customer so often has not been answered well."""
_UNDELIVERED = frozenset(
    {IncidentKind.DELAY_EXPECTED, IncidentKind.LATE, IncidentKind.STALE, IncidentKind.LOST}
)
_BACK = (ParcelStage.RETURNING, ParcelStage.RETURNED)
ENDED_BY_DELIVERY = (*sorted(_UNDELIVERED), IncidentKind.WAITING)


@dataclass(frozen=True)
class Stakes:
    """What is at stake for a customer: the order's value (minor units), how she stands, how long it is late."""

    value: int = 0
    points: int = 0
    late_for: timedelta = timedelta(0)


def severity(kind: IncidentKind, stakes: Stakes, *, high_value: int) -> Severity:
    """How bad it is: worse for a valuable order, a long delay, and for somebody who was let down before."""
    worse = (stakes.value >= high_value > 0) + (stakes.points <= OWED) + (stakes.late_for >= LONG)
    return Severity(min(BASE[kind] + worse, Severity.GRAVE))


def is_recent(at: datetime, now: datetime) -> bool:
    """Whether something happened lately enough to be acted on."""
    return now - at <= LASTS


def still_holds(kind: IncidentKind, parcel: ParcelCard) -> bool:
    """Whether what was announced of a parcel is still so. What the customer sends back is no trouble of hers."""
    if parcel.leg is Leg.CUSTOMER_RETURN:
        return False
    if kind is IncidentKind.SENT_BACK:
        return parcel.stage in _BACK
    if kind is IncidentKind.WAITING:
        return parcel.stage is ParcelStage.AWAITING_COLLECTION
    if kind is IncidentKind.LOST:
        return parcel.delivered_at is None
    if kind in _UNDELIVERED:
        return parcel.stage not in TERMINAL and parcel.leg is Leg.OUTBOUND
    return True
