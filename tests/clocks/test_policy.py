"""Opening time, legal days, pauses and steps."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opieka.clocks import policy
from opieka.clocks.policy import Dial, due, elapsed, end_of_days, started, stepped
from opieka.clocks.types import AllTime, Days, OpenTime, Status, Step, Until
from opieka.shops.types import Calendar, WeekHours

README = Path(policy.__file__).parent / "README.md"
WARSAW, ATHENS = ZoneInfo("Europe/Warsaw"), ZoneInfo("Europe/Athens")
OFFICE: WeekHours = (*(((9 * 60, 17 * 60),),) * 5, (), ())
PL = Calendar(OFFICE, "Europe/Warsaw", "PL")
NIGHTS = Calendar((((22 * 60, 6 * 60),),) * 7, "Europe/Warsaw", "")
HOUR = timedelta(hours=1)


def at(text: str, zone: ZoneInfo = WARSAW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


minutes = st.integers(0, 24 * 60)
days = st.lists(st.tuples(minutes, minutes), max_size=3).map(tuple)
dates = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5)
calendars = st.builds(
    Calendar,
    hours=st.tuples(*[days] * 7).filter(lambda week: any(a != b for day in week for a, b in day)),
    timezone=st.sampled_from(
        ["Europe/Warsaw", "Europe/Athens", "UTC", "Australia/Lord_Howe", "Asia/Kolkata"]
    ),
    country=st.sampled_from(["PL", "GR", "", "XX"]),
    closed_days=dates,
    open_days=dates,
)
moments = st.datetimes(datetime(2026, 2, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone
spans = st.timedeltas(timedelta(0), timedelta(days=12))


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-23 10:00", 2, "2026-11-23 12:00"),
        ("2026-11-23 16:00", 2, "2026-11-24 10:00"),
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),  # a full day ends at closing time
        ("2026-11-23 03:00", 1, "2026-11-23 10:00"),
        ("2026-11-27 16:30", 1, "2026-11-30 09:30"),  # over a weekend
        ("2026-11-10 16:00", 2, "2026-11-12 10:00"),  # over the National Independence Day
        ("2026-12-23 16:00", 2, "2026-12-28 10:00"),  # over Christmas and a weekend
        ("2026-11-23 20:00", 0, "2026-11-23 20:00"),
    ],
)
def test_opening_time(start: str, hours: int, expected: str) -> None:
    assert due(at(start), hours * HOUR, PL) == at(expected)


def test_closed_and_extra_open_days() -> None:
    closed = Calendar(OFFICE, "Europe/Warsaw", "PL", closed_days=frozenset({date(2026, 11, 24)}))
    assert due(at("2026-11-23 16:00"), 2 * HOUR, closed) == at("2026-11-25 10:00")
    sunday = Calendar(OFFICE, "Europe/Warsaw", "PL", open_days=frozenset({date(2026, 11, 29)}))
    assert due(at("2026-11-27 17:00"), HOUR, sunday) == at("2026-11-29 10:00")
    holiday = Calendar(OFFICE, "Europe/Warsaw", "PL", open_days=frozenset({date(2026, 11, 11)}))
    assert due(at("2026-11-10 17:00"), HOUR, holiday) == at("2026-11-11 10:00")


def test_holidays_are_those_of_the_country() -> None:
    greek = Calendar(OFFICE, "Europe/Athens", "GR")
    assert due(at("2026-10-27 17:00", ATHENS), HOUR, greek) == at("2026-10-29 10:00", ATHENS)
    assert due(at("2026-10-27 17:00"), HOUR, PL) == at("2026-10-28 10:00")


def test_a_night_shift_is_shorter_in_spring_and_longer_in_autumn() -> None:
    assert elapsed(at("2026-03-28 12:00"), at("2026-03-29 12:00"), NIGHTS) == 7 * HOUR
    assert elapsed(at("2026-10-24 12:00"), at("2026-10-25 12:00"), NIGHTS) == 9 * HOUR
    assert elapsed(at("2026-11-24 12:00"), at("2026-11-25 12:00"), NIGHTS) == 8 * HOUR


def test_office_hours_are_the_same_on_both_sides_of_a_clock_change() -> None:
    assert due(at("2026-03-27 16:00"), 2 * HOUR, PL) == at("2026-03-30 10:00")
    assert due(at("2026-10-23 16:00"), 2 * HOUR, PL) == at("2026-10-26 10:00")


def test_overlapping_hours_count_once() -> None:
    twice = Calendar((((540, 720), (600, 780), (1320, 360)),) * 7, "UTC", "")
    assert (
        elapsed(datetime(2026, 5, 4, 8, tzinfo=UTC), datetime(2026, 5, 4, 20, tzinfo=UTC), twice) == 4 * HOUR
    )


def test_a_shop_without_hours_is_always_open() -> None:
    for hours in ((), ((),) * 7):
        always = Calendar(hours, "Europe/Warsaw", "PL")
        assert due(at("2026-12-24 20:00"), 30 * HOUR, always) == at("2026-12-26 02:00")


@given(moments, spans, calendars)
def test_elapsed_undoes_due(start: datetime, span: timedelta, calendar: Calendar) -> None:
    assert elapsed(start, due(start, span, calendar), calendar) == span


@given(moments, spans, calendars)
def test_due_undoes_elapsed_as_far_as_the_shop_was_open(
    start: datetime, span: timedelta, calendar: Calendar
) -> None:
    end = start + span
    back = due(start, elapsed(start, end, calendar), calendar)
    assert back <= end
    assert elapsed(back, end, calendar) == timedelta(0)


@given(moments, spans, spans, calendars)
def test_more_time_is_never_due_earlier(
    start: datetime, a: timedelta, b: timedelta, calendar: Calendar
) -> None:
    assert due(start, min(a, b), calendar) <= due(start, max(a, b), calendar)
    assert due(start, a, calendar) <= due(start + b, a, calendar)


@given(moments, spans, spans, calendars)
def test_time_adds_up(start: datetime, a: timedelta, b: timedelta, calendar: Calendar) -> None:
    middle = start + a
    end = middle + b
    assert elapsed(start, middle, calendar) + elapsed(middle, end, calendar) == elapsed(start, end, calendar)
    assert timedelta(0) <= elapsed(start, end, calendar) <= end - start


@given(moments, st.lists(st.tuples(spans, spans), max_size=4), calendars | st.none())
def test_pauses_add_up(
    start: datetime, pauses: list[tuple[timedelta, timedelta]], calendar: Calendar | None
) -> None:
    """Whatever pauses there were, the opening time outside of them is what was granted."""
    granted = timedelta(hours=20)
    dial = started(OpenTime(granted) if calendar else AllTime(granted), start, calendar)
    now, spent, paused = start, timedelta(0), timedelta(0)
    for run, pause in pauses:
        assume(now + run < dial.due_at)
        spent += elapsed(now, now + run, calendar)
        now += run
        stopped = stepped(dial, Step.PAUSE, now)
        assert stopped is not None
        assert stopped.next_at is None
        now, paused = now + pause, paused + pause
        going = stepped(stopped, Step.RESUME, now, calendar)
        assert going is not None
        dial = going
    assert spent + elapsed(now, dial.due_at, calendar) == granted
    assert dial.paused_total == paused


@pytest.mark.parametrize(
    ("start", "term", "last_day"),
    [
        ("2026-11-02 15:00", Days(14), "2026-11-16"),
        ("2026-11-02 00:00", Days(14), "2026-11-16"),
        ("2026-11-02 23:59", Days(14), "2026-11-16"),
        ("2026-10-31 12:00", Days(14), "2026-11-14"),  # a Saturday stays unless the law moves it
        ("2026-10-31 12:00", Days(14, to_working_day=True), "2026-11-16"),
        ("2026-10-28 12:00", Days(14, to_working_day=True), "2026-11-12"),  # the 11th is a holiday
        (
            "2026-12-10 12:00",
            Days(14, to_working_day=True),
            "2026-12-28",
        ),  # Christmas Eve, Christmas, weekend
        ("2026-11-27 12:00", Days(2, to_working_day=True), "2026-12-01"),  # two working days within
        ("2026-11-27 12:00", Days(1, to_working_day=True), "2026-11-30"),
        ("2026-10-14 12:00", Days(14, to_working_day=True, country="GR"), "2026-10-29"),
    ],
)
def test_days_end_at_local_midnight(start: str, term: Days, last_day: str) -> None:
    end = end_of_days(at(start), term, PL)
    assert end == at(last_day) + timedelta(days=1)
    assert end.astimezone(WARSAW).strftime("%H:%M") == "00:00"


def test_days_end_at_the_customers_midnight_where_hers_count() -> None:
    end = end_of_days(at("2026-11-02 23:30"), Days(14, timezone="Europe/Athens"), PL)
    assert end == at("2026-11-18 00:00", ATHENS)  # in Athens it was already the 3rd


def test_days_over_a_clock_change_are_days() -> None:
    assert end_of_days(at("2026-10-20 12:00"), Days(14), PL) == at("2026-11-04 00:00")


def test_a_clock_warns_at_three_quarters() -> None:
    start = at("2026-11-23 16:00")
    dial = started(OpenTime(4 * HOUR), start, PL)
    assert (dial.due_at, dial.warn_at) == (at("2026-11-24 12:00"), at("2026-11-24 11:00"))
    assert dial.next_at == dial.warn_at
    assert started(AllTime(4 * HOUR), start, None).warn_at == start + 3 * HOUR
    assert started(Until(start + 4 * HOUR), start, None).warn_at == start + 3 * HOUR
    assert started(Until(start - HOUR), start, None).next_at == start - HOUR
    assert started(Days(4), start, PL).due_at == at("2026-11-28 00:00")


@pytest.mark.parametrize(("status", "step"), list(product(Status, Step)))
def test_a_step_is_taken_as_the_table_says_or_not_at_all(status: Status, step: Step) -> None:
    now = at("2026-11-23 12:00")
    paused_at = now - HOUR if status is Status.PAUSED else None
    after = stepped(Dial(status, now + HOUR, None, paused_at), step, now)
    expected = policy.STEPS.get((status, step))
    assert (after and after.status) == expected
    assert after is None or (after.paused_at is None) == (expected is not Status.PAUSED)
    assert after is None or (after.next_at is None) == (expected is not Status.RUNNING)


def test_terms_of_opening_time_and_days_need_a_calendar() -> None:
    for term in (OpenTime(HOUR), Days(1)):
        with pytest.raises(ValueError, match="calendar"):
            started(term, at("2026-11-23 12:00"), None)


def test_the_diagram_in_the_readme_is_the_table() -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", README.read_text(), re.DOTALL)
    assert drawn
    assert drawn[1] == policy.diagram()
