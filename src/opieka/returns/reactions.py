"""What cases do when orders, parcels, or they themselves have announced something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from opieka.deliveries.facts import ParcelShipped
from opieka.kernel.actor import SYSTEM
from opieka.orders.facts import CancellationAnswered, OrderCancelled, OrderShipped, RefundIssued
from opieka.orders.types import CancelOutcome, RefundState
from opieka.returns import commands
from opieka.returns.facts import (
    CancellationGranted,
    CancellationNeedsPerson,
    CancellationTooLate,
    CaseFact,
)
from opieka.timeline.reacting import react_in_batches, react_to
from opieka.timeline.types import Entry


@react_to(CancellationAnswered)
def take_the_answer(entry: Entry) -> None:
    """The shop's system has said whether an order can still be stopped."""
    fact = entry.fact
    if isinstance(fact, CancellationAnswered):
        commands.note_answer(
            fact.request_id,
            outcome=CancelOutcome(fact.outcome),
            refund=RefundState(fact.refund),
            why=fact.why,
            shop_id=entry.shop_id,
            by=SYSTEM,
        )


@react_in_batches(OrderCancelled, OrderShipped, RefundIssued, ParcelShipped)
def follow_the_order(entries: Sequence[Entry]) -> None:
    """Orders were cancelled, have left, or were paid back."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for entry in entries:
        order_id = getattr(entry.fact, "order_id", None)
        if order_id is not None:
            found[entry.shop_id].add(order_id)
    for shop_id, order_ids in sorted(found.items()):
        commands.follow_orders(order_ids, shop_id=shop_id, by=SYSTEM)


@react_to(CancellationGranted, CancellationTooLate, CancellationNeedsPerson)
def tell_the_customer(entry: Entry) -> None:
    """She hears what came of her wish."""
    fact = entry.fact
    if isinstance(fact, CaseFact):
        commands.tell(fact, shop_id=entry.shop_id, by=SYSTEM)
