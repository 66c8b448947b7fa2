"""When a carrier expects to deliver: a moment, a window, or a date that stands for its whole day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from opieka.deliveries.carriers.base import perhaps

_DATE = re.compile(r"^\d{4}-\d\d-\d\d$|T00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?$")


def span(earliest: str, latest: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """An expected window; a bare date stands for its whole day, and midnight is how many write a date.

    What is no moment is left out: an estimate is no reason to refuse a report.
    """
    start, end = _day(earliest or latest, zone), _day(latest or earliest, zone)
    if end is not None and _DATE.search(latest or earliest):
        end += timedelta(days=1, seconds=-1)
    return start, end


def _day(found: str, zone: tzinfo) -> datetime | None:
    """A moment, or a date's midnight in `zone`, which midnight UTC stands for too: no hour was meant."""
    return perhaps(re.sub(r"T00:00:00(\.0+)?(Z|\+00:00)$", "", found), zone)
