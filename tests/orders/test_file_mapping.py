"""Our own file format is forgiving about spelling and exact about meaning."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Connector, Context, Reading, Unreadable
from opieka.orders.connectors.csv import columns
from opieka.orders.types import NoticeKind, OrderSnapshot, OrderStatus, PaymentStatus, ShipmentStatus

AS_OF = datetime(2026, 11, 20, 8, tzinfo=UTC)
CONTEXT = Context(zone=ZoneInfo("Europe/Warsaw"), currency="PLN", as_of=AS_OF)

TABLE = """\
Numer zamówienia;Data;E-mail;Telefon;Klient;SKU;Produkt;Ilość;Cena;Razem;Przesyłka;Kurier;Data wysyłki
1001;02.11.2026 10:15;anna@example.pl;601 234 567;Anna;KUB;Kubek;2;49,90;1 259,80 zł;620001;InPost;03.11.2026
1001;;;;;KOC;Koc;1;1 160,00;;;;
1002;2026-11-05T12:00:00Z;jan@example.pl;;Jan;KUB;Kubek;1;49,90;49,90;;;
"""


def readings(connector: Connector, path: Path) -> list[Reading]:
    assert connector.open
    return list(connector.open(path, CONTEXT).readings)


def from_table(tmp_path: Path, content: str | bytes) -> Reading:
    path = tmp_path / "orders.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (reading,) = readings(CONNECTORS["csv"], path)
    return reading


def whole(reading: Reading) -> list[OrderSnapshot]:
    return [order for order in reading.orders if isinstance(order, OrderSnapshot)]


def test_a_polish_spreadsheet(tmp_path: Path) -> None:
    reading = from_table(tmp_path, TABLE)
    assert reading.notices == ()
    first, second = whole(reading)
    assert (first.number, first.external_id, first.total, first.currency) == ("1001", "1001", 125980, "PLN")
    assert first.placed_at == datetime(2026, 11, 2, 9, 15, tzinfo=UTC)
    assert first.updated_at == AS_OF
    assert (first.contact.email, first.contact.phone) == ("anna@example.pl", "601 234 567")
    assert [(line.sku, line.quantity, line.total) for line in first.lines] == [
        ("KUB", 2, 9980),
        ("KOC", 1, 116000),
    ]
    (shipment,) = first.shipments
    assert (shipment.carrier, shipment.tracking_numbers) == ("InPost", ("620001",))
    assert (shipment.status, shipment.shipped_at) == (
        ShipmentStatus.SHIPPED,
        datetime(2026, 11, 2, 23, tzinfo=UTC),
    )
    assert second.placed_at == datetime(2026, 11, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Order ID", "Created-At", "Customer name", "Total"], ["7", "2026-11-01", "Łucja Żak", "10.00"]]
    content = "\n".join(delimiter.join(row) for row in rows).encode(encoding)
    (order,) = whole(from_table(tmp_path, content))
    assert (order.contact.name, order.total) == ("Łucja Żak", 1000)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Order ID", "order_id"),
        ("orderNumber", "number"),
        ("ORDER_NO", "number"),
        (" Created at ", "placed_at"),
        ("Id zamówienia", "order_id"),
        ("Numer przesyłki", "tracking_number"),
        ("Номер заказа", "number"),
        ("Ημερομηνία", "placed_at"),
        ("Πόλη", "city"),
        ("Something else", "something_else"),
    ],
)
def test_headers(header: str, column: str) -> None:
    assert columns.column(header) == column


@pytest.mark.parametrize(
    ("written", "currency", "amount"),
    [
        ("12.50", "PLN", 1250),
        ("12,50 zł", "PLN", 1250),
        ("1 234,50", "PLN", 123450),
        ("1\u00a0234,5", "PLN", 123450),
        ("1,234.50", "USD", 123450),
        ("1.234,50 €", "EUR", 123450),
        ("1.234", "EUR", 123400),
        ("1.234", "KWD", 1234),
        ("1,234,567", "USD", 123456700),
        ("1500", "JPY", 1500),
        ("-3,5", "PLN", -350),
        ("−3,5", "PLN", -350),
        (".5", "PLN", 50),
        (12.345, "PLN", 1234),
        (7, "PLN", 700),
        (None, "PLN", 0),
    ],
)
def test_amounts(written: object, currency: str, amount: int) -> None:
    assert columns.money({"total": written}, "total", currency) == amount


@pytest.mark.parametrize("written", ["free", "1-2", "--", "12.50.00,1-"])
def test_what_is_no_amount(written: str) -> None:
    with pytest.raises(Unreadable):
        columns.money({"total": written}, "total", "PLN")


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    reading = from_table(
        tmp_path,
        "order_id,placed_at,currency,total,quantity,sku\n"
        "1,2026-11-01,PLN,10,1,A\n"
        "2,11/01/2026,PLN,10,1,A\n"
        "3,2026-11-01,zloty,10,1,A\n"
        "4,2026-11-01,PLN,ten,1,A\n"
        "5,,PLN,10,1,A\n"
        "6,2026-11-01,PLN,10,a few,A\n"
        "\n"
        "8,2026-11-01,PLN,10,1,A\n",
    )
    assert [order.external_id for order in whole(reading)] == ["1", "8"]
    assert [(notice.where, notice.value) for notice in reading.notices] == [
        ("line 3: placed_at", "11/01/2026"),
        ("line 4: currency", "ZLOTY"),
        ("line 5: total", "ten"),
        ("line 6: placed_at", ""),
        ("line 7: quantity", "a few"),
    ]
    assert {notice.kind for notice in reading.notices} == {NoticeKind.REFUSED}


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\n\n"])
def test_a_file_that_names_no_orders(tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable):
        from_table(tmp_path, content)


def test_status_words(tmp_path: Path) -> None:
    reading = from_table(
        tmp_path,
        "id,date,status,paid_at,refunded,total\n"
        "1,2026-11-01,delivered,2026-11-01,,10\n"
        "2,2026-11-01,Canceled,,,10\n"
        "3,2026-11-01,lost in space,,,10\n"
        "4,2026-11-01,,2026-11-01,4,10\n",
    )
    assert [(order.status, order.payment_status) for order in whole(reading)] == [
        (OrderStatus.COMPLETED, PaymentStatus.PAID),
        (OrderStatus.CANCELLED, PaymentStatus.UNKNOWN),
        (OrderStatus.UNKNOWN, PaymentStatus.UNKNOWN),
        (OrderStatus.OPEN, PaymentStatus.PARTIALLY_REFUNDED),
    ]
    assert [notice.value for notice in reading.notices] == ["lost in space"]


DOCUMENT = {
    "id": "A-1",
    "orderNumber": "2026/1",
    "placedAt": "2026-11-01T10:00:00+01:00",
    "updatedAt": "2026-11-03T10:00:00+01:00",
    "currency": "EUR",
    "total": 30.5,
    "email": "eleni@example.gr",
    "shipping_address": {
        "name": "Ελένη",
        "street": "Ερμού 1",
        "zip": "105 63",
        "city": "Αθήνα",
        "country": "gr",
    },
    "lines": [{"id": "l1", "sku": "K", "product": "Κούπα", "qty": 2, "price": 12.2, "line_total": 24.4}],
    "payments": [{"method": "card", "amount": 30.5, "paid_at": "2026-11-01T10:01:00+01:00"}],
    "refunds": [{"id": "r1", "amount": 12.2, "refunded_at": "2026-11-02", "reason": "broken"}],
    "shipments": [{"carrier": "ACS", "tracking_number": "7001", "delivered_at": "2026-11-03T09:00:00+01:00"}],
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([DOCUMENT]),
        json.dumps({"orders": [DOCUMENT]}),
        json.dumps(DOCUMENT),
        "\ufeff" + json.dumps([DOCUMENT], indent=2),
        json.dumps(DOCUMENT) + "\n" + json.dumps(DOCUMENT | {"id": "A-2"}) + "\n",
    ],
)
def test_json_documents(tmp_path: Path, content: str) -> None:
    path = tmp_path / "orders.json"
    path.write_text(content)
    (reading,) = readings(CONNECTORS["json"], path)
    assert reading.notices == ()
    order = whole(reading)[0]
    assert (order.external_id, order.number, order.total) == ("A-1", "2026/1", 3050)
    assert order.updated_at == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert (order.shipping_address.city, order.shipping_address.country) == ("Αθήνα", "GR")
    assert [(line.external_id, line.quantity, line.total) for line in order.lines] == [("l1", 2, 2440)]
    assert [(p.method, p.amount) for p in order.payments] == [("card", 3050)]
    assert [(refund.external_id, refund.amount) for refund in order.refunds] == [("r1", 1220)]
    assert [(s.external_id, s.status) for s in order.shipments] == [("7001", ShipmentStatus.DELIVERED)]


@pytest.mark.parametrize(
    ("told", "kept_until"),
    [
        ("24.12.2026", datetime(2026, 12, 24, 22, 59, 59, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)),
        ("2026-10-25", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),  # a day of 25 hours
        ("24.12.2026 18:00", datetime(2026, 12, 24, 17, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_promised_day_is_kept_until_it_is_over(
    tmp_path: Path, told: str, kept_until: datetime | None
) -> None:
    (order,) = whole(from_table(tmp_path, f"order_id;placed_at;promised_at\n7;2026-06-01;{told}\n"))
    assert order.promised_at == kept_until


@pytest.mark.shared
def test_the_olist_folder(shared: Path) -> None:
    source = CONNECTORS["olist"].open
    assert source
    opened = source(shared / "data/olist", CONTEXT)
    assert opened.total == 73577
    first = next(reading for reading in opened.readings if reading.orders)
    assert first.notices == ()
    order = whole(first)[0]
    assert order.number == "2e7a8482f6fb09756ca50c10d7bfc047"
    assert order.placed_at == datetime(2016, 9, 5, 0, 15, 19, tzinfo=UTC)
    assert order.total == sum(line.total for line in order.lines) > 0
    assert order.shipments[0].status is ShipmentStatus.SHIPPED
