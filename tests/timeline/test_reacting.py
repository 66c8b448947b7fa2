"""Reactions: after commit, in order, their effects exactly once, whatever fails or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection, transaction

from opieka.kernel.actor import SYSTEM
from opieka.timeline import queries, reacting
from opieka.timeline.commands import record, record_many
from opieka.timeline.models import Cursor, Failure
from opieka.timeline.types import Entry, NewTouchpoint
from tests.timeline.facts import Happened, HappenedToo

pytestmark = pytest.mark.django_db(transaction=True)

EFFECTS = "create table if not exists test_effects (reaction text, number bigint, at bigserial)"


def sql(statement: str, *arguments: int) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []


def happen(*numbers: int, customer: int = 7) -> None:
    with transaction.atomic():
        record_many(
            NewTouchpoint(Happened(number=number), 1, customer, f"thing:{number}", SYSTEM)
            for number in numbers
        )


def note_down(entry: Entry) -> None:
    assert isinstance(entry.fact, Happened)
    sql("insert into test_effects (reaction, number) values ('note_down', %s)", entry.fact.number)


def refuse_odd(entry: Entry) -> None:
    assert isinstance(entry.fact, Happened)
    sql("insert into test_effects (reaction, number) values ('refuse_odd', %s)", entry.fact.number)
    if entry.fact.number % 2:
        raise ValueError(f"{entry.fact.number} is odd")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, reacting.Reaction]]:
    """No reactions but those a test registers."""
    registered: dict[str, reacting.Reaction] = {}
    monkeypatch.setattr(reacting, "_reactions", registered)
    sql(EFFECTS)
    yield registered
    sql("drop table test_effects")


def effects() -> list[int]:
    return [row[0] for row in sql("select number from test_effects order by at")]


def test_each_touchpoint_is_handled_once_and_in_order(only: dict[str, reacting.Reaction]) -> None:
    reacting.react_to(Happened)(note_down)
    happen(0)  # before the reaction began
    reacting.begin()
    happen(*range(1, 8))
    assert reacting.run_all(batch=3) == 7
    assert reacting.run_all() == 0
    happen(8)
    reacting.begin()
    reacting.run_all()
    assert effects() == list(range(1, 9))


def test_a_failing_touchpoint_is_set_aside_and_the_rest_go_on(only: dict[str, reacting.Reaction]) -> None:
    reacting.react_to(Happened)(refuse_odd)
    reacting.begin()
    happen(0, 1, 2, 3, 4)
    reacting.run_all()
    assert effects() == [0, 2, 4]
    failures = list(queries.failures([1]))
    assert [failure.error for failure in failures] == ["ValueError: 3 is odd", "ValueError: 1 is odd"]
    assert list(queries.failures([2])) == []
    jobs = sql(
        "select count(*) from procrastinate_jobs where task_name = 'timeline.retry' and status = 'todo'"
    )
    assert jobs == [(2,)]
    assert not reacting.try_again(failures[0].pk)
    assert queries.failures([1])[0].attempts == 2


def test_a_mended_reaction_handles_what_was_set_aside_once(only: dict[str, reacting.Reaction]) -> None:
    reacting.react_to(Happened)(refuse_odd)
    reacting.begin()
    happen(1)
    reacting.run_all()
    name = next(iter(only))
    only[name] = reacting.Reaction(name, only[name].kinds, note_down)
    failure = Failure.objects.get()
    assert reacting.try_again(failure.pk)
    assert reacting.try_again(failure.pk)
    assert effects() == [1]
    assert list(queries.failures([1])) == []


def refuse_all_with_odd(entries: Sequence[Entry]) -> None:
    for entry in entries:
        refuse_odd(entry)


def test_a_reaction_to_no_fact_in_particular_hears_of_all(only: dict[str, reacting.Reaction]) -> None:
    kinds: list[str] = []
    reacting.react_to()(lambda entry: kinds.append(entry.fact.kind))
    reacting.begin()
    happen(1)
    with transaction.atomic():
        record(HappenedToo(), shop_id=1, customer_id=7, subject="thing:1", by=SYSTEM)
    reacting.run_all()
    assert kinds == ["Happened", "HappenedToo"]


def test_a_batch_is_handled_at_once(only: dict[str, reacting.Reaction]) -> None:
    sizes: list[int] = []
    reacting.react_in_batches(Happened)(lambda entries: sizes.append(len(entries)))
    reacting.begin()
    happen(*range(7))
    reacting.run_all(batch=3)
    assert sizes == [3, 3, 1]


def test_of_a_failing_batch_only_what_fails_is_set_aside(only: dict[str, reacting.Reaction]) -> None:
    reacting.react_in_batches(Happened)(refuse_all_with_odd)
    reacting.begin()
    happen(0, 1, 2, 3, 4)
    reacting.run_all()
    assert effects() == [0, 2, 4]
    assert [one.error for one in queries.failures([1])] == ["ValueError: 3 is odd", "ValueError: 1 is odd"]
    assert not reacting.try_again(queries.failures([1])[0].pk)


def test_two_workers_share_the_work_and_double_nothing(only: dict[str, reacting.Reaction]) -> None:
    reacting.react_to(Happened)(note_down)
    reacting.begin()
    happen(*range(200))

    def work() -> None:
        for _ in range(60):
            reacting.run_batch(only["tests.timeline.test_reacting.note_down"], batch=5)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reacting.run_all()
    assert effects() == list(range(200))


WORKER = """
import os, sys, django
os.environ["OPIEKA_DATABASE_URL"] = sys.argv[1]
django.setup()
from opieka.timeline import reacting
from tests.timeline.facts import Happened
from tests.timeline.test_reacting import note_down
reacting._reactions.clear()
reacting.react_to(Happened)(note_down)
print("working", flush=True)
while True:
    if reacting.run_all(batch=7) == 0:
        print("idle", flush=True)
        reacting.wait(0.05)
"""


def start_worker() -> subprocess.Popen[str]:
    settings = connection.settings_dict
    host, name = settings["HOST"], settings["NAME"]
    address = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{name}?host={host}"
    if settings["PORT"]:
        address += f"&port={settings['PORT']}"
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, address], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def test_killed_workers_lose_and_double_nothing(only: dict[str, reacting.Reaction]) -> None:
    """Workers are killed in the middle of their batches, again and again, while more is recorded."""
    reacting.react_to(Happened)(note_down)
    reacting.begin()
    total = 0
    for _ in range(3):
        worker = start_worker()
        assert worker.stdout is not None
        happen(*range(total, total + 150))
        total += 150
        assert worker.stdout.readline() == "working\n"
        while len(effects()) < total - 140:
            assert worker.poll() is None
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    last = start_worker()
    assert last.stdout is not None
    assert last.stdout.readline() == "working\n"
    while last.stdout.readline() != "idle\n":
        pass
    last.kill()
    last.wait()
    last.stdout.close()
    assert effects() == list(range(total))


def test_a_touchpoint_recorded_by_a_reaction_reaches_the_next_one(only: dict[str, reacting.Reaction]) -> None:
    def double(entry: Entry) -> None:
        assert isinstance(entry.fact, Happened)
        if entry.fact.number < 100:
            fact = Happened(number=entry.fact.number + 100)
            record(fact, shop_id=1, customer_id=7, subject="thing:1", by=SYSTEM)

    reacting.react_to(Happened)(double)
    reacting.react_to(Happened)(note_down)
    reacting.begin()
    happen(1, 2)
    reacting.run_all()
    assert sorted(effects()) == [1, 2, 101, 102]


def test_cursors_only_move_forward(only: dict[str, reacting.Reaction]) -> None:
    reacting.react_to(Happened)(note_down)
    reacting.begin()
    before = Cursor.objects.get()
    happen(1)
    reacting.run_all()
    after = Cursor.objects.get()
    assert (after.low, after.high) > (before.low, before.high)
