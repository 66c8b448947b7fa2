"""What is usual, learned from what was: silences, transits, and the days on which a carrier works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from opieka.deliveries.policy.silence import ENOUGH, Lane
from opieka.deliveries.policy.working import MONDAY_TO_FRIDAY, Week, between

LONG_SILENCE, LONG_TRANSIT = 0.98, 0.80
"""The quantiles that count as usual at most."""


class Gap(NamedTuple):
    """Something that began and ended on a lane."""

    lane: Lane
    start: datetime
    end: datetime


class Learned(NamedTuple):
    """What is usual, from `n` cases."""

    amount: float
    n: int


def usual(gaps: Iterable[Gap], weeks: Mapping[str, Week], *, quantile: float) -> dict[Lane, Learned]:
    """The quantile of each lane's gaps in working days; lanes with too few to tell are left out."""
    lasted: defaultdict[Lane, list[float]] = defaultdict(list)
    for gap in gaps:
        week = weeks.get(gap.lane.carrier) or weeks.get("", Week())
        lasted[gap.lane].append(between(gap.start, gap.end, week))
    return {
        lane: Learned(sorted(found)[min(int(len(found) * quantile), len(found) - 1)], len(found))
        for lane, found in lasted.items()
        if len(found) >= ENOUGH
    }


def shares(moved: Mapping[int, int], days: Iterable[int]) -> dict[int, Learned]:
    """What is moved on some days of the week (0 is Monday) as a share of a usual day from Monday to Friday."""
    usual_day = sum(moved.get(day, 0) for day in MONDAY_TO_FRIDAY) / len(MONDAY_TO_FRIDAY)
    total = sum(moved.values())
    if not usual_day or total < ENOUGH:
        return {}
    return {day: Learned(moved.get(day, 0) / usual_day, total) for day in days}
