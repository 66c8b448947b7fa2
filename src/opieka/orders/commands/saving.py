"""How a batch of orders becomes rows: each table in one statement per thousand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from opieka.kernel import bulk
from opieka.orders.commands.merging import LONGEST, State
from opieka.orders.models import Order, OrderLine, Payment, Refund, Shipment
from opieka.orders.policy import number_key
from opieka.orders.types import LineSnapshot, OrderSnapshot, PaymentSnapshot

LONGEST_NAME = 500
ORDER = ["shop", "source", "external_id"]
PIECE = ["shop", "order", "external_id"]

Piece = TypeVar("Piece", Refund, Shipment)
Report = TypeVar("Report", LineSnapshot, PaymentSnapshot)


def save(state: State) -> dict[str, tuple[str, ...]]:
    """Write what differs; returns by outside id what has changed of the orders that were known before."""
    news = {name: _fill(state, name, head) for name, head in state.heads.items()}
    written = sorted(state.changed | state.touched)
    bulk.save([state.orders[name] for name in written], unique=ORDER)
    bulk.save([row for name in state.heads for row in _lines(state, name)], unique=PIECE)
    bulk.save([row for name in state.heads for row in _payments(state, name)], unique=PIECE)
    _drop_payments(state)
    for name in written:
        for refund in state.refunds[name].values():
            refund.currency = refund.currency or state.orders[name].currency
    bulk.save(list(_pieces(state, state.refunds, written)), unique=PIECE)
    bulk.save(list(_pieces(state, state.shipments, written)), unique=PIECE)
    return {name: what for name, what in news.items() if what and name in state.known}


def _fill(state: State, name: str, head: OrderSnapshot) -> tuple[str, ...]:
    """Give an order the content of the report that counts; returns what is different now."""
    order = state.orders[name]
    before = _telling(order) | {"lines": _stored_lines(state, name)}
    for column in ("currency", "total", "promised_at"):
        setattr(order, column, getattr(head, column))
    for column in ("status", "payment_status", "fulfilment_status"):
        setattr(order, column, getattr(head, column).value)
    codes = [code[:LONGEST] for code in head.discount_codes]
    if not set(codes) <= set(order.discount_codes):
        state.discounted.add(name)
    order.discount_codes = codes
    order.number = head.number[:LONGEST]
    order.number_key = number_key(order.number)
    if order.erased_at is None:
        order.note = head.note
        order.contact = msgspec.to_builtins(head.contact)
        order.shipping_address = msgspec.to_builtins(head.shipping_address)
        order.billing_address = msgspec.to_builtins(head.billing_address)
    after = _telling(order) | {"lines": {key: _told(line) for key, line in _by_id(head.lines).items()}}
    return tuple(what for what in sorted(after) if before[what] != after[what])


def _telling(order: Order) -> dict[str, Any]:
    """What somebody who has read the order must read again when it changes."""
    return {
        "total": (order.total, order.currency),
        "address": order.shipping_address,
        "promise": order.promised_at,
        "contact": order.contact,
    }


def _told(line: LineSnapshot) -> tuple[str, str, int, int]:
    return line.name[:LONGEST_NAME], line.sku[:LONGEST], line.quantity, line.total


def _stored_lines(state: State, name: str) -> dict[str, tuple[str, str, int, int]]:
    lines = state.lines[name]
    return {key: (row.name, row.sku, row.quantity, row.total) for key, row in lines.items() if row.quantity}


def _by_id(reports: Sequence[Report]) -> dict[str, Report]:
    """Lines or payments by outside id; a second one of the same id gets one of its own."""
    found: dict[str, Report] = {}
    for position, report in enumerate(reports, 1):
        key = report.external_id[:LONGEST]
        found[f"{key[:90]}#{position}" if key in found else key] = report
    return found


def _lines(state: State, name: str) -> Iterator[OrderLine]:
    """The order's lines as they shall be; those no longer reported with nothing left of them."""
    reported = _by_id(state.heads[name].lines)
    for key, row in state.lines[name].items():
        if key not in reported and row.quantity:
            row.quantity = 0
            yield row
    for position, (key, line) in enumerate(reported.items()):
        row = state.lines[name].get(key) or OrderLine(shop_id=state.shop_id, external_id=key)
        row.order, row.position = state.orders[name], position
        row.name, row.sku = line.name[:LONGEST_NAME], line.sku[:LONGEST]
        row.product_outside_id, row.variant_outside_id = line.product_id[:LONGEST], line.variant_id[:LONGEST]
        row.quantity, row.price, row.total = line.quantity, line.price, line.total
        yield row


def _payments(state: State, name: str) -> Iterator[Payment]:
    for key, payment in _by_id(state.heads[name].payments).items():
        row = state.payments[name].get(key) or Payment(shop_id=state.shop_id, external_id=key)
        row.order, row.method = state.orders[name], payment.method[:LONGEST]
        row.amount, row.status, row.paid_at = payment.amount, payment.status.value, payment.paid_at
        yield row


def _drop_payments(state: State) -> None:
    gone = [
        row.pk
        for name, head in state.heads.items()
        for key, row in state.payments[name].items()
        if key not in _by_id(head.payments)
    ]
    if gone:
        Payment.objects.filter(shop_id=state.shop_id, id__in=gone).delete()


def _pieces(state: State, pieces: Mapping[str, dict[str, Piece]], written: Sequence[str]) -> Iterator[Piece]:
    for name in written:
        for key, row in pieces.get(name, {}).items():
            row.order, row.external_id = state.orders[name], key
            yield row
