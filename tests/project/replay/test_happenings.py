"""A record taken apart tells at each moment only what was known by then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries.types import ParcelStage
from opieka.orders.types import (
    FulfilmentStatus,
    OrderSnapshot,
    OrderStatus,
    PaymentSnapshot,
    PaymentStatus,
    ShipmentSnapshot,
    ShipmentStatus,
)
from opieka.project.replay.happenings import happenings

PLACED = datetime(2018, 3, 1, 12, tzinfo=UTC)
later = st.none() | st.integers(0, 60).map(lambda days: PLACED + timedelta(days=days))


def order(
    paid: datetime | None, shipped: datetime | None, delivered: datetime | None, status: OrderStatus
) -> OrderSnapshot:
    payment = PaymentSnapshot(
        external_id="1", method="boleto", amount=100, status=PaymentStatus.PAID, paid_at=paid
    )
    gone = shipped or delivered
    shipment = ShipmentSnapshot(
        external_id="p", status=ShipmentStatus.SHIPPED, shipped_at=gone, delivered_at=delivered
    )
    return OrderSnapshot(
        external_id="o",
        number="o",
        placed_at=PLACED,
        updated_at=max(at for at in (PLACED, paid, shipped, delivered) if at),
        currency="BRL",
        total=100,
        status=status,
        payment_status=PaymentStatus.PAID if paid else PaymentStatus.PENDING,
        promised_at=PLACED + timedelta(days=20),
        paid_at=paid,
        payments=(payment,) if paid else (),
        shipments=(shipment,) if gone else (),
    )


orders = st.builds(order, later, later, later, st.sampled_from([OrderStatus.OPEN, OrderStatus.CANCELLED]))


@given(orders)
def test_nothing_is_told_before_it_happened(whole: OrderSnapshot) -> None:
    for one in happenings(whole):
        if one.order:
            told = (one.order.placed_at, one.order.paid_at, one.order.updated_at)
            assert all(at <= one.at for at in told if at)
            assert one.order.shipments == ()
        if one.tracking:
            assert all(report.at <= one.at for report in one.tracking.reports)


@given(orders)
def test_all_is_told_in_the_end(whole: OrderSnapshot) -> None:
    told = list(happenings(whole))
    latest = sorted((one for one in told if one.order), key=lambda one: one.at)[-1].order
    assert latest is not None
    assert latest.paid_at == whole.paid_at
    cancelled = any(one.order.status is OrderStatus.CANCELLED for one in told if one.order)
    assert cancelled == (whole.status is OrderStatus.CANCELLED)
    stages = [report.stage for one in told if one.tracking for report in one.tracking.reports]
    delivered = any(shipment.delivered_at for shipment in whole.shipments)
    assert (ParcelStage.DELIVERED in stages) == delivered
    sent = latest.fulfilment_status is FulfilmentStatus.FULFILLED
    assert sent == (bool(whole.shipments) and not cancelled)
