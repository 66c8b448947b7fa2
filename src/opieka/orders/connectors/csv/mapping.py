"""Our own file format to snapshots: a table with one row per order line, or JSON documents with the same
names.

The format is documented in the orders README. Header names are forgiving: case, accents, spaces and common
synonyms (also Polish, Russian and Greek) do not matter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from opieka.orders.connectors import base
from opieka.orders.connectors.base import (
    Context,
    Json,
    Unreadable,
    Words,
    last_of_day,
    objects,
    present,
    text,
    whole,
)
from opieka.orders.connectors.csv.columns import column, decode, moment, money
from opieka.orders.types import (
    Address,
    Contact,
    FulfilmentStatus,
    LineSnapshot,
    OrderSnapshot,
    OrderStatus,
    PaymentSnapshot,
    PaymentStatus,
    RefundSnapshot,
    ShipmentSnapshot,
    ShipmentStatus,
)

PIECE = {"id": "id", "external_id": "id", "name": "product"}
STATUS = {
    "": OrderStatus.OPEN,
    **{status.value: status for status in OrderStatus},
    "new": OrderStatus.OPEN,
    "pending": OrderStatus.OPEN,
    "processing": OrderStatus.OPEN,
    "shipped": OrderStatus.OPEN,
    "delivered": OrderStatus.COMPLETED,
    "complete": OrderStatus.COMPLETED,
    "canceled": OrderStatus.CANCELLED,
}
PAYMENT = {"authorized": PaymentStatus.AUTHORISED, **{status.value: status for status in PaymentStatus}}
FULFILMENT = {
    "shipped": FulfilmentStatus.FULFILLED,
    "delivered": FulfilmentStatus.FULFILLED,
    **{status.value: status for status in FulfilmentStatus},
}


def tables(raw: bytes) -> Iterator[Json]:
    """The orders of a CSV file as documents with `lines`, in the order they first appear.

    The delimiter is the one that cuts the header into most columns. Raises `Unreadable` when there is no
    header that names an order.
    """
    content = decode(raw)
    first = content.partition("\n")[0]
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=max(",;\t|", key=first.count))
    header = [column(name) for name in next(reader, [])]
    if not {"order_id", "number"} & set(header):
        raise Unreadable("header", first.strip())
    found: dict[str, Json] = {}
    for cells in reader:
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
        if not row:
            continue
        key = row.get("order_id") or row.get("number") or f"\n{reader.line_num}"
        document = found.setdefault(key, {**row, "row": reader.line_num, "lines": []})
        document["lines"].append(row)
        # A later row may fill in what the first row of its order left out.
        for name, cell in row.items():
            document.setdefault(name, cell)
    yield from found.values()


def document(data: Json) -> Json:
    """A JSON document with its names, and those of its lists and objects, resolved as headers are."""
    return {column(key): _resolved(value) for key, value in data.items()}


def _resolved(value: Any) -> Any:
    if isinstance(value, list):
        return [_piece(item) if isinstance(item, dict) else item for item in value]
    return document(value) if isinstance(value, dict) else value


def _piece(data: Json) -> Json:
    """A line, payment, refund or shipment: its id and name are its own, not the order's or the buyer's."""
    return {PIECE.get(key.casefold()) or column(key): value for key, value in data.items()}


def order(data: Json, words: Words, context: Context) -> OrderSnapshot:
    """A whole order; `Unreadable` names the column that is missing or wrong."""
    number = text(data, "number") or text(data, "order_id")
    if not number:
        raise Unreadable("order_id")
    currency = base.currency(data, context.currency)
    placed = moment(data, "placed_at", context)
    if placed is None:
        raise Unreadable("placed_at")
    lines = tuple(_lines(data, currency))
    total = money(data, "total", currency) if text(data, "total") else sum(line.total for line in lines)
    shipments = tuple(_shipments(data, context))
    refunds = tuple(_refunds(data, currency, context))
    payment = _payment_status(data, words, total, sum(refund.amount for refund in refunds))
    return OrderSnapshot(
        external_id=text(data, "order_id") or number,
        number=number,
        placed_at=placed,
        updated_at=moment(data, "updated_at", context) or context.as_of,
        currency=currency,
        total=total,
        status=_status(data, words),
        payment_status=payment,
        fulfilment_status=_fulfilment(data, words),
        contact=_contact(data),
        shipping_address=_address(data),
        note=text(data, "note"),
        promised_at=_promised(data, context),
        paid_at=moment(data, "paid_at", context),
        cancelled_at=moment(data, "cancelled_at", context),
        shipped_at=None if shipments else moment(data, "shipped_at", context),
        delivered_at=None if shipments else moment(data, "delivered_at", context),
        lines=lines,
        payments=tuple(_payments(data, currency, payment, context, total)),
        refunds=refunds,
        shipments=shipments,
        discount_codes=tuple(filter(None, re.split(r"[\s,;|]+", text(data, "discount_codes")))),
    )


def _promised(data: Json, context: Context) -> datetime | None:
    at = moment(data, "promised_at", context)
    return at if ":" in text(data, "promised_at") else last_of_day(at, context.zone)


def _status(data: Json, words: Words) -> OrderStatus:
    if text(data, "cancelled_at"):
        return OrderStatus.CANCELLED
    return words.look_up(STATUS, text(data, "status"), where="status", unknown=OrderStatus.UNKNOWN)


def _payment_status(data: Json, words: Words, total: int, refunded: int) -> PaymentStatus:
    if word := text(data, "payment_status"):
        return words.look_up(PAYMENT, word, where="payment_status", unknown=PaymentStatus.UNKNOWN)
    if refunded:
        return PaymentStatus.REFUNDED if refunded >= total else PaymentStatus.PARTIALLY_REFUNDED
    return PaymentStatus.PAID if text(data, "paid_at") else PaymentStatus.UNKNOWN


def _fulfilment(data: Json, words: Words) -> FulfilmentStatus:
    if word := text(data, "fulfilment_status"):
        return words.look_up(FULFILMENT, word, where="fulfilment_status", unknown=FulfilmentStatus.UNKNOWN)
    sent = text(data, "shipped_at") or text(data, "delivered_at") or data.get("shipments")
    return FulfilmentStatus.FULFILLED if sent else FulfilmentStatus.UNFULFILLED


def _contact(data: Json) -> Contact:
    return Contact(
        name=text(data, "name"),
        email=text(data, "email"),
        phone=text(data, "phone"),
        account_id=text(data, "customer_id"),
        language=text(data, "language").lower()[:2],
    )


def _address(data: Json) -> Address:
    nested = data.get("street")
    found = {**data, **nested} if isinstance(nested, dict) else data
    return Address(
        name=text(found, "name"),
        company=text(found, "company"),
        street=text(found, "street"),
        postcode=text(found, "postcode"),
        city=text(found, "city"),
        region=text(found, "region"),
        country=text(found, "country").upper()[:2],
    )


def _lines(data: Json, currency: str) -> Iterator[LineSnapshot]:
    for position, row in enumerate(objects(data, "lines"), 1):
        name = text(row, "product") or text(row, "sku")
        if not name:
            continue
        quantity = _quantity(row)
        price = money(row, "price", currency)
        yield LineSnapshot(
            external_id=text(row, "line_id") or text(row, "id") or str(position),
            name=name,
            quantity=quantity,
            price=price,
            total=money(row, "line_total", currency) if text(row, "line_total") else price * quantity,
            sku=text(row, "sku"),
            product_id=text(row, "product_id"),
        )


def _quantity(row: Json) -> int:
    found = text(row, "quantity") or "1"
    return whole({"quantity": found.replace(",", ".")}, "quantity")


def _payments(
    data: Json, currency: str, status: PaymentStatus, context: Context, total: int
) -> Iterator[PaymentSnapshot]:
    listed = objects(data, "payments")
    method = text(data, "payment_method")
    for position, item in enumerate(listed or ([data] if method else []), 1):
        yield PaymentSnapshot(
            external_id=text(item, "id") or str(position),
            method=text(item, "payment_method") or text(item, "method"),
            amount=money(item, "total", currency) if listed else total,
            status=status,
            paid_at=moment(item, "paid_at", context),
        )


def _refunds(data: Json, currency: str, context: Context) -> Iterator[RefundSnapshot]:
    listed = objects(data, "refunds")
    for position, item in enumerate(listed or ([data] if text(data, "refunded") else []), 1):
        yield RefundSnapshot(
            external_id=text(item, "id") or str(position),
            amount=abs(money(item, "total" if listed else "refunded", currency)),
            currency=currency,
            issued_at=moment(item, "refunded_at", context),
            reason=text(item, "reason"),
        )


def _shipments(data: Json, context: Context) -> Iterator[ShipmentSnapshot]:
    listed = objects(data, "shipments")
    rows = listed or _parcels(data)
    for item in rows:
        number = text(item, "tracking_number")
        shipped, delivered = moment(item, "shipped_at", context), moment(item, "delivered_at", context)
        gone = present(delivered, shipped)
        status = ShipmentStatus.SHIPPED if gone or not listed else ShipmentStatus.PENDING
        yield ShipmentSnapshot(
            external_id=text(item, "id") or number or "1",
            status=ShipmentStatus.DELIVERED if delivered else status,
            carrier=text(item, "carrier"),
            tracking_numbers=(number,) if number else (),
            tracking_url=text(item, "tracking_url"),
            shipped_at=present(shipped, delivered),
            delivered_at=delivered,
        )


def _parcels(data: Json) -> list[Json]:
    """A table's rows name one parcel each, often the same one: each number once."""
    rows = objects(data, "lines") or [data]
    return list({number: row for row in rows if (number := text(row, "tracking_number"))}.values())
