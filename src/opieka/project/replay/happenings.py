"""Records of orders taken apart into moments: what a shop learned when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from opieka.deliveries.types import ParcelStage, Tracking, TrackingReport
from opieka.orders.types import FulfilmentStatus, OrderSnapshot, OrderStatus, PaymentStatus

CARRIER = "generic"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """Something the shop learns at `at`: its order as it stands then, or a carrier's report."""

    at: datetime
    order: OrderSnapshot | None = None
    tracking: Tracking | None = None


def happenings(order: OrderSnapshot) -> Iterator[Happening]:
    """The moments of one order. Nothing in a happening is known only later."""
    fresh = replace(
        order,
        updated_at=order.placed_at,
        status=OrderStatus.OPEN,
        payment_status=PaymentStatus.PENDING,
        fulfilment_status=FulfilmentStatus.UNFULFILLED,
        paid_at=None,
        shipped_at=None,
        delivered_at=None,
        cancelled_at=None,
        payments=(),
        shipments=(),
    )
    yield Happening(at=order.placed_at, order=fresh)
    now = fresh
    if order.paid_at is not None:
        at = max(order.paid_at, order.placed_at)
        now = replace(
            fresh,
            updated_at=at,
            payment_status=order.payment_status,
            paid_at=order.paid_at,
            payments=order.payments,
        )
        yield Happening(at=at, order=now)
    if order.status is OrderStatus.CANCELLED:
        yield Happening(at=order.updated_at, order=replace(order, shipments=()))
    elif sent_at := _sent_at(order):
        at = max(sent_at, now.updated_at)
        sent = replace(now, updated_at=at, shipped_at=at, fulfilment_status=FulfilmentStatus.FULFILLED)
        yield Happening(at=at, order=sent)
    yield from _reports(order)


def _sent_at(order: OrderSnapshot) -> datetime | None:
    """When the shop could say that all of an order had left; None before."""
    left = [shipment.shipped_at or shipment.delivered_at for shipment in order.shipments]
    return max((at for at in left if at), default=None) if all(left) else None


def _reports(order: OrderSnapshot) -> Iterator[Happening]:
    for shipment in order.shipments:
        moments = (
            (shipment.shipped_at, ParcelStage.ACCEPTED),
            (shipment.delivered_at, ParcelStage.DELIVERED),
        )
        for at, stage in moments:
            if at is not None:
                tracking = Tracking(
                    carrier=CARRIER,
                    tracking_number=shipment.external_id,
                    order_number=order.number,
                    reports=(TrackingReport(at=at, stage=stage),),
                )
                yield Happening(at=max(at, order.placed_at), tracking=tracking)
