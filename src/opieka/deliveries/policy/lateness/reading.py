"""Parcels as they are stored, to columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from opieka.deliveries.policy.lateness.records import Floats, Keys, Parcels, keys

EPOCH = date(1970, 1, 1)
A_MOMENT = timedelta(seconds=1)
DAY = 86_400


class Sent(NamedTuple):
    """One parcel. `approved_at` is when its order was paid, `arrived_at` when it could first be had."""

    approved_at: datetime
    handed_over_at: datetime | None
    arrived_at: datetime | None
    promised_to: datetime | None
    sender: str
    carrier: str
    origin_country: str
    origin_postcode: str
    destination_country: str
    destination_postcode: str


def columns(sent: Sequence[Sent], zone: ZoneInfo) -> Parcels:
    """Moments on the shop's wall clock. A promise until midnight is one for the day before it."""
    approved = [
        min(each.approved_at, each.handed_over_at) if each.handed_over_at else each.approved_at
        for each in sent
    ]
    placed = _days(approved, zone)
    origin = [(each.origin_country, each.origin_postcode) for each in sent]
    goal = [(each.destination_country, each.destination_postcode) for each in sent]
    return Parcels(
        placed=placed,
        approved=placed,
        handed=_days([each.handed_over_at for each in sent], zone),
        delivered=_days([each.arrived_at for each in sent], zone),
        promised=np.floor(
            _days([each.promised_to - A_MOMENT if each.promised_to else None for each in sent], zone)
        ),
        sender=keys(each.sender for each in sent),
        carrier=keys(each.carrier for each in sent),
        from_region=_places(origin, 1),
        from_district=_places(origin, 2),
        to_region=_places(goal, 1),
        to_district=_places(goal, 2),
        to_area=_places(goal, 3),
        to_zone=_places(goal, 5),
        distance=np.full(len(sent), np.nan),
        weight=np.full(len(sent), np.nan),
    )


def day_of(moment: datetime, zone: ZoneInfo) -> float:
    """Days since 1970 on the wall clock of a zone."""
    return moment.astimezone(zone).replace(tzinfo=UTC).timestamp() / DAY


def begin_of(day: float, zone: ZoneInfo) -> datetime:
    """The first minute of a day."""
    return datetime.combine(EPOCH + timedelta(days=int(day)), time(), zone).astimezone(UTC)


def end_of(day: float, zone: ZoneInfo) -> datetime:
    """The last minute of a day."""
    return datetime.combine(EPOCH + timedelta(days=int(day)), time(23, 59), zone).astimezone(UTC)


def _days(moments: Sequence[datetime | None], zone: ZoneInfo) -> Floats:
    return np.array([np.nan if at is None else day_of(at, zone) for at in moments], np.float64)


def _places(places: Sequence[tuple[str, str]], digits: int) -> Keys:
    """Country and the first digits of the postcode; of a country alone where the postcode is unknown."""
    return keys(
        country + "".join(sign for sign in postcode if sign.isalnum())[:digits]
        for country, postcode in places
    )
