"""A clock that runs as fast as carriers work: hardly at all on Sundays and holidays.

The pace of each kind of day (seven weekdays, holidays) is learned from the days on which things happened.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from opieka.deliveries.policy.lateness.records import Floats, Keys

HOLIDAY = 7
BEFORE, BEYOND = 30, 400  # days kept before the first and after the last day learned from
DOUBT = 4.0  # as many average days are mixed into each kind
SLOWEST = 0.02


@dataclass(frozen=True)
class Workdays:
    """`passed[i]` is the work done up to the beginning of day `first + i`; an average working week is 5."""

    first: int
    passed: Floats

    def at(self, moment: Floats) -> Floats:
        """Work done up to a moment; outside the days known, as at their ends."""
        return np.interp(moment, self.first + np.arange(len(self.passed)), self.passed)

    def when(self, work: Floats) -> Floats:
        """The moment at which so much work is done."""
        return np.interp(work, self.passed, self.first + np.arange(len(self.passed)))


def weekday(day: Floats) -> Keys:
    """Monday is 0."""
    return (np.floor(np.nan_to_num(day)).astype(np.int64) + 3) % 7


def learn(happened: Floats, *, holidays: Collection[int]) -> Workdays:
    """The clock of a kind of event: `happened` its moments, `holidays` days since 1970."""
    days = np.floor(happened[np.isfinite(happened)]).astype(np.int64)
    low, high = int(days.min()), int(days.max())
    seen = np.arange(low, high + 1)
    counted = np.bincount(_kind(seen, holidays), np.bincount(days - low, minlength=len(seen)), HOLIDAY + 1)
    there = np.bincount(_kind(seen, holidays), minlength=HOLIDAY + 1)
    average = len(days) / len(seen)
    pace = (counted + DOUBT * average) / (there + DOUBT)
    pace = np.maximum(pace / pace[:7].sum() * 5, SLOWEST)
    first = low - BEFORE
    all_days = np.arange(first, high + BEYOND)
    return Workdays(first, np.concatenate([[0.0], np.cumsum(pace[_kind(all_days, holidays)])]))


def _kind(days: Keys, holidays: Collection[int]) -> Keys:
    free = np.isin(days, np.fromiter(holidays, np.int64, len(holidays)))
    return np.where(free, HOLIDAY, (days + 3) % 7)
