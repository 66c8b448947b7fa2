"""Olist's tables to snapshots.

Source: the "Brazilian E-Commerce Public Dataset by Olist". Times are Brazilian without an offset, amounts
reais; buyers have no contact data, only `customer_unique_id`, which names the person over several orders. A
promise is a date. There is no time of change: an order is as new as the last thing that happened to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from opieka.catalogue.types import ProductSnapshot, VariantSnapshot
from opieka.orders.connectors.base import Json, Unreadable, Words, last_of_day
from opieka.orders.types import (
    Address,
    Contact,
    FulfilmentStatus,
    LineSnapshot,
    OrderSnapshot,
    OrderStatus,
    PaymentSnapshot,
    PaymentStatus,
    ShipmentSnapshot,
    ShipmentStatus,
)

CURRENCY = "BRL"
ZONE = ZoneInfo("America/Sao_Paulo")
STATUS: Mapping[str, tuple[OrderStatus, FulfilmentStatus]] = {
    "created": (OrderStatus.OPEN, FulfilmentStatus.UNFULFILLED),
    "approved": (OrderStatus.OPEN, FulfilmentStatus.UNFULFILLED),
    "invoiced": (OrderStatus.OPEN, FulfilmentStatus.UNFULFILLED),
    "processing": (OrderStatus.OPEN, FulfilmentStatus.UNFULFILLED),
    "shipped": (OrderStatus.OPEN, FulfilmentStatus.FULFILLED),
    "delivered": (OrderStatus.COMPLETED, FulfilmentStatus.FULFILLED),
    "canceled": (OrderStatus.CANCELLED, FulfilmentStatus.UNFULFILLED),
    "unavailable": (OrderStatus.CANCELLED, FulfilmentStatus.UNFULFILLED),
}


@dataclass(frozen=True)
class Tables:
    """What belongs to an order in the other files, by order id; `categories` by product id."""

    customers: Mapping[str, Json]
    items: Mapping[str, Sequence[Json]]
    payments: Mapping[str, Sequence[Json]]
    categories: Mapping[str, str]


def order(row: Json, words: Words, tables: Tables) -> OrderSnapshot:
    """A row of the orders file with what the others tell of it."""
    number = str(row["order_id"])
    placed = moment(row["order_purchase_timestamp"])
    if placed is None:
        raise Unreadable("order_purchase_timestamp")
    paid, shipped, delivered = (
        moment(row[f"order_{name}"])
        for name in ("approved_at", "delivered_carrier_date", "delivered_customer_date")
    )
    status, fulfilment = words.look_up(
        STATUS,
        str(row["order_status"]),
        where="order_status",
        unknown=(OrderStatus.UNKNOWN, FulfilmentStatus.UNKNOWN),
    )
    buyer = tables.customers.get(str(row["customer_id"]), {})
    lines = tuple(_lines(tables.items.get(number, ()), tables.categories))
    payments = tuple(_payments(tables.payments.get(number, ()), paid))
    return OrderSnapshot(
        external_id=number,
        number=number,
        placed_at=placed,
        updated_at=max(at for at in (placed, paid, shipped, delivered) if at),
        currency=CURRENCY,
        total=sum(line.total for line in lines) or sum(payment.amount for payment in payments),
        status=status,
        payment_status=PaymentStatus.PAID if paid else PaymentStatus.PENDING,
        fulfilment_status=fulfilment,
        contact=Contact(account_id=str(buyer.get("customer_unique_id") or ""), language="pt"),
        shipping_address=_address(buyer),
        promised_at=last_of_day(moment(row["order_estimated_delivery_date"]), ZONE),
        paid_at=paid,
        lines=lines,
        payments=payments,
        shipments=_shipments(number, shipped, delivered),
    )


def product(product_id: str, *, category: str, price: int, as_of: datetime) -> ProductSnapshot:
    """A product: Olist tells its category, and the orders its last price."""
    return ProductSnapshot(
        external_id=product_id,
        name=name(product_id, category),
        updated_at=as_of,
        currency=CURRENCY,
        category=category,
        variants=(VariantSnapshot(external_id=product_id, sku=product_id[:8], price=price),),
    )


def name(product_id: str, category: str) -> str:
    """Products have no names here: their category and the beginning of their id serve."""
    return f"{category.replace('_', ' ') or 'produto'} {product_id[:8]}"


def cents(amount: float) -> int:
    return round(amount * 100)


def moment(local: datetime | None) -> datetime | None:
    """A Brazilian wall-clock time in UTC."""
    return local.replace(tzinfo=ZONE).astimezone(UTC) if local else None


def _lines(rows: Sequence[Json], categories: Mapping[str, str]) -> Iterator[LineSnapshot]:
    for row in rows:
        product_id = str(row["product_id"])
        price = cents(row["price"])
        yield LineSnapshot(
            external_id=str(row["order_item_id"]),
            name=name(product_id, categories.get(product_id, "")),
            quantity=1,
            price=price,
            total=price + cents(row["freight_value"]),
            sku=product_id[:8],
            product_id=product_id,
            variant_id=product_id,
        )


def _payments(rows: Sequence[Json], paid: datetime | None) -> Iterator[PaymentSnapshot]:
    for row in rows:
        yield PaymentSnapshot(
            external_id=str(row["payment_sequential"]),
            method=str(row["payment_type"]),
            amount=cents(row["payment_value"]),
            status=PaymentStatus.PAID if paid else PaymentStatus.PENDING,
            paid_at=paid,
        )


def _address(buyer: Mapping[str, Any]) -> Address:
    return Address(
        postcode=str(buyer.get("customer_zip_code_prefix") or ""),
        city=str(buyer.get("customer_city") or "").title(),
        region=str(buyer.get("customer_state") or ""),
        country="BR",
    )


def _shipments(
    number: str, shipped: datetime | None, delivered: datetime | None
) -> tuple[ShipmentSnapshot, ...]:
    if shipped is None and delivered is None:
        return ()
    found = ShipmentSnapshot(
        external_id=number,
        status=ShipmentStatus.DELIVERED if delivered else ShipmentStatus.SHIPPED,
        shipped_at=shipped or delivered,
        delivered_at=delivered,
    )
    return (found,)
