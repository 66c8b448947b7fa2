"""A carrier's working time: nights, days without delivery and holidays do not count. Amounts are in working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

OPENS, CLOSES = 7, 21
HOURS = CLOSES - OPENS
MONDAY_TO_FRIDAY = frozenset(range(5))
_DAY = timedelta(days=1)
_LONGEST = 400
"""Days after which nobody looks further."""


@dataclass(frozen=True)
class Week:
    """When a carrier works: days of the week (0 is Monday), its zone, and the country whose holidays it keeps."""

    days: frozenset[int] = MONDAY_TO_FRIDAY
    zone: str = "UTC"
    country: str = ""


@lru_cache(maxsize=50_000)
def after(start: datetime, amount: float, week: Week) -> datetime:
    """When `amount` working days have passed since `start`, in UTC; the earliest such moment."""
    zone = ZoneInfo(week.zone)
    left = timedelta(hours=amount * HOURS)
    day = start.astimezone(zone).date()
    for _ in range(_LONGEST):
        if works(day, week):
            opens, closes = _hours(day, zone)
            begin = max(opens, start)
            if closes > begin:
                if closes - begin >= left:
                    return begin + left
                left -= closes - begin
        day += _DAY
    return start + timedelta(days=_LONGEST)


def between(start: datetime, end: datetime, week: Week) -> float:
    """How many working days lie between two moments; never below zero."""
    zone = ZoneInfo(week.zone)
    total = timedelta(0)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    for _ in range(min((last - day).days + 1, _LONGEST)):
        if works(day, week):
            opens, closes = _hours(day, zone)
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        day += _DAY
    return total / timedelta(hours=HOURS)


def before(end: datetime, amount: float, week: Week) -> datetime:
    """When something must begin that takes `amount` working days and is to be done by `end`, in UTC."""
    zone = ZoneInfo(week.zone)
    left = timedelta(hours=amount * HOURS)
    day = end.astimezone(zone).date()
    for _ in range(_LONGEST):
        if works(day, week):
            opens, closes = _hours(day, zone)
            stop = min(closes, end)
            if stop > opens:
                if stop - opens >= left:
                    return stop - left
                left -= stop - opens
        day -= _DAY
    return end - timedelta(days=_LONGEST)


def works(day: date, week: Week) -> bool:
    """Whether parcels move on a day."""
    return day.weekday() in week.days and day not in _holidays(week.country, day.year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country; none when it is not known."""
    from holidays import country_holidays, list_supported_countries

    known = country in list_supported_countries()
    return frozenset(country_holidays(country, years=year)) if known else frozenset()


@lru_cache(maxsize=5_000)
def _hours(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time.min)
    opens, closes = (begin.replace(hour=hour, tzinfo=zone).astimezone(UTC) for hour in (OPENS, CLOSES))
    return opens, closes
