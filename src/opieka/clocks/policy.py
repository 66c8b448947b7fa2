"""When a clock is due, and what may happen to it. All moments are aware; results are in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from opieka.clocks.types import AllTime, Days, OpenTime, Status, Step, Term, Until
from opieka.shops.types import Calendar

WARN_AT = 0.75
"""The share of the time after which a clock is due soon."""

STEPS: Mapping[tuple[Status, Step], Status] = {
    (Status.RUNNING, Step.PAUSE): Status.PAUSED,
    (Status.PAUSED, Step.RESUME): Status.RUNNING,
    (Status.RUNNING, Step.BREACH): Status.BREACHED,
    (Status.RUNNING, Step.SATISFY): Status.SATISFIED,
    (Status.PAUSED, Step.SATISFY): Status.SATISFIED,
    (Status.BREACHED, Step.SATISFY): Status.LATE,
    (Status.RUNNING, Step.CANCEL): Status.CANCELLED,
    (Status.PAUSED, Step.CANCEL): Status.CANCELLED,
    (Status.BREACHED, Step.CANCEL): Status.CANCELLED,
}

_DAY = timedelta(days=1)
_MIDNIGHT = 24 * 60
_SATURDAY = 5


@dataclass(frozen=True)
class Dial:
    """What of a clock the rules look at; `warn_at` is None once the warning was given or missed."""

    status: Status
    due_at: datetime
    warn_at: datetime | None
    paused_at: datetime | None = None
    paused_total: timedelta = timedelta(0)

    @property
    def next_at(self) -> datetime | None:
        """When something must be announced."""
        return (self.warn_at or self.due_at) if self.status is Status.RUNNING else None


def started(term: Term, start: datetime, calendar: Calendar | None) -> Dial:
    """A new clock; `calendar` is the shop's, not needed for AllTime and Until."""
    start = start.astimezone(UTC)
    match term:
        case Days():
            due_at = end_of_days(start, term, _given(calendar))
        case Until():
            due_at = term.moment.astimezone(UTC)
        case OpenTime():
            given = _given(calendar)
            return Dial(Status.RUNNING, due(start, term.time, given), due(start, term.time * WARN_AT, given))
        case AllTime():
            due_at = start + term.time
    return Dial(Status.RUNNING, due_at, min(start + (due_at - start) * WARN_AT, due_at))


def stepped(dial: Dial, step: Step, now: datetime, calendar: Calendar | None = None) -> Dial | None:
    """The clock after a step, None when the step changes nothing; resuming opening time needs the calendar."""
    status = STEPS.get((dial.status, step))
    if status is None:
        return None
    if step is Step.PAUSE:
        return replace(dial, status=status, paused_at=now)
    if dial.paused_at is None:
        return replace(dial, status=status)
    total = dial.paused_total + max(now - dial.paused_at, timedelta(0))
    ended = replace(dial, status=status, paused_at=None, paused_total=total)
    if step is not Step.RESUME:
        return ended
    warn_at = dial.warn_at and shifted(dial.warn_at, dial.paused_at, now, calendar)
    return replace(ended, due_at=shifted(dial.due_at, dial.paused_at, now, calendar), warn_at=warn_at)


def is_late(due_at: datetime, now: datetime) -> bool:
    """Whether the time is over: the due moment itself no longer belongs to it."""
    return now >= due_at


def shifted(moment: datetime, paused_at: datetime, now: datetime, calendar: Calendar | None) -> datetime:
    """A moment after a pause: as far from `now` as it was from the beginning of the pause."""
    return due(now, elapsed(paused_at, moment, calendar), calendar)


def due(start: datetime, duration: timedelta, calendar: Calendar | None) -> datetime:
    """When `duration` of opening time (of all time without a calendar) has passed since `start`.

    The earliest such moment: a duration that fills a day ends at closing time. None or less ends at once.
    """
    start = start.astimezone(UTC)
    if calendar is None or duration <= timedelta(0):
        return start + max(duration, timedelta(0))
    for opens, closes in _opening(calendar, start):
        if closes - opens >= duration:
            return opens + duration
        duration -= closes - opens
    raise AssertionError("the week goes round for ever")


def elapsed(start: datetime, end: datetime, calendar: Calendar | None) -> timedelta:
    """How much opening time (all time without a calendar) lies between two moments; never below zero."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    total = timedelta(0)
    if calendar is None or end <= start:
        return max(end - start, total)
    for opens, closes in _opening(calendar, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def end_of_days(start: datetime, term: Days, calendar: Calendar) -> datetime:
    """The midnight that ends a term of calendar days; the day of `start` is not counted."""
    zone, country = ZoneInfo(term.timezone or calendar.timezone), term.country or calendar.country
    first = start.astimezone(zone).date()
    last = first + _DAY * term.count
    if term.to_working_day:
        while not _works(last, country) or (term.count > 1 and not _two_working_days(first, last, country)):
            last += _DAY
    return _moment(last, _MIDNIGHT, zone)


def diagram() -> str:
    """STEPS as a Mermaid state diagram."""
    lines = [f"    {status} --> {to}: {step}" for (status, step), to in STEPS.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> running", *lines])


@cache
def holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country; none when the country is not known."""
    from holidays import country_holidays, list_supported_countries

    known = country in list_supported_countries()
    return frozenset(country_holidays(country, years=year)) if known else frozenset()


def _opening(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Opening times from `start` on, in order, apart from each other; without any hours, for ever open."""
    if not any(calendar.hours):
        yield start, datetime.max.replace(tzinfo=UTC)
        return
    zone, reached = ZoneInfo(calendar.timezone), start
    day = start.astimezone(zone).date() - _DAY  # yesterday's night shift may still be at work
    while True:
        for first, last in sorted(_hours(calendar, day)):
            end = last + _MIDNIGHT if last < first else last
            opens, closes = max(_moment(day, first, zone), reached), _moment(day, end, zone)
            if closes > opens:
                yield opens, closes
                reached = closes
        day += _DAY


def _hours(calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    """The hours of a day; an extra open day on a weekday without hours has those of the first one with some."""
    usual = calendar.hours[day.weekday()]
    if day in calendar.open_days:
        return usual or next(filter(None, calendar.hours))
    return () if day in calendar.closed_days or day in holidays(calendar.country, day.year) else usual


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """What the wall clock of `zone` shows so many minutes into a day (of a repeated hour the first)."""
    shown = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    return shown.replace(tzinfo=zone).astimezone(UTC)


def _works(day: date, country: str) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays(country, day.year)


def _two_working_days(first: date, last: date, country: str) -> bool:
    days = (first + _DAY * n for n in range(1, (last - first).days + 1))
    return sum(1 for day in days if _works(day, country)) > 1


def _given(calendar: Calendar | None) -> Calendar:
    if calendar is None:
        raise ValueError("this term needs the shop's calendar")
    return calendar
