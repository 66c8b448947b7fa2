"""When a notice is still worth sending: facts come late, and parcels go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from opieka.care.types import ParcelNews
from opieka.deliveries.types import Leg, ParcelStage


@dataclass(frozen=True)
class Worth:
    """While its parcel is at one of these stages, and for so long after it happened."""

    stages: frozenset[ParcelStage]
    lasts: timedelta


WORTH: Mapping[ParcelNews, Worth] = {
    ParcelNews.ACCEPTED: Worth(
        frozenset({ParcelStage.ACCEPTED, ParcelStage.IN_TRANSIT}), timedelta(hours=24)
    ),
    ParcelNews.OUT_FOR_DELIVERY: Worth(frozenset({ParcelStage.OUT_FOR_DELIVERY}), timedelta(hours=6)),
    ParcelNews.READY: Worth(frozenset({ParcelStage.AWAITING_COLLECTION}), timedelta(hours=48)),
    ParcelNews.ATTEMPTED: Worth(frozenset({ParcelStage.ATTEMPT_FAILED}), timedelta(hours=24)),
    ParcelNews.DELIVERED: Worth(frozenset({ParcelStage.DELIVERED}), timedelta(hours=48)),
}


def not_after(kind: ParcelNews, *, happened_at: datetime, zone: tzinfo) -> datetime:
    """Until when it may leave; what is told of today leaves today."""
    until = happened_at + WORTH[kind].lasts
    if kind is not ParcelNews.OUT_FOR_DELIVERY:
        return until
    return min(until, datetime.combine(happened_at.astimezone(zone).date(), time.max, zone))


def is_worth(kind: ParcelNews, *, stage: ParcelStage, leg: Leg, happened_at: datetime, now: datetime) -> bool:
    """Whether the customer still learns something true and new by it."""
    worth = WORTH[kind]
    return leg is Leg.OUTBOUND and stage in worth.stages and now - happened_at <= worth.lasts
