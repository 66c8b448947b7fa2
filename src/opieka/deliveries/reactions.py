"""What deliveries do when orders, clocks, or they themselves have announced something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from opieka.clocks.facts import ClockBreached
from opieka.customers.facts import CustomerErased
from opieka.deliveries import commands
from opieka.deliveries.facts import (
    ParcelAnnounced,
    ParcelCancelled,
    ParcelDelivered,
    ParcelFact,
    ParcelLost,
    ParcelReturned,
    ParcelReturning,
    ParcelShipped,
)
from opieka.kernel.actor import SYSTEM
from opieka.orders.facts import OrderCancelled, OrderChanged, OrderPaid, OrderPlaced, OrderShipped
from opieka.timeline.reacting import react_in_batches, react_to
from opieka.timeline.types import Entry


@react_in_batches(OrderPlaced, OrderPaid, OrderShipped, OrderChanged, OrderCancelled)
def follow_orders(entries: Sequence[Entry]) -> None:
    """An order is new, or what was known of it has changed."""
    paid: defaultdict[int, dict[int, datetime | None]] = defaultdict(dict)
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, OrderPlaced | OrderPaid | OrderShipped | OrderChanged | OrderCancelled):
            at = entry.at if isinstance(fact, OrderPaid) else paid[entry.shop_id].get(fact.order_id)
            paid[entry.shop_id][fact.order_id] = at
    for shop_id, orders in sorted(paid.items()):
        commands.follow(orders, shop_id=shop_id, by=SYSTEM)


@react_in_batches(ParcelAnnounced, ParcelShipped, ParcelCancelled)
def stop_the_clock_of_the_hand_over(entries: Sequence[Entry]) -> None:
    """The carrier expects or has some parcels, or nobody waits for them any more."""
    for shop_id, order_ids in _orders(entries):
        commands.check_hand_overs(order_ids, shop_id=shop_id, by=SYSTEM)


@react_in_batches(ClockBreached)
def tell_of_overdue_hand_overs(entries: Sequence[Entry]) -> None:
    """The time is over in which the carrier should have had all of some orders."""
    due: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, ClockBreached) and fact.clock_kind == commands.HAND_OVER:
            due[entry.shop_id][int(entry.subject.removeprefix("order:"))] = fact.due_at
    for shop_id, orders in sorted(due.items()):
        commands.note_overdue(orders, shop_id=shop_id, by=SYSTEM)


@react_in_batches(ParcelDelivered)
def look_for_missing_parcels(entries: Sequence[Entry]) -> None:
    """A part of some orders is there."""
    for shop_id, order_ids in _orders(entries):
        commands.check_partly(order_ids, shop_id=shop_id, by=SYSTEM)


def _orders(entries: Sequence[Entry]) -> list[tuple[int, set[int]]]:
    """The orders of some parcels, by shop."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, ParcelFact) and fact.order_id is not None:
            found[entry.shop_id].add(fact.order_id)
    return sorted(found.items())


@react_in_batches(ParcelDelivered, ParcelReturning, ParcelReturned, ParcelLost, ParcelCancelled)
def let_go_of_choices(entries: Sequence[Entry]) -> None:
    """The parcels are where they are: that decides what was still to be arranged, and no locker holds them."""
    ended: defaultdict[int, set[int]] = defaultdict(set)
    for entry in entries:
        if isinstance(entry.fact, ParcelFact):
            ended[entry.shop_id].add(entry.fact.parcel_id)
    for shop_id, parcel_ids in sorted(ended.items()):
        commands.end_choices(parcel_ids, shop_id=shop_id, by=SYSTEM)
        commands.forget_codes(parcel_ids, shop_id=shop_id, by=SYSTEM)


@react_to(CustomerErased)
def forget_the_receiver(entry: Entry) -> None:
    """Her parcels stay in the figures, without her."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        commands.forget_receiver(fact.customer_ids, shop_id=entry.shop_id, by=SYSTEM)
