"""After a restore the log is read on where each reaction stood, although transaction ids are another server's."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from opieka.kernel.actor import SYSTEM
from opieka.timeline import reading
from opieka.timeline.commands import rebase, record
from opieka.timeline.models import Cursor
from opieka.timeline.types import Position
from tests.timeline.facts import Happened

pytestmark = pytest.mark.django_db(transaction=True)


def happen(number: int) -> None:
    with transaction.atomic():
        record(Happened(number=number), shop_id=1, customer_id=7, subject="thing:1", by=SYSTEM)


def numbers(name: str) -> list[object]:
    cursor = Cursor.objects.get(reaction=name)
    found: list[object] = []
    place = Position(cursor.low, cursor.high, cursor.last_id)
    while True:
        entries, after = reading.read(place, limit=10)
        found += [getattr(entry.fact, "number", None) for entry in entries]
        if after == place:
            return found
        place = after


def test_each_reaction_goes_on_where_it_stood() -> None:
    happen(1)
    quick = reading.here()
    happen(2)
    slow_start, slow = quick, reading.here()
    Cursor.objects.create(reaction="done", low=slow.low, high=slow.high, last_id=0)
    Cursor.objects.create(reaction="behind", low=slow_start.low, high=slow_start.high, last_id=0)
    happen(3)
    far = 10**9
    with connection.cursor() as cursor:  # as if it came from a server with a long history
        cursor.execute("update timeline_touchpoint set xid = (xid::text::bigint + %s)::text::xid8", [far])
        cursor.execute("update timeline_cursor set low = low + %s, high = high + %s", [far, far])
    assert numbers("behind") == []
    rebase()
    assert numbers("done") == [3]
    assert numbers("behind") == [2, 3]
    happen(4)
    assert numbers("done") == [3, 4]
