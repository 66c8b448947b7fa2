"""What customers were told about when their order comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.deliveries.commands.loading import Box, State, begin, load_reports, take_turns
from opieka.deliveries.commands.settling import settle
from opieka.deliveries.facts import PromiseMade
from opieka.deliveries.models import Parcel, Promise, Watch
from opieka.deliveries.types import TERMINAL, Leg, PromiseSource
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid, NotFound
from opieka.orders import queries as orders
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint


class NoSlot(Invalid):
    code = "no_slot"
    sentence = _("A slot ends after it begins.")


@dataclass(frozen=True)
class Told:
    """A date or slot a customer was told: by whom, and when."""

    promised_from: datetime | None
    promised_to: datetime
    source: PromiseSource
    at: datetime


@transaction.atomic
def promise(
    order_id: int,
    *,
    shop_id: int,
    promised_to: datetime,
    promised_from: datetime | None = None,
    source: PromiseSource,
    by: Actor,
) -> None:
    """Keep what the customer was told now of an order; from now on lateness is measured by it. NotFound, NoSlot."""
    if promised_from is not None and promised_from > promised_to:
        raise NoSlot
    sending = orders.sendings([order_id], shop_id=shop_id).get(order_id)
    if sending is None:
        raise NotFound
    take_turns(shop_id, order_keys=[sending.number_key])
    told = Told(promised_from, promised_to, source, clock.now())
    tell({order_id: told}, begin(shop_id), in_hand=(), by=by)


def tell(told: Mapping[int, Told], state: State, *, in_hand: Sequence[Box], by: Actor) -> None:
    """Keep promises by order; the one told last counts. Parcels `in_hand` are changed there, the orders' others saved.

    Whoever calls holds the turn of these orders.
    """
    if not told:
        return
    news: list[NewTouchpoint] = []
    kept = [
        Promise(
            shop_id=state.shop_id,
            order_id=order_id,
            promised_from=each.promised_from,
            promised_to=each.promised_to,
            source=each.source,
            told_at=each.at,
        )
        for order_id, each in told.items()
    ]
    Promise.objects.bulk_create(kept, ignore_conflicts=True)
    watches = watched(told, shop_id=state.shop_id)
    counting = {order_id: watch for order_id, watch in watches.items() if _counts(watch, told[order_id])}
    for order_id, watch in counting.items():
        news.append(_news(watch, told[order_id], by))
        _set(watch, told[order_id])
    bulk.update(
        list(counting.values()),
        ("promised_from", "promised_to", "promised_by", "told_at", "look_at", "foresee_at"),
    )
    _pass_on(counting, state, in_hand, by)
    if news:
        record_many(news)


def watched(order_ids: Mapping[int, object], *, shop_id: int) -> dict[int, Watch]:
    """The watches of some orders, locked; made where there are none."""
    Watch.objects.bulk_create(
        [Watch(shop_id=shop_id, order_id=order_id) for order_id in sorted(order_ids)], ignore_conflicts=True
    )
    rows = Watch.objects.select_for_update().filter(shop_id=shop_id, order_id__in=order_ids)
    return {row.order_id: row for row in rows.order_by("id")}


def hand_on(watch: Watch, parcel: Parcel) -> bool:
    """Give a parcel its order's promise; whether that changed anything. A promise moved on can be broken anew."""
    if parcel.way != Leg.OUTBOUND or watch.promised_to is None:
        return False
    if (parcel.promised_from, parcel.promised_to) == (watch.promised_from, watch.promised_to):
        return False
    parcel.promised_from, parcel.promised_to = watch.promised_from, watch.promised_to
    parcel.late_at = None
    return True


def _counts(watch: Watch, told: Told) -> bool:
    if watch.told_at is not None and watch.told_at > told.at:
        return False
    return (watch.promised_from, watch.promised_to) != (told.promised_from, told.promised_to)


def _set(watch: Watch, told: Told) -> None:
    watch.promised_from, watch.promised_to = told.promised_from, told.promised_to
    watch.promised_by, watch.told_at = told.source.value, told.at
    if watch.partly_at is None and watch.cancelled_at is None:
        watch.look_at = told.promised_to
    if watch.foresee_at is not None:
        watch.foresee_at = clock.now()


def _news(watch: Watch, told: Told, by: Actor) -> NewTouchpoint:
    fact = PromiseMade(
        order_id=watch.order_id,
        promised_from=told.promised_from,
        promised_to=told.promised_to,
        source=told.source.value,
        earlier=watch.promised_to,
    )
    return NewTouchpoint(fact, watch.shop_id, watch.customer_id, f"order:{watch.order_id}", by, told.at)


def _pass_on(watches: Mapping[int, Watch], state: State, in_hand: Sequence[Box], by: Actor) -> None:
    for box in in_hand:
        watch = watches.get(box.parcel.order_id or 0)
        if watch is not None and hand_on(watch, box.parcel):
            box.changed = True
    if not watches:
        return
    held = [box.parcel.pk for box in in_hand if box.parcel.pk is not None]
    rows = Parcel.objects.select_for_update().filter(shop_id=state.shop_id, order_id__in=list(watches))
    others = [Box(row) for row in rows.exclude(id__in=held).exclude(stage__in=TERMINAL).order_by("id")]
    moved = [
        box for box in others if box.parcel.order_id and hand_on(watches[box.parcel.order_id], box.parcel)
    ]
    load_reports(moved, shop_id=state.shop_id)
    settle(state, moved, told_by="", by=by)
