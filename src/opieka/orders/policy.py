"""Which report of an order counts, what it proves, and what has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntFlag
from operator import attrgetter
from typing import Any

import msgspec

from opieka.orders.types import (
    Dot,
    FulfilmentStatus,
    OrderSnapshot,
    OrderStatus,
    PaymentStatus,
    RefundSnapshot,
    ShipmentSnapshot,
    ShipmentStatus,
    Step,
)


class Milestone(IntFlag):
    """What an order has been seen to reach. Reached once is reached for ever, whatever is reported later."""

    PLACED = 1
    PAID = 2
    SHIPPED = 4
    DELIVERED = 8
    CANCELLED = 16


@dataclass(frozen=True, order=True)
class Version:
    """How new a report is. Of two the greater counts; equal ones say the same.

    Sources date their changes to the second and often change an order twice within one. Then the report that has
    come further counts, and as a last resort the content decides, so that the order of arrival never does.
    """

    updated_at: datetime
    progress: int
    digest: str


PAID = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})
SENT = frozenset(
    {
        ShipmentStatus.SHIPPED,
        ShipmentStatus.OUT_FOR_DELIVERY,
        ShipmentStatus.AWAITING_COLLECTION,
        ShipmentStatus.DELIVERED,
    }
)
_ON_THE_LAST_MILE = frozenset(
    {ShipmentStatus.OUT_FOR_DELIVERY, ShipmentStatus.AWAITING_COLLECTION, ShipmentStatus.DELIVERED}
)
_SENT_OFF = frozenset({FulfilmentStatus.FULFILLED, FulfilmentStatus.PARTIAL})
_ORDER_STEPS: Mapping[OrderStatus, int] = {
    OrderStatus.UNKNOWN: 0,
    OrderStatus.OPEN: 1,
    OrderStatus.COMPLETED: 2,
    OrderStatus.CANCELLED: 3,
}
_PAYMENT_STEPS: Mapping[PaymentStatus, int] = {
    PaymentStatus.UNKNOWN: 0,
    PaymentStatus.PENDING: 1,
    PaymentStatus.FAILED: 2,
    PaymentStatus.AUTHORISED: 3,
    PaymentStatus.PARTIALLY_PAID: 4,
    PaymentStatus.PAID: 5,
    PaymentStatus.PARTIALLY_REFUNDED: 6,
    PaymentStatus.REFUNDED: 7,
    PaymentStatus.VOIDED: 8,
}
_FULFILMENT_STEPS: Mapping[FulfilmentStatus, int] = {
    FulfilmentStatus.UNKNOWN: 0,
    FulfilmentStatus.UNFULFILLED: 1,
    FulfilmentStatus.PARTIAL: 2,
    FulfilmentStatus.FULFILLED: 3,
    FulfilmentStatus.RESTOCKED: 4,
}
_SHIPMENT_STEPS: Mapping[ShipmentStatus, int] = {status: step for step, status in enumerate(ShipmentStatus)}

# Refunds and shipments have versions of their own, because they are also reported alone.
_APART = {"updated_at", "refunds", "shipments"}
_order_content = attrgetter(*(f.name for f in fields(OrderSnapshot) if f.name not in _APART))
_refund_content = attrgetter(
    *(f.name for f in fields(RefundSnapshot) if f.name not in {"updated_at", "issued_at"})
)
_shipment_content = attrgetter(
    *(f.name for f in fields(ShipmentSnapshot) if f.name not in {"updated_at", "shipped_at", "delivered_at"})
)


def order_version(snapshot: OrderSnapshot) -> Version:
    """The rank of a report of the whole order."""
    progress = (
        100 * _ORDER_STEPS[snapshot.status]
        + 10 * _FULFILMENT_STEPS[snapshot.fulfilment_status]
        + _PAYMENT_STEPS[snapshot.payment_status]
    )
    return Version(snapshot.updated_at, progress, _digest(_order_content(snapshot)))


def refund_version(snapshot: RefundSnapshot, *, reported_at: datetime) -> Version:
    """A refund's money only grows: the pending one reported in the same second is the older."""
    return Version(snapshot.updated_at or reported_at, snapshot.amount, _digest(_refund_content(snapshot)))


def shipment_version(snapshot: ShipmentSnapshot, *, reported_at: datetime) -> Version:
    """The rank of a report of a shipment."""
    step = _SHIPMENT_STEPS[snapshot.status]
    return Version(snapshot.updated_at or reported_at, step, _digest(_shipment_content(snapshot)))


def milestones(snapshot: OrderSnapshot, before: Milestone) -> list[tuple[Milestone, datetime]]:
    """What a report proves beyond `before`, and when it happened; also one that came too late to count.

    Where the source tells no time, a payment is dated with the report that first shows it, or with the order when
    that was never seen unpaid; a cancellation with its report. Shipments prove their own.
    """
    shipped = earliest(snapshot.shipped_at, snapshot.delivered_at)
    paid = snapshot.payment_status in PAID or snapshot.paid_at is not None
    first_seen_paid = snapshot.updated_at if before else snapshot.placed_at
    cancelled = snapshot.status is OrderStatus.CANCELLED
    proved = (
        (Milestone.PLACED, snapshot.placed_at),
        (Milestone.PAID, (snapshot.paid_at or first_seen_paid) if paid else None),
        (Milestone.SHIPPED, shipped),
        (Milestone.DELIVERED, snapshot.delivered_at),
        (Milestone.CANCELLED, (snapshot.cancelled_at or snapshot.updated_at) if cancelled else None),
    )
    return [(step, at) for step, at in proved if at is not None and step not in before]


def shipment_milestones(snapshot: ShipmentSnapshot) -> Milestone:
    """What a report of a shipment proves."""
    reached = Milestone(0)
    if snapshot.status in SENT or snapshot.shipped_at or snapshot.delivered_at:
        reached |= Milestone.SHIPPED
    if snapshot.status is ShipmentStatus.DELIVERED or snapshot.delivered_at:
        reached |= Milestone.DELIVERED
    return reached


def strip(
    *,
    placed_at: datetime,
    paid: tuple[bool, datetime | None],
    fulfilment: FulfilmentStatus,
    shipped_at: datetime | None,
    delivered_at: datetime | None,
    shipments: Sequence[tuple[ShipmentStatus, datetime | None, datetime | None]],
) -> tuple[Dot, ...]:
    """The five dots of an order. `shipments` are (status, shipped, delivered); later dots imply earlier ones.

    With several parcels it is out with the first, and delivered with the last.
    """
    live = [piece for piece in shipments if piece[0] not in {ShipmentStatus.CANCELLED, ShipmentStatus.FAILED}]
    arrived = [done for status, _, done in live if status is ShipmentStatus.DELIVERED or done]
    whole = fulfilment is not FulfilmentStatus.PARTIAL and bool(live) and len(arrived) == len(live)
    delivered = delivered_at is not None or whole
    out = delivered or any(status in _ON_THE_LAST_MILE for status, _, _ in live)
    shipped = (
        out or bool(shipped_at) or fulfilment in _SENT_OFF or any(status in SENT for status, _, _ in live)
    )
    last = max((at for at in arrived if at), default=None) if whole else None
    return (
        Dot(step=Step.PLACED, done=True, at=placed_at),
        Dot(step=Step.PAID, done=paid[0], at=paid[1]),
        Dot(step=Step.SHIPPED, done=shipped, at=earliest(shipped_at, *(at for _, at, _ in live))),
        Dot(step=Step.OUT, done=out),
        Dot(step=Step.DELIVERED, done=delivered, at=delivered_at or last),
    )


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of the moments that are told."""
    return min((at for at in moments if at is not None), default=None)


def number_key(number: str) -> str:
    """An order's number however people type it: "#1001", "nr 1001" and "1001" are one."""
    kept = "".join(letter for letter in number.casefold() if letter.isalnum())
    return re.sub(r"^(nr|no)(?=\d)", "", kept)


def _digest(content: Any) -> str:
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=12).hexdigest()
