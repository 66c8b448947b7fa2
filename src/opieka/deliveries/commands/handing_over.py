"""Whether the carrier has all of an order in time: the clock of its hand-over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from opieka.clocks import commands as clocks
from opieka.clocks.types import Basis, NewClock, OpenTime, Until
from opieka.deliveries.commands.loading import State
from opieka.deliveries.commands.promising import watched
from opieka.deliveries.commands.waiting import wait, wait_again
from opieka.deliveries.facts import HandOverOverdue
from opieka.deliveries.models import Parcel, Watch
from opieka.deliveries.policy.silence import HISTORY, Lane
from opieka.deliveries.policy.working import before
from opieka.deliveries.types import DeliveryPreferences, ParcelStage
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.orders.types import Sending
from opieka.shops import queries as shops
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

HAND_OVER = "hand_over"
"""The kind of the clocks that watch hand-overs."""


@transaction.atomic
def check_hand_overs(order_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Parcels of some orders were announced, handed over, or will not be sent: stop the clocks of orders that wait for
    none."""
    wait_again(order_ids, shop_id=shop_id)
    waiting = _waiting(order_ids, shop_id)
    done = [_subject(order_id) for order_id in sorted(order_ids) if not waiting[order_id]]
    clocks.satisfy_many(shop_id, kind=HAND_OVER, subjects=done, by=by)


@transaction.atomic
def note_overdue(due: Mapping[int, datetime], *, shop_id: int, by: Actor) -> None:
    """The time to hand some orders over has passed, at the moment told: announce it, once per order, where the
    carrier still waits for something."""
    waiting = _waiting(due, shop_id)
    overdue = [
        watch
        for watch in watched(due, shop_id=shop_id).values()
        if waiting[watch.order_id] and watch.overdue_at is None and watch.cancelled_at is None
    ]
    for watch in overdue:
        watch.overdue_at = clock.now()
    bulk.update(overdue, ["overdue_at"])
    record_many(
        NewTouchpoint(
            HandOverOverdue(
                order_id=watch.order_id, due_at=due[watch.order_id], waiting=waiting[watch.order_id]
            ),
            shop_id,
            watch.customer_id,
            _subject(watch.order_id),
            by,
            due[watch.order_id],
        )
        for watch in overdue
    )


def watch_hand_overs(
    watches: Mapping[int, Watch], sendings: Mapping[int, Sending], state: State, *, by: Actor
) -> None:
    """Start, move or stop the clocks that run until the carrier should have all of an order; watches are locked."""
    waiting = _waiting(watches, state.shop_id)
    preferences = shops.preferences(state.shop_id, DeliveryPreferences)
    done, dropped, moved, news = [], [], [], []
    for order_id, watch in watches.items():
        if watch.cancelled_at is not None:
            dropped.append(_subject(order_id))
        elif not waiting[order_id]:
            done.append(_subject(order_id))
        elif new := _clock(watch, sendings[order_id].country, state, preferences.hand_over_hours):
            news.append(new)
            due_at = new.term.moment if isinstance(new.term, Until) else None
            if watch.hand_over_due_at != due_at:
                watch.hand_over_due_at = due_at
                moved.append(watch)
                dropped.append(new.subject)
    bulk.update(moved, ["hand_over_due_at"])
    clocks.cancel_many(state.shop_id, kind=HAND_OVER, subjects=dropped, by=by)
    clocks.satisfy_many(state.shop_id, kind=HAND_OVER, subjects=done, by=by)
    clocks.start_many(state.shop_id, news=news, by=by)
    wait(watches.values(), shop_id=state.shop_id, now=state.now)


def _clock(watch: Watch, country: str, state: State, hours: int) -> NewClock | None:
    """Due by what the lane usually takes before the promise; without one, or too late for it, after opening hours."""
    if watch.paid_at is None or state.now - watch.paid_at > HISTORY:
        return None
    subject, week = _subject(watch.order_id), state.habits.week("")
    if watch.promised_to is not None:
        lane = Lane("", origin=week.country, destination=country)
        due_at = before(watch.promised_to, state.habits.transit(lane), week)
        if due_at > watch.paid_at:
            return NewClock(
                HAND_OVER, subject, Basis.PROMISED, Until(due_at), watch.customer_id, watch.paid_at
            )
    if not hours:
        return None
    term = OpenTime(timedelta(hours=hours))
    return NewClock(HAND_OVER, subject, Basis.TARGET, term, watch.customer_id, watch.paid_at)


def _waiting(order_ids: Collection[int], shop_id: int) -> Counter[int]:
    """For how much of each order the carrier still waits: its parcels that are labels, and what has none yet."""
    labels = Parcel.objects.filter(shop_id=shop_id, order_id__in=order_ids, handed_over_at=None)
    rows = labels.exclude(stage=ParcelStage.CANCELLED).values_list("order_id").annotate(Count("id"))
    waiting = Counter({order_id: count for order_id, count in rows if order_id is not None})
    unsent = Watch.objects.filter(shop_id=shop_id, order_id__in=order_ids)
    waiting.update(dict(unsent.values_list("order_id", "unsent")))
    return waiting


def _subject(order_id: int) -> str:
    return f"order:{order_id}"
