"""What is to be told of a parcel, as facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from opieka.deliveries import facts
from opieka.deliveries.facts import ParcelFact
from opieka.deliveries.models import Parcel
from opieka.deliveries.policy.folding import Meaning, Standing
from opieka.deliveries.policy.reports import GIVEN_UP
from opieka.kernel.actor import Actor
from opieka.timeline.types import NewTouchpoint

HELD = timedelta(days=1)
"""So long the news of a parcel waits for the order its sender named."""


def held_until(parcel: Parcel) -> datetime | None:
    """Until when nothing is told of a parcel whose order is named, but not known yet."""
    return parcel.created_at + HELD if parcel.order_id is None and parcel.order_key else None


def news(parcel: Parcel, standing: Standing) -> list[Meaning]:
    """What is to be told and was not, oldest first; marked as told."""
    told = set(parcel.announced.split())
    fresh = [meaning for key, meaning in standing.meanings.items() if key not in told]
    if fresh:
        parcel.announced = " ".join([*parcel.announced.split(), *(meaning.key for meaning in fresh)])
    return sorted(fresh, key=lambda meaning: meaning.report.at)


def touchpoints(parcel: Parcel, meanings: list[Meaning], *, by: Actor) -> Iterator[NewTouchpoint]:
    """The news of a stored parcel, dated by its carrier."""
    for meaning in meanings:
        yield touchpoint(parcel, fact(parcel, meaning), by=by, at=meaning.report.at)


def touchpoint(parcel: Parcel, told: ParcelFact, *, by: Actor, at: datetime | None = None) -> NewTouchpoint:
    """Something told of a stored parcel."""
    return NewTouchpoint(told, parcel.shop_id, parcel.customer_id, f"parcel:{parcel.pk}", by, at)


def about(parcel: Parcel) -> dict[str, Any]:
    """What every fact of a parcel says."""
    return {
        "parcel_id": parcel.pk,
        "order_id": parcel.order_id,
        "carrier": parcel.carrier,
        "leg": str(parcel.leg),
    }


def fact(parcel: Parcel, meaning: Meaning) -> ParcelFact:
    """One piece of news."""
    kind, _, number = meaning.key.partition(":")
    return _FACTS[kind](parcel, meaning, number)


def late_days(parcel: Parcel, delivered_at: datetime) -> int:
    """Days begun after the promise when it could be had; 0 when in time or nothing was promised."""
    if parcel.promised_to is None:
        return 0
    there = min(parcel.ready_at or delivered_at, delivered_at)
    return max(math.ceil((there - parcel.promised_to) / timedelta(days=1)), 0)


Made = Callable[[Parcel, Meaning, str], ParcelFact]
_FACTS: Mapping[str, Made] = {
    "announced": lambda parcel, meaning, number: facts.ParcelAnnounced(**about(parcel)),
    "shipped": lambda parcel, meaning, number: facts.ParcelShipped(
        **about(parcel), promised_to=parcel.promised_to
    ),
    "out": lambda parcel, meaning, number: facts.ParcelOutForDelivery(**about(parcel), attempt=int(number)),
    "ready": lambda parcel, meaning, number: facts.ParcelReadyForCollection(
        **about(parcel), collect_by=meaning.report.collect_by
    ),
    "attempt": lambda parcel, meaning, number: facts.ParcelAttemptFailed(
        **about(parcel), reason=meaning.report.reason.value, attempt=int(number)
    ),
    "damaged": lambda parcel, meaning, number: facts.ParcelDamaged(**about(parcel)),
    "held": lambda parcel, meaning, number: facts.ParcelHeld(**about(parcel), reason=number),
    "delivered": lambda parcel, meaning, number: facts.ParcelDelivered(
        **about(parcel),
        handed_to=meaning.report.handed_to.value,
        late_days=late_days(parcel, meaning.report.at),
        first_attempt=parcel.first_attempt,
    ),
    "returning": lambda parcel, meaning, number: facts.ParcelReturning(
        **about(parcel), reason=meaning.report.reason.value
    ),
    "returned": lambda parcel, meaning, number: facts.ParcelReturned(**about(parcel)),
    "lost": lambda parcel, meaning, number: facts.ParcelLost(
        **about(parcel), presumed=meaning.report.raw_code == GIVEN_UP
    ),
    "cancelled": lambda parcel, meaning, number: facts.ParcelCancelled(**about(parcel)),
}
