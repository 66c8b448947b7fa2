"""Taking over what carriers, aggregators and warehouses report, so that order and number of reports never matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from opieka.deliveries.carriers.base import Reading
from opieka.deliveries.commands.collecting import keep_codes
from opieka.deliveries.commands.joining import join_named
from opieka.deliveries.commands.loading import Box, State, add_reports, begin, lock_numbers, take_turns
from opieka.deliveries.commands.noticing import keep_notices
from opieka.deliveries.commands.placing import Bundle, gather, place
from opieka.deliveries.commands.promising import Told, tell
from opieka.deliveries.commands.settling import settle
from opieka.deliveries.policy.folding import CLOCKS_DIFFER
from opieka.deliveries.types import Notice, NoticeKind, PromiseSource, Taken, Tracking
from opieka.kernel.actor import Actor

BATCH = 1000
"""How many trackings are taken in one transaction."""


@transaction.atomic
def take_reading(reading: Reading, *, shop_id: int, carrier: str, by: Actor) -> Taken:
    """Take over all that a carrier said in one go, and its notices for a person."""
    keep_notices(reading.notices, shop_id=shop_id, carrier=carrier)
    return take(reading.tracked, shop_id=shop_id, told_by=carrier, by=by)


def take(trackings: Sequence[Tracking], *, shop_id: int, told_by: str, by: Actor) -> Taken:
    """Take over tracking, a thousand numbers in one transaction; `told_by` is who says so: a carrier, an aggregator, a
    warehouse.

    The same again is nothing. What cannot be right becomes a notice and does not stop the rest. Two processes that
    bring the same parcel take turns.
    """
    total = Taken()
    for start in range(0, len(trackings), BATCH):
        done = _take(trackings[start : start + BATCH], shop_id, told_by[:30], by)
        total = Taken(
            created=total.created + done.created,
            changed=total.changed + done.changed,
            reports=total.reports + done.reports,
        )
    return total


@transaction.atomic
def _take(trackings: Sequence[Tracking], shop_id: int, told_by: str, by: Actor) -> Taken:
    notices: list[Notice] = []
    bundles = gather(trackings, shop_id, notices)
    numbers = {bundle.number for bundle in bundles}
    take_turns(shop_id, numbers=numbers, order_keys={bundle.order_key for bundle in bundles})
    state = begin(shop_id)
    placed = place(bundles, lock_numbers(shop_id, numbers), state, notices)
    boxes = list({id(box): box for _, box in placed}.values())
    add_reports([(box, bundle.reports) for bundle, box in placed], state)
    join_named(boxes, state)
    _promise(placed, state, by)
    changed = [box for box in boxes if box.changed]
    created = sum(box.parcel.pk is None for box in changed)
    settle(state, changed, told_by=told_by, by=by)
    told = {(box.parcel.number, box.parcel.carrier): bundle.code for bundle, box in placed if bundle.code}
    keep_codes(told, shop_id=shop_id)
    _notice_future(changed, state, notices)
    keep_notices(notices, shop_id=shop_id, carrier=told_by)
    fresh = sum(len(box.fresh) for box in changed)
    return Taken(created=created, changed=len(changed) - created, reports=fresh)


def _promise(placed: Iterable[tuple[Bundle, Box]], state: State, by: Actor) -> None:
    """Keep what a warehouse promised: with the order, or with the parcel until its order is known."""
    told: dict[int, Told] = {}
    boxes: list[Box] = []
    for bundle, box in placed:
        promise, parcel = bundle.promise, box.parcel
        if promise is None or promise.promised_to is None:
            continue
        if parcel.order_id is not None:
            told[parcel.order_id] = Told(
                promise.promised_from, promise.promised_to, PromiseSource.WAREHOUSE, state.now
            )
            boxes.append(box)
        elif (parcel.promised_from, parcel.promised_to) != (promise.promised_from, promise.promised_to):
            parcel.promised_from, parcel.promised_to = promise.promised_from, promise.promised_to
            parcel.late_at, box.changed = None, True
    tell(told, state, in_hand=boxes, by=by)


def _notice_future(boxes: Iterable[Box], state: State, notices: list[Notice]) -> None:
    horizon = state.now + CLOCKS_DIFFER
    for box in boxes:
        if box.parcel.ahead_at is not None:
            notices += [
                Notice(kind=NoticeKind.IN_FUTURE, where=box.parcel.number, value=heard.report.at.isoformat())
                for heard in box.fresh.values()
                if heard.report.at > horizon
            ]
