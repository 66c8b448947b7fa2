"""Nothing is missed and nothing is read twice, in whatever order transactions commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import connection, transaction

from opieka.kernel.actor import SYSTEM
from opieka.kernel.facts import Fact, Stage
from opieka.timeline import reading
from opieka.timeline.commands import record
from opieka.timeline.types import Position
from tests.timeline.facts import Happened

pytestmark = pytest.mark.django_db(transaction=True)


def happen(number: int) -> int:
    return record(Happened(number=number), shop_id=1, customer_id=7, subject="thing:1", by=SYSTEM)


@contextmanager
def open_transaction(number: int) -> Iterator[Callable[[], None]]:
    """Another connection has recorded `number` and not committed; call what is given to commit."""
    recorded, commit = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                happen(number)
                recorded.set()
                assert commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert recorded.wait(10)

    def finish() -> None:
        commit.set()
        thread.join(10)

    try:
        yield finish
    finally:
        finish()


def read_on(place: Position) -> tuple[list[int], Position]:
    """All that can be read from a place."""
    numbers: list[int] = []
    while True:
        found, after = reading.read(place, limit=2)
        numbers += [entry.fact.number for entry in found if isinstance(entry.fact, Happened)]
        if after == place:
            return numbers, place
        place = after


def test_an_early_transaction_that_commits_late_is_not_missed() -> None:
    place = reading.here()
    with open_transaction(1) as commit:
        with transaction.atomic():
            happen(2)
        numbers, place = read_on(place)
        assert numbers == []  # the later one waits, so that order is kept
        commit()
    with transaction.atomic():
        happen(3)
    numbers, place = read_on(place)
    assert numbers == [1, 2, 3]
    assert read_on(place) == ([], place)


def test_two_open_transactions_that_commit_in_reverse() -> None:
    place = reading.here()
    with open_transaction(1) as commit_first, open_transaction(2) as commit_second:
        commit_second()
        seen, place = read_on(place)
        assert seen == []
        commit_first()
    assert read_on(place)[0] == [1, 2]


def test_a_rolled_back_transaction_leaves_no_gap_in_reading() -> None:
    place = reading.here()
    with transaction.atomic():
        happen(1)
        transaction.set_rollback(True)
    with transaction.atomic():
        happen(2)
    assert read_on(place)[0] == [2]


def test_a_batch_ends_inside_a_window_and_goes_on_there() -> None:
    place = reading.here()
    with transaction.atomic():
        for number in range(5):
            happen(number)
    found, place = reading.read(place, limit=2)
    assert len(found) == 2
    assert place.low < place.high
    assert read_on(place)[0] == [2, 3, 4]


def test_only_the_kinds_asked_for() -> None:
    @dataclass(frozen=True, kw_only=True)
    class SomethingElseHappened(Fact):
        stage: ClassVar = Stage.STAY

    place = reading.here()
    with transaction.atomic():
        happen(1)
        record(SomethingElseHappened(), shop_id=1, customer_id=None, subject="", by=SYSTEM)
    found, _ = reading.read(place, limit=10, kinds=["SomethingElseHappened"])
    assert [entry.fact.kind for entry in found] == ["SomethingElseHappened"]


def test_recording_needs_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        happen(1)


def test_a_position_survives_its_text() -> None:
    assert Position.parse(str(Position(3, 9, 27))) == Position(3, 9, 27)
    for wrong in ("", "1-2", "a-b-c", "1-2-3-4"):
        with pytest.raises(ValueError, match=r".*"):
            Position.parse(wrong)
