"""Our own file format to snapshots: a table with one row per order line, or JSON documents with the same
names.

The format is documented in the orders README. Header names are forgiving: case, accents, spaces and common
synonyms (also Polish, Russian and Greek) do not matter.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from opieka.kernel.money import Money, exponent
from opieka.orders.connectors.base import Context, Json, Unreadable, Words, objects, present, text
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

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "order_id": ("id", "external_id", "order", "id_zamowienia", "заказ", "id_заказа", "παραγγελια"),
    "number": (
        "order_number",
        "order_no",
        "no",
        "numer",
        "numer_zamowienia",
        "номер",
        "номер_заказа",
        "αριθμος",
    ),
    "placed_at": (
        "created_at",
        "date",
        "order_date",
        "ordered_at",
        "created",
        "purchased_at",
        "data",
        "data_zamowienia",
        "дата",
        "дата_заказа",
        "ημερομηνια",
    ),
    "updated_at": ("modified_at", "updated", "last_modified"),
    "status": ("order_status", "stan", "статус", "κατασταση"),
    "payment_status": ("financial_status", "paid_status"),
    "fulfilment_status": ("fulfillment_status", "shipping_status"),
    "currency": ("waluta", "валюта", "νομισμα"),
    "total": (
        "amount",
        "total_price",
        "order_total",
        "grand_total",
        "suma",
        "razem",
        "kwota",
        "сумма",
        "συνολο",
    ),
    "email": ("e_mail", "customer_email", "buyer_email", "mail", "почта", "ηλεκτρονικη_διευθυνση"),
    "phone": ("telephone", "tel", "customer_phone", "mobile", "telefon", "телефон", "τηλεφωνο"),
    "name": ("customer", "customer_name", "buyer", "full_name", "klient", "imie_i_nazwisko", "имя", "ονομα"),
    "customer_id": ("account_id", "buyer_id"),
    "language": ("lang", "locale", "jezyk", "язык", "γλωσσα"),
    "paid_at": ("payment_date", "data_platnosci"),
    "shipped_at": ("shipping_date", "dispatched_at", "data_wysylki"),
    "delivered_at": ("delivery_date", "data_dostawy"),
    "promised_at": ("estimated_delivery", "promised_delivery", "expected_at"),
    "cancelled_at": ("canceled_at",),
    "carrier": ("courier", "shipping_company", "kurier", "przewoznik"),
    "tracking_number": (
        "tracking",
        "tracking_no",
        "parcel_number",
        "przesylka",
        "numer_przesylki",
        "трек_номер",
    ),
    "tracking_url": ("tracking_link",),
    "note": ("comment", "customer_note", "uwagi", "комментарий"),
    "payment_method": ("payment", "gateway", "platnosc"),
    "refunded": ("refund", "refund_amount", "refunded_amount", "zwrot"),
    "refunded_at": ("refund_date",),
    "street": ("address", "address1", "shipping_address", "ulica", "adres", "адрес", "διευθυνση"),
    "postcode": ("zip", "zip_code", "postal_code", "kod_pocztowy", "индекс", "τκ"),
    "city": ("town", "miasto", "город", "πολη"),
    "country": ("country_code", "kraj", "страна", "χωρα"),
    "line_id": ("item_id", "line"),
    "sku": ("product_sku", "item_sku", "symbol", "артикул"),
    "product": ("item", "product_name", "item_name", "title", "produkt", "nazwa_produktu", "товар", "προιον"),
    "quantity": ("qty", "pieces", "ilosc", "количество", "ποσοτητα"),
    "price": ("unit_price", "item_price", "cena", "цена", "τιμη"),
    "line_total": ("item_total", "row_total", "wartosc"),
}
COLUMNS: Mapping[str, str] = {
    alias: column for column, aliases in SYNONYMS.items() for alias in (column, *aliases)
}
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
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_ENCODINGS = ("utf-8-sig", "cp1250")


def column(header: str) -> str:
    """The column a header means: folded, blanks to `_`, synonyms resolved; unknown ones stay as they are."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header.strip())
    folded = unicodedata.normalize("NFD", spaced.casefold().replace("ł", "l"))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("ς", "σ")
    name = re.sub(r"[^\w]+", "_", plain).strip("_")
    return COLUMNS.get(name, name)


def decode(raw: bytes) -> str:
    """The file's text: by its byte order mark, as UTF-8, else as Windows-1250, which never fails here."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode(_ENCODINGS[0])
    except UnicodeDecodeError:
        return raw.decode(_ENCODINGS[1], errors="replace")


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
    currency = (text(data, "currency") or context.currency).upper()
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Unreadable("currency", currency)
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
        promised_at=moment(data, "promised_at", context),
        paid_at=moment(data, "paid_at", context),
        cancelled_at=moment(data, "cancelled_at", context),
        shipped_at=None if shipments else moment(data, "shipped_at", context),
        delivered_at=None if shipments else moment(data, "delivered_at", context),
        lines=lines,
        payments=tuple(_payments(data, currency, payment, context, total)),
        refunds=refunds,
        shipments=shipments,
    )


def money(data: Json, key: str, currency: str) -> int:
    """The amount under `key` in minor units, however it is written: 1 234,50 or 1,234.50 or 12.50 zł.

    A JSON number is taken as it is. In text the last point or comma is the decimal one, unless exactly three
    digits follow it and the currency has not three decimals: then it parts thousands.
    """
    found = text(data, key)
    if not found:
        return 0
    try:
        plain = found if isinstance(data.get(key), int | float) else _plain(found, exponent(currency))
        return Money.parse(plain, currency).amount
    except ValueError as error:
        raise Unreadable(key, found) from error


def _plain(found: str, decimals: int) -> str:
    digits = re.sub(r"[^\d.,\-]", "", found.replace("−", "-")).rstrip(".,")
    cut = max(digits.rfind("."), digits.rfind(","))
    if cut < 0 or (len(digits) - cut == 4 and decimals != 3):
        return re.sub("[.,]", "", digits)
    return re.sub("[.,]", "", digits[:cut]) + "." + digits[cut + 1 :]


def moment(data: Json, key: str, context: Context) -> datetime | None:
    """The moment under `key` in UTC: ISO 8601 or 31.12.2024 23:59; without an offset in the shop's zone."""
    found = text(data, key)
    if not found:
        return None
    try:
        at = _dotted(found) or datetime.fromisoformat(found)
    except ValueError as error:
        raise Unreadable(key, found) from error
    return (at if at.tzinfo else at.replace(tzinfo=context.zone)).astimezone(UTC)


def _dotted(found: str) -> datetime | None:
    matched = _DOTTED.fullmatch(found)
    if matched is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in matched.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the caller's to set


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
    try:
        return int(Decimal(found.replace(",", ".")))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Unreadable("quantity", found) from error


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
