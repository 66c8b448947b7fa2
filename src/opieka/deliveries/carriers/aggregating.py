"""What the documents of aggregators share: two levels of status, an expected window, a country's code."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from babel.core import get_global

from opieka.deliveries.carriers.base import NO_MEANING, Meaning, Notes, perhaps, text
from opieka.deliveries.types import NoticeKind, TrackingReport

_ALIASES: Mapping[str, list[str]] = get_global("territory_aliases")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$|T00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?$")
KEPT = 1000
"""How many letters of a carrier's sentence are kept."""


def refined(
    notes: Notes,
    broad: Mapping[str, Meaning],
    fine: Mapping[str, Meaning],
    status: tuple[str, str],
    *,
    vague: Collection[str],
) -> Meaning:
    """What a status and its sub-status mean: the finer one where it is known.

    An unknown sub-status is noted and means what its status means, except for the `vague` ones, which hold
    everything that can go wrong: there a new word must not raise an alarm.
    """
    main, sub = (word.strip().casefold() for word in status)
    if found := fine.get(sub):
        return found
    if not sub or sub == main:
        return notes.meaning(broad, status[0], where="status")
    notes.note(NoticeKind.UNKNOWN_CODE, "sub-status", status[1])
    return NO_MEANING if main in vague else broad.get(main, NO_MEANING)


def expecting(
    reports: tuple[TrackingReport, ...], window: tuple[datetime | None, datetime | None]
) -> tuple[TrackingReport, ...]:
    """The reports by time, the newest with the window in which the carrier expects to deliver."""
    ordered = sorted(reports, key=lambda report: (report.at, report.raw_code, report.raw_text))
    if not ordered or window == (None, None):
        return tuple(ordered)
    return (*ordered[:-1], replace(ordered[-1], expected_from=window[0], expected_to=window[1]))


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


def alpha2(code: str) -> str:
    """An ISO 3166-1 code of two or three letters as two, "" for anything else."""
    known = code.strip().upper()
    if len(known) == 3:
        known = _ALIASES.get(known, [""])[0]
    return known if len(known) == 2 and known.isalpha() and known.isascii() else ""


def words_of(data: Any, *keys: str) -> str:
    """The first text under `keys`, as much of it as is kept."""
    return next((found for key in keys if (found := text(data, key))), "")[:KEPT]
