"""Shopify's documents become snapshots."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opieka.orders.connectors.base import Context, Unreadable, Words, documents
from opieka.orders.connectors.shopify import mapping, webhooks
from opieka.orders.types import (
    FulfilmentStatus,
    NoticeKind,
    OrderPart,
    OrderSnapshot,
    OrderStatus,
    PaymentStatus,
    ShipmentStatus,
)
from tests.orders.shapes import shopify_order

CONTEXT = Context(currency="PLN")


def read(**changes: Any) -> OrderSnapshot:
    return mapping.order(shopify_order(**changes), Words())


def test_a_current_order() -> None:
    words = Words()
    order = mapping.order(shopify_order(), words)
    assert words.notices == []
    assert (order.external_id, order.number, order.currency, order.total) == ("5501", "#1042", "PLN", 25980)
    assert order.placed_at == datetime(2026, 11, 2, 9, 14, 58, tzinfo=UTC)
    assert order.updated_at == datetime(2026, 11, 4, 7, tzinfo=UTC)
    assert order.status is OrderStatus.OPEN
    assert order.payment_status is PaymentStatus.PARTIALLY_REFUNDED
    assert order.fulfilment_status is FulfilmentStatus.PARTIAL
    contact = order.contact
    assert (contact.name, contact.email, contact.phone) == ("Anna Nowak", "anna@example.pl", "+48601234567")
    assert (contact.account_id, contact.language) == ("77", "pl")
    assert order.shipping_address.street == "ul. Leśna 5\nm. 3"
    assert order.shipping_address.country == "PL"
    first, second = order.lines
    assert (first.quantity, first.price, first.total) == (1, 4990, 2 * 4990 - 980)
    assert (second.name, second.product_id, second.total) == ("Koc", "", 16980)
    (payment,) = order.payments
    assert (payment.method, payment.amount) == ("przelewy24", 25980)
    (refund,) = order.refunds
    assert (refund.external_id, refund.amount, refund.reason) == ("71", 4500, "obtłuczony")
    (shipment,) = order.shipments
    assert shipment.status is ShipmentStatus.OUT_FOR_DELIVERY
    assert shipment.tracking_numbers == ("6200000001", "6200000002")
    assert shipment.shipped_at == datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert shipment.lines == (("2", 1),)


def test_tax_that_comes_on_top_is_part_of_what_was_paid() -> None:
    line = read(taxes_included=False).lines[0]
    assert line.total == 2 * 4990 - 980 + 1683


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        (
            {"cancelled_at": "2026-11-03T00:00:00Z", "closed_at": "2026-11-03T00:00:00Z"},
            OrderStatus.CANCELLED,
        ),
        ({"closed_at": "2026-11-03T00:00:00Z"}, OrderStatus.COMPLETED),
        ({}, OrderStatus.OPEN),
    ],
)
def test_status(changes: dict[str, Any], status: OrderStatus) -> None:
    assert read(**changes).status is status


@pytest.mark.parametrize(
    ("field", "table"), [("financial_status", mapping.PAYMENT), ("fulfillment_status", mapping.FULFILMENT)]
)
def test_every_known_word_has_a_meaning(field: str, table: dict[str, Any]) -> None:
    for word in table:
        words = Words()
        mapping.order(shopify_order(**{field: word}), words)
        assert words.notices == []


def test_an_unknown_word_is_seen_and_stops_nothing() -> None:
    words = Words()
    order = mapping.order(shopify_order(financial_status="in_escrow", fulfillment_status="teleported"), words)
    assert order.payment_status is PaymentStatus.UNKNOWN
    assert order.fulfilment_status is FulfilmentStatus.UNKNOWN
    assert [(n.kind, n.where, n.value) for n in words.notices] == [
        (NoticeKind.UNKNOWN_WORD, "financial_status", "in_escrow"),
        (NoticeKind.UNKNOWN_WORD, "fulfillment_status", "teleported"),
    ]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"id": None}, "id"),
        ({"currency": ""}, "currency"),
        ({"created_at": None, "processed_at": None}, "created_at"),
        ({"created_at": "yesterday", "processed_at": None}, "created_at"),
        ({"total_price": "a lot"}, "total_price"),
        ({"line_items": [{"id": 1, "price": "1", "quantity": "many"}]}, "quantity"),
    ],
)
def test_what_an_order_cannot_do_without(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(Unreadable) as problem:
        read(**changes)
    assert problem.value.where == where


@pytest.mark.parametrize("nonsense", [None, [], "text", 7, [None], ["x"], {"a": 1}])
@pytest.mark.parametrize("field", ["customer", "shipping_address", "line_items", "refunds", "fulfillments"])
def test_nonsense_in_a_part_does_not_break_the_order(field: str, nonsense: Any) -> None:
    try:
        assert read(**{field: nonsense}).external_id == "5501"
    except Unreadable:
        pytest.fail("an optional part refused the order")


def test_transactions_tell_more_than_the_status() -> None:
    order = read(
        financial_status="paid",
        transactions=[
            {"id": 1, "kind": "authorization", "status": "success", "amount": "259.80"},
            {"id": 2, "kind": "capture", "status": "success", "amount": "259.80", "gateway": "blik",
             "processed_at": "2026-11-02T10:20:00+01:00"},
        ],
    )  # fmt: skip
    (payment,) = order.payments
    assert (payment.external_id, payment.method, payment.status) == ("2", "blik", PaymentStatus.PAID)
    assert order.paid_at == datetime(2026, 11, 2, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize("topic", ["orders/create", "orders/updated", "ORDERS/PAID", "orders/cancelled"])
def test_order_webhooks(topic: str) -> None:
    (order,) = webhooks.read(topic, json.dumps(shopify_order()).encode(), CONTEXT).orders
    assert order == read()


def test_a_refund_and_a_fulfilment_come_without_their_order() -> None:
    refund, shipment = shopify_order()["refunds"][0], shopify_order()["fulfillments"][0]
    raw = json.dumps(refund | {"order_id": 5501}).encode()
    (part,) = webhooks.read("refunds/create", raw, CONTEXT).orders
    assert isinstance(part, OrderPart)
    assert (part.external_id, part.refunds) == ("5501", read().refunds)
    raw = json.dumps(shipment | {"order_id": 5501}).encode()
    (part,) = webhooks.read("fulfillments/update", raw, CONTEXT).orders
    assert part.shipments == read().shipments


def test_a_product() -> None:
    raw = json.dumps(
        {
            "id": 900, "title": "Kubek lniany", "product_type": "Kuchnia", "vendor": "Las",
            "updated_at": "2026-11-01T00:00:00Z", "status": "active", "handle": "kubek",
            "variants": [
                {"id": 901, "sku": "KUB-1", "title": "szary", "price": "49.90", "inventory_quantity": 0,
                 "inventory_management": "shopify", "inventory_policy": "deny"},
                {"id": 902, "sku": "KUB-2", "title": "biały", "price": "52.00"},
            ],
        }
    ).encode()  # fmt: skip
    (product,) = webhooks.read("products/update", raw, CONTEXT).products
    assert (product.name, product.category, product.brand) == ("Kubek lniany", "Kuchnia", "Las")
    assert product.variants is not None
    assert [(v.price, v.stock, v.in_stock) for v in product.variants] == [
        (4990, 0, False),
        (5200, None, True),
    ]
    gone = webhooks.read("products/delete", b'{"id": 900}', CONTEXT)
    assert gone.withdrawn == ("900",)


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("app/uninstalled", NoticeKind.DISCONNECTED),
        ("orders/delete", NoticeKind.DELETED_IN_SHOP),
        ("customers/redact", NoticeKind.PRIVACY_REQUEST),
        ("themes/publish", NoticeKind.UNKNOWN_TOPIC),
        ("", NoticeKind.UNKNOWN_TOPIC),
    ],
)
def test_topics_a_person_should_see(topic: str, kind: NoticeKind) -> None:
    reading = webhooks.read(topic, b'{"id": 5501}', CONTEXT)
    assert [notice.kind for notice in reading.notices] == [kind]
    assert reading.disconnected is (kind is NoticeKind.DISCONNECTED)


@pytest.mark.parametrize("raw", [b"", b"not json", b"[]", b"[1]", b"null", b'"x"', b"\xff\xfe"])
def test_a_body_that_is_not_what_the_topic_promises(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        webhooks.read("orders/create", raw, CONTEXT)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "total"), [("order.json", 40994), ("orders.json", 59894)])
def test_recorded_orders(shared: Path, name: str, total: int) -> None:
    found = documents((shared / "fixtures/webhooks/shopify" / name).read_bytes(), "order")
    words = Words()
    orders = [mapping.order(document, words) for document in found]
    assert orders
    assert words.notices == []
    for order in orders:
        assert (order.number, order.currency, order.total) == ("#1001", "USD", total)
        assert order.contact.email == "bob.norman@hostmail.com"
        assert [line.total for line in order.lines] == [19900] * (3 if name == "order.json" else 0)


@pytest.mark.shared
def test_recorded_parts(shared: Path) -> None:
    folder = shared / "fixtures/webhooks/shopify"
    (part,) = webhooks.read("refunds/create", (folder / "refund.json").read_bytes(), CONTEXT).orders
    (refund,) = part.refunds
    assert (part.external_id, refund.amount, refund.currency) == ("450789469", 20900, "USD")
    (part,) = webhooks.read("fulfillments/create", (folder / "fulfillment.json").read_bytes(), CONTEXT).orders
    (shipment,) = part.shipments
    assert (shipment.status, shipment.tracking_numbers) == (ShipmentStatus.PENDING, ("1Z2345",))
    products = documents((folder / "products.json").read_bytes(), "product")
    read_products = [mapping.product(document, "USD") for document in products]
    assert [len(product.variants or ()) for product in read_products] == [1, 1, 1, 1]
