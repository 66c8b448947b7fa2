"""Handing what happened to the commands of a living shop, tick by tick, under a clock that runs ahead."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from opieka.clocks import commands as clocks
from opieka.deliveries import commands as deliveries
from opieka.deliveries import jobs
from opieka.deliveries.facts import OrderDelayExpected, ParcelDelayExpected
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders import queries as order_queries
from opieka.project.replay.happenings import CARRIER, Happening
from opieka.timeline import queries as timeline
from opieka.timeline import reacting

TICK = timedelta(hours=6)
AT_ONCE = timedelta(days=1)
"""The tick of a replay nobody watches: what happened in it is told at its end, so nothing is foreseen too early."""
LESSON = 6
"""Sunday: lateness is studied once a week here, which a living shop does each night."""
SOURCE = "olist"
EXPECTED = (OrderDelayExpected, ParcelDelayExpected)
_PAGE = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """How far the replay is: the shop's time, and how many happenings are behind it."""

    at: datetime
    done: int


def play(happenings: Sequence[Happening], *, shop_id: int, speed: float) -> Iterator[Moment]:
    """Play happenings, sorted by time; yields after each tick.

    `speed` is how many seconds of the shop pass in one of ours; 0 for as fast as it goes.
    """
    _wait_for_no_disk()
    begun, begins = time.monotonic(), _midnight(happenings[0].at)
    done, at = 0, begins
    while done < len(happenings):
        at += TICK if speed else AT_ONCE
        first = done
        while done < len(happenings) and happenings[done].at <= at:
            done += 1
        with clock.fixed(at):
            _take_in(happenings[first:done], shop_id)
            _work(at, shop_id)
        if speed:
            time.sleep(max(0.0, (at - begins) / timedelta(seconds=speed) - (time.monotonic() - begun)))
        yield Moment(at=at, done=done)
    with clock.fixed(at):
        while reacting.run_all():
            pass


def announced(shop_id: int) -> dict[str, datetime]:
    """When a delay was announced first, by order number as deliveries spell it."""
    first: dict[int, datetime] = {}
    place = timeline.START
    while True:
        entries, after = timeline.feed(
            shop_id, since=place, kinds=[kind.__name__ for kind in EXPECTED], limit=_PAGE
        )
        for entry in entries:
            fact = entry.fact
            if isinstance(fact, EXPECTED) and fact.order_id is not None:
                first.setdefault(fact.order_id, entry.at)
        if after == place:
            break
        place = after
    ids = list(first)
    found: dict[str, datetime] = {}
    for start in range(0, len(ids), _PAGE):
        known = order_queries.sendings(ids[start : start + _PAGE], shop_id=shop_id)
        found |= {sending.number_key: first[order_id] for order_id, sending in known.items()}
    return found


def _wait_for_no_disk() -> None:
    """Wait for no disk: what a failing machine loses of a replay is played again."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _take_in(happened: Sequence[Happening], shop_id: int) -> None:
    """An order that is told of twice in one tick is taken in as it stands at its end. What the last tick announced is
    reacted to with what this one does."""
    latest = {one.order.external_id: one.order for one in happened if one.order}
    orders.apply_orders(list(latest.values()), shop_id=shop_id, source=SOURCE, by=SYSTEM)
    reacting.run_all()
    trackings = [one.tracking for one in happened if one.tracking]
    deliveries.take(trackings, shop_id=shop_id, told_by=CARRIER, by=SYSTEM)


def _work(at: datetime, shop_id: int) -> None:
    """What the worker does in a living shop beside reactions: what is learned, sweeps, foresight, clocks."""
    moment = int(at.timestamp())
    if at.hour == 0:
        jobs.learn(moment)
    if at.hour == 0 and at.weekday() == LESSON:
        jobs.learn_lateness(shop_id)
    jobs.sweep(moment)
    jobs.foresee(moment)
    while clocks.sweep():
        pass
