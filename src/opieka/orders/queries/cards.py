"""Orders as others see them, made from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db.models import QuerySet

from opieka.orders import policy
from opieka.orders.models import Order, OrderLine, Payment, Refund, Shipment
from opieka.orders.types import (
    Address,
    Contact,
    Dot,
    FulfilmentStatus,
    LineCard,
    OrderCard,
    OrderStatus,
    PaymentCard,
    PaymentStatus,
    RefundCard,
    ShipmentCard,
    ShipmentStatus,
)

Row = TypeVar("Row", OrderLine, Payment, Refund, Shipment)


def cards(rows: QuerySet[Order], *, brief: bool = False) -> list[OrderCard]:
    """The cards of some orders: 5 queries, however many orders; 3 when `brief`, without payments and refunds."""
    found = list(rows)
    lines = _by_order(OrderLine.objects.order_by("position", "id"), found)
    nothing: Mapping[int, list[Any]] = defaultdict(list)
    payments = nothing if brief else _by_order(Payment.objects.order_by("id"), found)
    refunds = nothing if brief else _by_order(Refund.objects.order_by("id"), found)
    shipments = _by_order(Shipment.objects.order_by("id"), found)
    return [_card(row, lines[row.pk], payments[row.pk], refunds[row.pk], shipments[row.pk]) for row in found]


def _by_order(rows: QuerySet[Row], found: Iterable[Order]) -> Mapping[int, list[Row]]:
    by_order: defaultdict[int, list[Row]] = defaultdict(list)
    shops = {row.shop_id for row in found}
    for row in rows.filter(shop_id__in=shops, order_id__in=[row.pk for row in found]):
        by_order[row.order_id].append(row)
    return by_order


def _card(
    row: Order,
    lines: list[OrderLine],
    payments: list[Payment],
    refunds: list[Refund],
    shipments: list[Shipment],
) -> OrderCard:
    placed, updated = cast(datetime, row.placed_at), cast(datetime, row.updated_at)
    sent = tuple(shipment_card(shipment) for shipment in shipments)
    return OrderCard(
        id=row.pk,
        shop_id=row.shop_id,
        customer_id=row.customer_id,
        source=row.source,
        external_id=row.external_id,
        number=row.number,
        placed_at=placed,
        updated_at=updated,
        currency=row.currency,
        total=row.total,
        status=OrderStatus(row.status),
        payment_status=PaymentStatus(row.payment_status),
        fulfilment_status=FulfilmentStatus(row.fulfilment_status),
        contact=Contact(**row.contact),
        shipping_address=Address(**row.shipping_address),
        billing_address=Address(**row.billing_address),
        note=row.note,
        promised_at=row.promised_at,
        paid_at=row.paid_at,
        cancelled_at=row.cancelled_at,
        lines=tuple(_line(line) for line in lines),
        payments=tuple(_payment(payment) for payment in payments),
        refunds=tuple(_refund(refund) for refund in refunds),
        shipments=sent,
        strip=_strip(row, placed, sent),
        discount_codes=tuple(row.discount_codes),
    )


def _strip(row: Order, placed: datetime, sent: Sequence[ShipmentCard]) -> tuple[Dot, ...]:
    return policy.strip(
        placed_at=placed,
        paid=(PaymentStatus(row.payment_status) in policy.PAID, row.paid_at),
        fulfilment=FulfilmentStatus(row.fulfilment_status),
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        shipments=[(piece.status, piece.shipped_at, piece.delivered_at) for piece in sent],
    )


def _line(row: OrderLine) -> LineCard:
    return LineCard(
        id=row.pk,
        external_id=row.external_id,
        name=row.name,
        sku=row.sku,
        product_id=row.product_outside_id,
        variant_id=row.variant_outside_id,
        quantity=row.quantity,
        price=row.price,
        total=row.total,
    )


def _payment(row: Payment) -> PaymentCard:
    return PaymentCard(
        id=row.pk,
        method=row.method,
        amount=row.amount,
        status=PaymentStatus(row.status),
        paid_at=row.paid_at,
    )


def _refund(row: Refund) -> RefundCard:
    return RefundCard(
        id=row.pk, amount=row.amount, currency=row.currency, issued_at=row.issued_at, reason=row.reason
    )


def shipment_card(row: Shipment) -> ShipmentCard:
    """A shipment as others see it."""
    return ShipmentCard(
        id=row.pk,
        status=ShipmentStatus(row.status),
        carrier=row.carrier,
        tracking_numbers=tuple(row.tracking_numbers),
        tracking_url=row.tracking_url,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        lines=tuple((line, quantity) for line, quantity in row.lines),
    )
