"""A batch of orders in memory: what is stored, and what reports make of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from opieka.catalogue.types import Applied
from opieka.orders import policy
from opieka.orders.models import Order, OrderLine, Payment, Refund, Shipment
from opieka.orders.policy import Milestone, Version
from opieka.orders.types import OrderPart, OrderSnapshot, RefundSnapshot, ShipmentSnapshot

LONGEST = 100
FIRST_DATES = ("paid_at", "cancelled_at", "shipped_at", "delivered_at")


@dataclass
class State:
    """Some orders of one source by their outside ids, and their pieces by the order's and their own outside id.

    `known` were there whole before this batch, `changed` differ from what is stored, `touched` only in the age of
    their report; `tracked` have shipments with other tracking numbers,
    `discounted` were paid with codes nobody knew of. `heads` are the reports whose content counts and
    is to be written, `reached` the new milestones.
    """

    shop_id: int
    source: str
    orders: dict[str, Order] = field(default_factory=dict)
    lines: defaultdict[str, dict[str, OrderLine]] = field(default_factory=lambda: defaultdict(dict))
    payments: defaultdict[str, dict[str, Payment]] = field(default_factory=lambda: defaultdict(dict))
    refunds: defaultdict[str, dict[str, Refund]] = field(default_factory=lambda: defaultdict(dict))
    shipments: defaultdict[str, dict[str, Shipment]] = field(default_factory=lambda: defaultdict(dict))
    known: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    tracked: set[str] = field(default_factory=set)
    discounted: set[str] = field(default_factory=set)
    heads: dict[str, OrderSnapshot] = field(default_factory=dict)
    reached: dict[str, list[tuple[Milestone, datetime]]] = field(default_factory=dict)

    def applied(self, names: set[str]) -> Applied:
        """How many of the named orders are new, updated and unchanged; parts without their order are updates."""
        new = {name for name in self.changed if self.orders[name].placed_at} - self.known
        updated = self.changed - new
        return Applied(new=len(new), updated=len(updated), unchanged=len(names) - len(new) - len(updated))


def name_of(snapshot: OrderSnapshot | OrderPart) -> str:
    """The outside id as it is stored."""
    return snapshot.external_id[:LONGEST]


def merge(state: State, snapshot: OrderSnapshot | OrderPart) -> None:
    """Add one report: each of its pieces counts where it is newer than what is there."""
    name = name_of(snapshot)
    order = state.orders.get(name)
    if order is None:
        order = Order(shop_id=state.shop_id, source=state.source, external_id=name)
        state.orders[name] = order
        state.changed.add(name)
    if isinstance(snapshot, OrderSnapshot):
        _merge_order(state, order, snapshot)
    for refund in snapshot.refunds:
        _merge_refund(state, order, refund, reported_at=snapshot.updated_at)
    for shipment in snapshot.shipments:
        _merge_shipment(state, order, shipment, reported_at=snapshot.updated_at)


def _merge_order(state: State, order: Order, snapshot: OrderSnapshot) -> None:
    name = order.external_id
    before = Milestone(order.reached)
    fresh = policy.milestones(snapshot, before)
    if fresh:
        state.reached.setdefault(name, []).extend(fresh)
        state.changed.add(name)
        order.reached = before.value | sum(step.value for step, _ in fresh)
    for date in FIRST_DATES:
        first = policy.earliest(getattr(order, date), getattr(snapshot, date))
        if first != getattr(order, date):
            setattr(order, date, first)
            state.changed.add(name)
    version = policy.order_version(snapshot)
    if order.updated_at and version <= Version(order.updated_at, order.progress, order.digest):
        return
    if version.digest == order.digest:
        state.touched.add(name)
    else:
        state.heads[name] = snapshot
        state.changed.add(name)
    order.placed_at = snapshot.placed_at
    order.updated_at, order.progress, order.digest = version.updated_at, version.progress, version.digest


def _merge_refund(state: State, order: Order, snapshot: RefundSnapshot, *, reported_at: datetime) -> None:
    version = policy.refund_version(snapshot, reported_at=reported_at)
    known, key = state.refunds[order.external_id], snapshot.external_id[:LONGEST]
    refund = known[key] = known.get(key) or Refund(shop_id=state.shop_id)
    counts = _counts(state, order, refund, version)
    first = policy.earliest(refund.issued_at, snapshot.issued_at)
    if counts or first != refund.issued_at:
        state.changed.add(order.external_id)
    refund.issued_at = first
    if counts:
        refund.amount, refund.currency = snapshot.amount, snapshot.currency
        refund.reason = "" if order.erased_at else snapshot.reason


def _merge_shipment(state: State, order: Order, snapshot: ShipmentSnapshot, *, reported_at: datetime) -> None:
    version = policy.shipment_version(snapshot, reported_at=reported_at)
    known, key = state.shipments[order.external_id], snapshot.external_id[:LONGEST]
    shipment = known[key] = known.get(key) or Shipment(shop_id=state.shop_id)
    counts = _counts(state, order, shipment, version)
    shipped = policy.earliest(shipment.shipped_at, snapshot.shipped_at)
    delivered = policy.earliest(shipment.delivered_at, snapshot.delivered_at)
    reached = shipment.reached | policy.shipment_milestones(snapshot)
    if counts or (shipped, delivered, reached) != (
        shipment.shipped_at,
        shipment.delivered_at,
        shipment.reached,
    ):
        state.changed.add(order.external_id)
    shipment.shipped_at, shipment.delivered_at, shipment.reached = shipped, delivered, reached
    if counts:
        # By its number anybody may ask the carrier who the parcel is for.
        told = () if order.erased_at else snapshot.tracking_numbers
        numbers = [number[:LONGEST] for number in told]
        if numbers != (shipment.tracking_numbers or []):
            state.tracked.add(order.external_id)
        shipment.status = snapshot.status.value
        shipment.carrier = snapshot.carrier[:LONGEST]
        shipment.tracking_numbers = numbers
        shipment.tracking_url = "" if order.erased_at else snapshot.tracking_url
        shipment.lines = [list(pair) for pair in snapshot.lines]


def _counts(state: State, order: Order, piece: Refund | Shipment, version: Version) -> bool:
    """Whether a report of a refund or shipment brings content that counts; its age is noted if it is newer."""
    if piece.digest and version <= Version(piece.updated_at, piece.progress, piece.digest):
        return False
    state.touched.add(order.external_id)
    known = piece.digest
    piece.updated_at, piece.progress, piece.digest = version.updated_at, version.progress, version.digest
    return known != version.digest


def buyer_is_news(state: State, name: str) -> bool:
    """Whether the report that counts shows another buyer than the one stored."""
    order = state.orders[name]
    if order.erased_at:
        return False
    return order.customer_id is None or order.contact != msgspec.to_builtins(state.heads[name].contact)
