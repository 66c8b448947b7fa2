"""What deliveries do when orders, clocks, or they themselves have announced something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from opieka.clocks.facts import ClockBreached
from opieka.customers.facts import CustomerErased
from opieka.deliveries import commands
from opieka.deliveries.facts import ParcelCancelled, ParcelDelivered, ParcelFact, ParcelShipped
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


@react_to(ParcelShipped, ParcelCancelled)
def stop_the_clock_of_the_hand_over(entry: Entry) -> None:
    """The carrier has a parcel, or nobody waits for it any more."""
    fact = entry.fact
    if isinstance(fact, ParcelFact) and fact.order_id is not None:
        commands.check_hand_over(fact.order_id, shop_id=entry.shop_id, by=SYSTEM)


@react_to(ClockBreached)
def tell_of_overdue_hand_overs(entry: Entry) -> None:
    """The time is over in which the carrier should have had all of an order."""
    fact = entry.fact
    if isinstance(fact, ClockBreached) and fact.clock_kind == commands.HAND_OVER:
        order_id = int(entry.subject.removeprefix("order:"))
        commands.note_overdue(order_id, shop_id=entry.shop_id, due_at=fact.due_at, by=SYSTEM)


@react_to(ParcelDelivered)
def look_for_missing_parcels(entry: Entry) -> None:
    """A part of an order is there."""
    fact = entry.fact
    if isinstance(fact, ParcelDelivered) and fact.order_id is not None:
        commands.check_partly(fact.order_id, shop_id=entry.shop_id, by=SYSTEM)


@react_to(CustomerErased)
def forget_the_receiver(entry: Entry) -> None:
    """Her parcels stay in the figures, without her."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        commands.forget_receiver(fact.customer_ids, shop_id=entry.shop_id, by=SYSTEM)
