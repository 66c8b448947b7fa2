"""What a person does with many parcels at once: another date, or taking them as lost; and undoing it.

Each command is one transaction, and the same again is nothing. What was done at one moment is undone by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from opieka.deliveries.commands.announcing import about as said_of
from opieka.deliveries.commands.announcing import touchpoint
from opieka.deliveries.commands.loading import Box, State, begin, load_reports, take_turns
from opieka.deliveries.commands.promising import NoSlot, Told, tell, watched
from opieka.deliveries.commands.settling import settle
from opieka.deliveries.commands.taking import take
from opieka.deliveries.facts import ParcelNotLost, PromiseTakenBack
from opieka.deliveries.models import IN_TROUBLE, IS_OPEN, Parcel, Promise, Report, Watch
from opieka.deliveries.policy.reports import GIVEN_UP, given_up
from opieka.deliveries.types import TERMINAL, Leg, PromiseSource, Tracking
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.orders import queries as orders
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

BY_HAND = "desk"


@transaction.atomic
def promise_together(
    parcel_ids: Collection[int],
    *,
    shop_id: int,
    slot: tuple[datetime | None, datetime],
    at: datetime,
    by: Actor,
) -> int:
    """Keep one new date, told `at` that moment, for the orders of parcels under way; how many orders. NoSlot."""
    first, last = slot
    if first is not None and first > last:
        raise NoSlot
    rows = Parcel.objects.filter(IS_OPEN, shop_id=shop_id, id__in=parcel_ids, way=Leg.OUTBOUND)
    sendings = orders.sendings(
        set(rows.exclude(order=None).values_list("order_id", flat=True)), shop_id=shop_id
    )
    take_turns(shop_id, order_keys=[sending.number_key for sending in sendings.values()])
    told = Told(first, last, PromiseSource.AGENT, at)
    tell(dict.fromkeys(sorted(sendings), told), begin(shop_id), in_hand=(), by=by)
    return len(sendings)


@transaction.atomic
def take_back_promises(at: datetime, *, shop_ids: Collection[int], by: Actor) -> int:
    """Undo the dates told together at one moment: what was told before counts again; how many orders."""
    rows = Promise.objects.filter(shop_id__in=shop_ids, told_at=at, source=PromiseSource.AGENT)
    by_shop: defaultdict[int, set[int]] = defaultdict(set)
    for shop_id, order_id in rows.values_list("shop_id", "order_id"):
        by_shop[shop_id].add(order_id)
    for shop_id, order_ids in sorted(by_shop.items()):
        keys = [sending.number_key for sending in orders.sendings(order_ids, shop_id=shop_id).values()]
        take_turns(shop_id, order_keys=keys)
        rows.filter(shop_id=shop_id, order_id__in=order_ids).delete()
        _count_earlier(begin(shop_id), order_ids, at, by)
    return sum(map(len, by_shop.values()))


def give_up(parcel_ids: Collection[int], *, shop_id: int, why: str, at: datetime, by: Actor) -> int:
    """Take parcels as lost that are late or silent, because a person says so; how many. What their carriers report
    later counts more."""
    rows = Parcel.objects.filter(IS_OPEN, IN_TROUBLE, shop_id=shop_id, id__in=parcel_ids)
    lost = [
        Tracking(carrier=carrier, tracking_number=number, reports=(given_up(at, why),))
        for carrier, number in rows.order_by("id").values_list("carrier", "number")
    ]
    take(lost, shop_id=shop_id, told_by=BY_HAND, by=by)
    return len(lost)


@transaction.atomic
def take_back_giving_up(at: datetime, *, shop_ids: Collection[int], by: Actor) -> int:
    """Undo what was taken as lost at one moment; how many parcels stand again where their carriers say."""
    said = Report.objects.filter(shop_id__in=shop_ids, at=at, raw_code=GIVEN_UP, told_by=BY_HAND)
    by_shop: defaultdict[int, set[int]] = defaultdict(set)
    for shop_id, parcel_id in said.values_list("shop_id", "parcel_id"):
        by_shop[shop_id].add(parcel_id)
    for shop_id, parcel_ids in sorted(by_shop.items()):
        rows = Parcel.objects.select_for_update().filter(shop_id=shop_id, id__in=parcel_ids).order_by("id")
        boxes = [Box(row) for row in rows]
        said.filter(shop_id=shop_id, parcel_id__in=parcel_ids).delete()
        load_reports(boxes, shop_id=shop_id)
        for box in boxes:
            # Should it be lost indeed, that is news again.
            told = box.parcel.announced.split()
            box.parcel.announced = " ".join(key for key in told if key != "lost")
        settle(begin(shop_id), boxes, told_by="", by=by)
        found = (touchpoint(box.parcel, ParcelNotLost(**said_of(box.parcel)), by=by) for box in boxes)
        record_many(list(found))
    return sum(map(len, by_shop.values()))


def _count_earlier(state: State, order_ids: Collection[int], at: datetime, by: Actor) -> None:
    """Let what was told before count again for orders of which something told `at` a moment counted."""
    kept = Promise.objects.filter(shop_id=state.shop_id, order_id__in=order_ids).order_by("told_at", "id")
    before = {row.order_id: row for row in kept}
    watches = [
        watch
        for watch in watched(dict.fromkeys(order_ids), shop_id=state.shop_id).values()
        if watch.told_at == at
    ]
    news = [_taken_back(watch, before.get(watch.order_id), by) for watch in watches]
    bulk.update(watches, ("promised_from", "promised_to", "promised_by", "told_at", "look_at", "foresee_at"))
    _pass_back({watch.order_id: watch for watch in watches}, state, by)
    record_many(news)


def _taken_back(watch: Watch, earlier: Promise | None, by: Actor) -> NewTouchpoint:
    assert watch.promised_to is not None  # noqa: S101  # it was told then
    fact = PromiseTakenBack(
        order_id=watch.order_id,
        promised_to=watch.promised_to,
        earlier=earlier.promised_to if earlier else None,
    )
    watch.promised_from = earlier.promised_from if earlier else None
    watch.promised_to = earlier.promised_to if earlier else None
    watch.promised_by, watch.told_at = (earlier.source, earlier.told_at) if earlier else ("", None)
    if watch.partly_at is None and watch.cancelled_at is None:
        watch.look_at = watch.promised_to
    if watch.foresee_at is not None:
        watch.foresee_at = clock.now()
    return NewTouchpoint(fact, watch.shop_id, watch.customer_id, f"order:{watch.order_id}", by)


def _pass_back(watches: dict[int, Watch], state: State, by: Actor) -> None:
    rows = Parcel.objects.select_for_update().filter(
        shop_id=state.shop_id, order_id__in=list(watches), way=Leg.OUTBOUND
    )
    boxes = [Box(row) for row in rows.exclude(stage__in=TERMINAL).order_by("id")]
    for box in boxes:
        watch = watches[box.parcel.order_id or 0]
        box.parcel.promised_from, box.parcel.promised_to = watch.promised_from, watch.promised_to
        box.parcel.late_at = None
    load_reports(boxes, shop_id=state.shop_id)
    settle(state, boxes, told_by="", by=by)
