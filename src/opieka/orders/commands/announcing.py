"""What a batch of orders announces: each fact once, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from opieka.kernel.actor import Actor
from opieka.kernel.facts import Fact
from opieka.orders.commands.merging import State
from opieka.orders.facts import (
    OrderCancelled,
    OrderChanged,
    OrderDelivered,
    OrderDiscounted,
    OrderPaid,
    OrderPlaced,
    OrderShipped,
    RefundIssued,
)
from opieka.orders.models import Order, Refund, Shipment
from opieka.orders.policy import Milestone
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

Dated = tuple[datetime, Fact]
Due = dict[str, tuple[list[Refund], list[tuple[Shipment, Milestone]]]]


def mark(state: State) -> Due:
    """Mark the refunds and shipments that are to be announced now, before they are saved.

    Nothing is announced of an order that is not yet known itself; it waits until the order comes.
    """
    due: Due = {}
    for name in state.changed:
        if state.orders[name].placed_at is None:
            continue
        refunds = [row for row in state.refunds[name].values() if row.amount and not row.announced]
        shipments = [
            (row, Milestone(row.reached & ~row.announced))
            for row in state.shipments[name].values()
            if row.reached & ~row.announced
        ]
        for refund in refunds:
            refund.announced = True
        for shipment, _ in shipments:
            shipment.announced = shipment.reached
        due[name] = refunds, shipments
    return due


def announce(state: State, due: Due, *, news: Mapping[str, tuple[str, ...]], by: Actor) -> None:
    """Record what is due, and of each order in `news` that it has changed."""
    found: list[NewTouchpoint] = []
    for name in sorted(due):
        order = state.orders[name]
        refunds, shipments = due[name]
        facts = [*_milestones(state, order), *_refunds(order, refunds), *_shipments(order, shipments)]
        if name in state.discounted and order.updated_at:
            facts.append((order.updated_at, OrderDiscounted(order_id=order.pk)))
        what = (*news.get(name, ()), *_tracking(state, name, facts))
        if what and order.updated_at:
            facts.append((order.updated_at, OrderChanged(order_id=order.pk, what=what)))
        found += [
            NewTouchpoint(fact, state.shop_id, order.customer_id, f"order:{order.pk}", by, at)
            for at, fact in sorted(facts, key=lambda dated: dated[0])
        ]
    if found:
        record_many(found)


def _tracking(state: State, name: str, facts: Sequence[Dated]) -> tuple[str, ...]:
    """Whether other tracking numbers have to be told: who hears that an order was placed or sent reads them anyway."""
    told = any(isinstance(fact, OrderPlaced | OrderShipped) for _, fact in facts)
    return ("tracking",) if name in state.tracked and not told else ()


def _milestones(state: State, order: Order) -> Iterator[Dated]:
    for step, at in state.reached.get(order.external_id, ()):
        if step is Milestone.PLACED:
            pieces = sum(line.quantity for line in state.heads[order.external_id].lines)
            yield (
                at,
                OrderPlaced(order_id=order.pk, total=order.total, currency=order.currency, pieces=pieces),
            )
        elif step is Milestone.PAID:
            yield at, OrderPaid(order_id=order.pk, total=order.total, currency=order.currency)
        else:
            yield at, _WHOLE[step](order_id=order.pk)


_WHOLE: Mapping[Milestone, type[OrderShipped | OrderDelivered | OrderCancelled]] = {
    Milestone.SHIPPED: OrderShipped,
    Milestone.DELIVERED: OrderDelivered,
    Milestone.CANCELLED: OrderCancelled,
}


def _refunds(order: Order, refunds: list[Refund]) -> Iterator[Dated]:
    for refund in refunds:
        fact = RefundIssued(
            order_id=order.pk, refund_id=refund.pk, amount=refund.amount, currency=refund.currency
        )
        yield refund.issued_at or refund.updated_at, fact


def _shipments(order: Order, shipments: list[tuple[Shipment, Milestone]]) -> Iterator[Dated]:
    for shipment, reached in shipments:
        if Milestone.SHIPPED in reached:
            yield (
                shipment.shipped_at or shipment.updated_at,
                OrderShipped(order_id=order.pk, shipment_id=shipment.pk),
            )
        if Milestone.DELIVERED in reached:
            yield (
                shipment.delivered_at or shipment.updated_at,
                OrderDelivered(order_id=order.pk, shipment_id=shipment.pk),
            )
