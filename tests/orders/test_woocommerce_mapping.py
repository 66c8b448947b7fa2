"""WooCommerce's documents become snapshots."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opieka.orders.connectors.base import Context, Unreadable, Words
from opieka.orders.connectors.woocommerce import mapping
from opieka.orders.types import FulfilmentStatus, NoticeKind, OrderSnapshot, OrderStatus, PaymentStatus
from tests.orders.shapes import woocommerce_order

CONTEXT = Context(currency="EUR", zone=ZoneInfo("Europe/Athens"))


def read(**changes: Any) -> OrderSnapshot:
    order = mapping.order(woocommerce_order(**changes), Words(), CONTEXT)
    assert order is not None
    return order


def test_an_order() -> None:
    order = read()
    assert (order.external_id, order.number, order.total) == ("727", "2026/727", 2935)
    assert order.placed_at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert order.paid_at == datetime(2026, 11, 2, 10, 1, tzinfo=UTC)
    assert (order.status, order.payment_status) == (OrderStatus.COMPLETED, PaymentStatus.PAID)
    assert (order.contact.name, order.contact.email) == ("Ελένη Παππά", "eleni@example.gr")
    assert order.contact.account_id == ""
    (line,) = order.lines
    assert (line.name, line.price, line.total, line.variant_id) == ("Κούπα – λευκή", 1240, 1984, "")
    (shipment,) = order.shipments
    assert (shipment.carrier, shipment.tracking_numbers) == ("acs", ("7001",))
    assert shipment.shipped_at == datetime.fromtimestamp(1793700000, UTC)
    assert order.shipped_at is None


def test_dates_without_gmt_are_in_the_sites_zone() -> None:
    order = read(date_created_gmt=None, date_modified_gmt=None)
    assert order.placed_at == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_completed_without_a_parcel_is_still_shipped() -> None:
    order = read(meta_data=[])
    assert order.shipments == ()
    assert order.shipped_at == datetime(2026, 11, 3, 10, tzinfo=UTC)


UNPAID = {"date_paid": None, "date_paid_gmt": None}


@pytest.mark.parametrize(
    ("changes", "status", "payment"),
    [
        ({"status": "pending"} | UNPAID, OrderStatus.OPEN, PaymentStatus.PENDING),
        ({"status": "processing"}, OrderStatus.OPEN, PaymentStatus.PAID),
        ({"status": "processing"} | UNPAID, OrderStatus.OPEN, PaymentStatus.PENDING),
        ({"status": "on-hold"} | UNPAID, OrderStatus.OPEN, PaymentStatus.PENDING),
        ({"status": "wc-completed"}, OrderStatus.COMPLETED, PaymentStatus.PAID),
        ({"status": "cancelled"}, OrderStatus.CANCELLED, PaymentStatus.PAID),
        ({"status": "cancelled"} | UNPAID, OrderStatus.CANCELLED, PaymentStatus.VOIDED),
        ({"status": "failed"} | UNPAID, OrderStatus.OPEN, PaymentStatus.FAILED),
        ({"status": "refunded"}, OrderStatus.COMPLETED, PaymentStatus.REFUNDED),
        (
            {"refunds": [{"id": 1, "reason": "", "total": "-10.00"}]},
            OrderStatus.COMPLETED,
            PaymentStatus.PARTIALLY_REFUNDED,
        ),
        ({"refunds": [{"id": 1, "total": "-29.35"}]}, OrderStatus.COMPLETED, PaymentStatus.REFUNDED),
    ],
)
def test_statuses(changes: dict[str, Any], status: OrderStatus, payment: PaymentStatus) -> None:
    order = read(**changes)
    assert (order.status, order.payment_status) == (status, payment)


def test_a_plugins_own_status_is_seen_and_stops_nothing() -> None:
    words = Words()
    order = mapping.order(woocommerce_order(status="awaiting-pickup"), words, CONTEXT)
    assert order is not None
    assert order.status is OrderStatus.UNKNOWN
    assert order.fulfilment_status is FulfilmentStatus.UNKNOWN
    assert [(n.kind, n.value) for n in words.notices] == [(NoticeKind.UNKNOWN_WORD, "awaiting-pickup")]


def test_a_basket_is_no_order() -> None:
    raw = json.dumps(woocommerce_order(status="checkout-draft")).encode()
    assert mapping.read("order.created", raw, CONTEXT).orders == ()


@pytest.mark.parametrize(
    "topic", ["coupon.created", "action.woocommerce_add_to_cart", "order", "", "order.x"]
)
def test_unknown_topics_are_seen(topic: str) -> None:
    (notice,) = mapping.read(topic, b"{}", CONTEXT).notices
    assert notice.kind is NoticeKind.UNKNOWN_TOPIC


def test_deletions() -> None:
    (notice,) = mapping.read("order.deleted", b'{"id": 727}', CONTEXT).notices
    assert (notice.kind, notice.value) == (NoticeKind.DELETED_IN_SHOP, "727")
    assert mapping.read("product.deleted", b'{"id": 9}', CONTEXT).withdrawn == ("9",)


def test_a_ping_is_known_by_its_body() -> None:
    assert mapping.is_ping(b"webhook_id=142")
    assert not mapping.is_ping(b'{"id": 1}')
    assert not mapping.is_ping(b"webhook_id=1&x=2")


def test_a_variable_product_without_its_variations_does_not_say_it_has_none() -> None:
    data = {"id": 1, "name": "Koc", "type": "variable", "date_modified_gmt": "2026-11-01T00:00:00"}
    assert mapping.product(data, CONTEXT).variants is None
    variation = {
        "id": 2,
        "price": "10",
        "stock_quantity": 3,
        "attributes": [{"name": "Kolor", "option": "szary"}],
    }
    (variant,) = mapping.product(data, CONTEXT, [variation]).variants or ()
    assert (variant.name, variant.price, variant.stock) == ("szary", 1000, 3)


@pytest.mark.parametrize(
    "changes", [{"id": ""}, {"currency": None}, {"total": "x"}, {"date_created_gmt": "x"}]
)
def test_what_an_order_cannot_do_without(changes: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(**changes)


def recorded(shared: Path, name: str) -> list[Any]:
    """The JSON documents inside the documentation."""
    page = (shared / "fixtures/webhooks/woocommerce" / name).read_text()
    found = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    flat = [item for block in found for item in (block if isinstance(block, list) else [block])]
    return [item for item in flat if "id" in item]


@pytest.mark.shared
def test_recorded_orders(shared: Path) -> None:
    words = Words()
    orders = [mapping.order(data, words, CONTEXT) for data in recorded(shared, "_orders.md")]
    assert len(orders) >= 5
    assert words.notices == []
    totals = {order.external_id: order.total for order in orders if order}
    assert totals["727"] == 2935
    (refunded,) = [order for order in orders if order and order.refunds]
    assert [refund.amount for refund in refunded.refunds] == [1000, 900]


@pytest.mark.shared
def test_recorded_refunds_and_products(shared: Path) -> None:
    refunds = [mapping.refund(data, "USD", CONTEXT) for data in recorded(shared, "_order-refunds.md")]
    assert {refund.amount for refund in refunds} >= {1000}
    assert all(refund.issued_at for refund in refunds)
    products = [mapping.product(data, CONTEXT) for data in recorded(shared, "_products.md")]
    assert {product.external_id: product.name for product in products}["794"] == "Premium Quality"
