"""Clocks in the database: once each, whoever sweeps, whatever happens at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from opieka.clocks import commands, jobs, queries
from opieka.clocks.facts import ClockBreached, ClockDueSoon
from opieka.clocks.models import Clock
from opieka.clocks.types import AllTime, Basis, Days, NewClock, OpenTime, Status, Term, Until
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops
from opieka.shops.models import Shop
from opieka.timeline.models import Touchpoint
from tests.factories import make_shop

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
FIRST = {"kind": "first_response", "subject": "conversation:1"}


def new(term: Term, basis: Basis = Basis.TARGET, subject: str = "conversation:1", **more: Any) -> NewClock:
    return NewClock("first_response", subject, basis, term, **more)


def told() -> list[tuple[str, str]]:
    return list(Touchpoint.objects.order_by("id").values_list("kind", "subject"))


def one() -> Clock:
    return Clock.objects.get()


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads that start at the same moment, each on its own connection."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[number] = call()
        except Exception as error:  # noqa: BLE001  # handed to the test, which looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_clock_is_warned_about_then_breached_then_satisfied_late(noon: datetime) -> None:
    shop = make_shop()
    clock_id = commands.start(shop.id, new=new(AllTime(4 * HOUR), customer_id=7), by=SYSTEM)
    assert commands.sweep() == 0
    clock.advance(3 * HOUR)
    assert commands.sweep() == 1
    assert commands.sweep() == 0
    clock.advance(HOUR)
    assert commands.sweep() == 1
    assert commands.sweep() == 0
    assert told() == [("ClockDueSoon", "conversation:1"), ("ClockBreached", "conversation:1")]
    breach = Touchpoint.objects.get(kind="ClockBreached")
    assert (breach.shop_id, breach.customer_id, breach.at) == (shop.id, 7, noon + 4 * HOUR)
    assert breach.data["clock_id"] == clock_id
    clock.advance(HOUR)
    assert commands.satisfy(shop.id, **FIRST, by=SYSTEM)
    row = one()
    assert (row.status, row.breached_at, row.satisfied_at) == (Status.LATE, noon + 4 * HOUR, noon + 5 * HOUR)
    assert not commands.satisfy(shop.id, **FIRST, by=SYSTEM)


def test_a_satisfied_clock_is_never_announced(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    assert commands.satisfy(shop.id, **FIRST, by=SYSTEM)
    clock.advance(9 * HOUR)
    assert commands.sweep() == 0
    assert one().status == Status.SATISFIED
    assert told() == []


def test_what_is_done_too_late_is_a_breach_although_nobody_swept(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    clock.advance(HOUR)
    assert commands.satisfy(shop.id, **FIRST, by=SYSTEM)
    assert one().status == Status.LATE
    assert told() == [("ClockBreached", "conversation:1")]


def test_a_clock_started_in_the_past_is_breached_without_a_warning(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR), at=noon - 5 * HOUR), by=SYSTEM)
    assert commands.sweep() == 1
    assert [kind for kind, _ in told()] == ["ClockBreached"]


def test_starting_again_changes_nothing_until_the_clock_is_over(noon: datetime) -> None:
    shop = make_shop()
    first = commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    assert commands.start(shop.id, new=new(AllTime(9 * HOUR)), by=SYSTEM) == first
    assert one().due_at == noon + HOUR
    commands.satisfy(shop.id, **FIRST, by=SYSTEM)
    assert commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM) != first
    assert [card.status for card in queries.history(shop.id, "conversation:1")] == ["satisfied", "running"]


def test_opening_time_stands_still_while_paused(noon: datetime) -> None:
    """Monday 13:00 in Warsaw, four hours: due at closing time; a pause of an hour moves it to Tuesday."""
    shop = make_shop()
    commands.start(shop.id, new=new(OpenTime(4 * HOUR)), by=SYSTEM)
    assert one().due_at == noon + 4 * HOUR
    clock.advance(HOUR)
    assert commands.pause(shop.id, **FIRST, by=SYSTEM)
    assert not commands.pause(shop.id, **FIRST, by=SYSTEM)
    clock.advance(HOUR)
    assert commands.sweep() == 0
    assert commands.resume(shop.id, **FIRST, by=SYSTEM)
    assert not commands.resume(shop.id, **FIRST, by=SYSTEM)
    row = one()
    assert row.due_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert row.warn_at == noon + 4 * HOUR
    assert row.paused_total == HOUR


def test_a_paused_clock_never_breaches(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    commands.pause(shop.id, **FIRST, by=SYSTEM)
    clock.advance(99 * HOUR)
    assert commands.sweep() == 0
    assert commands.satisfy(shop.id, **FIRST, by=SYSTEM)
    assert one().status == Status.SATISFIED


@pytest.mark.parametrize(
    "told_off",
    [
        new(Days(14), Basis.LEGAL),
        new(AllTime(HOUR), Basis.LEGAL),
        new(Until(datetime(2026, 12, 1, tzinfo=UTC))),
    ],
)
def test_the_law_and_a_date_do_not_wait(noon: datetime, told_off: NewClock) -> None:
    shop = make_shop()
    commands.start(shop.id, new=told_off, by=SYSTEM)
    with pytest.raises(commands.RunsOn) as refused:
        commands.pause(shop.id, **FIRST, by=SYSTEM)
    assert refused.value.code == "clock_runs_on"
    assert one().status == Status.RUNNING


def test_a_cancelled_clock_is_over(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    assert commands.cancel(shop.id, **FIRST, by=SYSTEM)
    assert not commands.cancel(shop.id, **FIRST, by=SYSTEM)
    assert (one().status, one().cancelled_at) == (Status.CANCELLED, noon)
    clock.advance(2 * HOUR)
    assert commands.sweep() == 0


def test_nothing_happens_to_a_clock_of_another_shop(noon: datetime) -> None:
    shop, other = make_shop(), make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    for act in (commands.pause, commands.resume, commands.satisfy, commands.cancel):
        assert not act(other.id, **FIRST, by=SYSTEM)
    assert queries.open_clocks([other.id], ["conversation:1"]) == {}


def test_the_shops_own_calendar_counts(noon: datetime) -> None:
    shop = make_shop(country="GR", timezone="Europe/Athens", hours=[[(600, 660)]] * 7)
    Shop.objects.filter(id=shop.id).update(closed_days=[date(2026, 11, 24)])
    assert shops.calendar(shop.id).closed_days == {date(2026, 11, 24)}
    commands.start(shop.id, new=new(OpenTime(HOUR)), by=SYSTEM)
    assert one().due_at == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_what_is_open_comes_with_the_most_urgent_first(noon: datetime) -> None:
    shop = make_shop()
    for hours, subject in ((3, "conversation:1"), (1, "conversation:2"), (9, "conversation:3")):
        commands.start(shop.id, new=new(AllTime(hours * HOUR), subject=subject), by=SYSTEM)
    clock.advance(HOUR)
    commands.sweep()
    commands.pause(shop.id, **FIRST, by=SYSTEM)
    found = queries.open_clocks([shop.id], ["conversation:1", "conversation:2", "conversation:9"])
    assert {subject: [card.status for card in cards] for subject, cards in found.items()} == {
        "conversation:2": [Status.BREACHED],
        "conversation:1": [Status.PAUSED],
    }
    urgent = queries.due_before(shop.id, noon + 10 * HOUR)
    assert [card.subject for card in urgent] == ["conversation:2", "conversation:3"]


def test_many_sweepers_announce_each_clock_once(noon: datetime) -> None:
    shop = make_shop()
    for number in range(60):
        commands.start(shop.id, new=new(AllTime(HOUR), subject=f"conversation:{number}"), by=SYSTEM)
    clock.advance(2 * HOUR)

    def sweep() -> int:
        done = 0
        while found := commands.sweep(7):
            done += found
        return done

    counts = together(*[sweep] * 4)
    assert sum(counts) + sweep() == 60
    assert sorted(told()) == sorted(("ClockBreached", f"conversation:{number}") for number in range(60))


def test_two_starts_at_once_make_one_clock(noon: datetime) -> None:
    shop = make_shop()
    ids = together(*[lambda: commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)] * 6)
    assert set(ids) == {one().pk}


def test_satisfying_while_sweeping_breaches_once(noon: datetime) -> None:
    shop = make_shop()
    for number in range(20):
        commands.start(shop.id, new=new(AllTime(HOUR), subject=f"conversation:{number}"), by=SYSTEM)
    clock.advance(HOUR)

    def satisfy() -> list[bool]:
        named = [{"kind": "first_response", "subject": f"conversation:{number}"} for number in range(20)]
        return [commands.satisfy(shop.id, **one, by=SYSTEM) for one in named]

    satisfied, swept = together(satisfy, lambda: [commands.sweep(3) for _ in range(10)])
    assert all(satisfied)
    assert isinstance(swept, list)
    assert set(Clock.objects.values_list("status", flat=True)) == {Status.LATE}
    assert len(told()) == 20


def test_a_sweeper_leaves_a_held_clock_alone(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    clock.advance(HOUR)
    with transaction.atomic():
        Clock.objects.select_for_update().get()
        assert together(commands.sweep) == [0]
    assert commands.sweep() == 1


def test_a_sweep_that_fails_announces_nothing(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    clock.advance(HOUR)

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(commands, "record_many", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            commands.sweep()
    assert one().status == Status.RUNNING
    assert commands.sweep() == 1


@pytest.mark.parametrize("clocks", [1, 40])
def test_queries_do_not_grow_with_the_clocks(
    noon: datetime, clocks: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    shop = make_shop()
    for number in range(clocks):
        term = AllTime(HOUR if number % 2 else 4 * HOUR)
        commands.start(shop.id, new=new(term, subject=f"conversation:{number}"), by=SYSTEM)
    clock.advance(3 * HOUR)
    with django_assert_num_queries(
        7 if clocks == 1 else 8
    ):  # begin, read, update each kind, number, copy, notify, commit
        commands.sweep()
    with django_assert_num_queries(1):
        queries.open_clocks([shop.id], [f"conversation:{number}" for number in range(clocks)])
    with django_assert_num_queries(4):  # begin, insert, read back, commit
        commands.start(shop.id, new=new(AllTime(HOUR), subject="conversation:new"), by=SYSTEM)
    with django_assert_num_queries(4):  # begin, lock, store, commit
        commands.satisfy(shop.id, kind="first_response", subject="conversation:new", by=SYSTEM)
    with django_assert_num_queries(5):  # and the calendar
        commands.start(shop.id, new=new(OpenTime(HOUR), subject="conversation:new"), by=SYSTEM)


def test_the_sweeper_reads_only_what_is_due(noon: datetime) -> None:
    shop = make_shop()
    Clock.objects.bulk_create(
        Clock(
            shop_id=shop.id, kind="k", subject=f"thing:{number}", basis=Basis.TARGET, counts="all",
            starts_at=noon, due_at=noon + number * HOUR, next_at=noon + number * HOUR,
        )
        for number in range(5_000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("analyze clocks_clock")
    due = Clock.objects.filter(next_at__lte=noon + 3 * HOUR).order_by("next_at", "id")[:500]
    assert "Index Scan using clock_next" in due.explain()


def test_the_job_sweeps_until_nothing_is_left(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    for number in range(5):
        commands.start(shop.id, new=new(AllTime(HOUR), subject=f"conversation:{number}"), by=SYSTEM)
    clock.advance(HOUR)
    monkeypatch.setattr(commands, "BATCH", 2)
    jobs.sweep(0)
    assert len(told()) == 5


def test_the_database_refuses_a_second_open_clock_and_half_states(noon: datetime) -> None:
    shop = make_shop()
    commands.start(shop.id, new=new(AllTime(HOUR)), by=SYSTEM)
    row = one()
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save()
    for wrong in ({"next_at": None}, {"paused_at": noon}, {"status": Status.PAUSED}):
        with pytest.raises(IntegrityError):
            Clock.objects.update(**wrong)


def test_facts_come_back_as_they_were(noon: datetime) -> None:
    from opieka.kernel import facts

    for kind in (ClockDueSoon, ClockBreached):
        fact = kind(clock_id=1, clock_kind="first_response", basis=Basis.LEGAL, due_at=noon)
        assert facts.load(fact.kind, facts.dump(fact)) == fact
