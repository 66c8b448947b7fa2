"""Reports of orders for tests, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from opieka.catalogue.types import Applied
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands
from opieka.orders.models import Order, OrderLine, Payment, Refund, Shipment
from opieka.orders.types import (
    Address,
    Contact,
    FulfilmentStatus,
    LineSnapshot,
    OrderPart,
    OrderSnapshot,
    PaymentSnapshot,
    PaymentStatus,
    RefundSnapshot,
    ShipmentSnapshot,
    ShipmentStatus,
)
from opieka.timeline.models import Touchpoint

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
MUG = LineSnapshot(external_id="1", name="Kubek", quantity=2, price=4990, total=9980, sku="KUB")
RUG = LineSnapshot(external_id="2", name="Koc", quantity=1, price=16000, total=16000, sku="KOC")


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def report(hours: float = 0, **changes: Any) -> OrderSnapshot:
    """A paid order of two lines, as it stood some hours after it was placed."""
    known: dict[str, Any] = {
        "external_id": "5501",
        "number": "#1042",
        "placed_at": START,
        "updated_at": after(hours),
        "currency": "PLN",
        "total": 25980,
        "payment_status": PaymentStatus.PAID,
        "fulfilment_status": FulfilmentStatus.UNFULFILLED,
        "contact": Contact(name="Anna Nowak", email="anna@example.pl", phone="601 234 567", account_id="77"),
        "shipping_address": Address(name="Anna Nowak", street="Leśna 5", city="Warszawa", country="PL"),
        "lines": (MUG, RUG),
        "payments": (
            PaymentSnapshot(external_id="p", method="blik", amount=25980, status=PaymentStatus.PAID),
        ),
    }
    return OrderSnapshot(**(known | changes))


def refund(amount: int = 4500, **changes: Any) -> RefundSnapshot:
    known: dict[str, Any] = {"external_id": "r1", "amount": amount, "currency": "PLN", "issued_at": after(5)}
    return RefundSnapshot(**(known | changes))


def shipment(status: ShipmentStatus = ShipmentStatus.SHIPPED, **changes: Any) -> ShipmentSnapshot:
    known: dict[str, Any] = {
        "external_id": "s1",
        "status": status,
        "carrier": "InPost",
        "tracking_numbers": ("620001",),
        "shipped_at": after(3),
    }
    return ShipmentSnapshot(**(known | changes))


def part(hours: float, **pieces: Any) -> OrderPart:
    return OrderPart(external_id="5501", updated_at=after(hours), **pieces)


def apply(shop_id: int, *reports: OrderSnapshot | OrderPart) -> Applied:
    return commands.apply_orders(reports, shop_id=shop_id, source="shopify", by=SYSTEM)


def facts(shop_id: int) -> list[tuple[str, dict[str, Any]]]:
    """What was announced of the shop's orders, in order."""
    rows = Touchpoint.objects.filter(shop_id=shop_id, subject__startswith="order:").order_by("id")
    return [(row.kind, row.data) for row in rows]


def kinds(shop_id: int) -> list[str]:
    return [kind for kind, _ in facts(shop_id)]


def announced(shop_id: int) -> Counter[tuple[str, str]]:
    """Facts with the outside ids they speak of; changes apart, for they depend on what was known when."""
    outside = {f"refund_id:{row.pk}": row.external_id for row in Refund.objects.filter(shop_id=shop_id)}
    outside |= {f"shipment_id:{row.pk}": row.external_id for row in Shipment.objects.filter(shop_id=shop_id)}
    return Counter(
        (kind, next((outside[f"{k}:{v}"] for k, v in data.items() if f"{k}:{v}" in outside), ""))
        for kind, data in facts(shop_id)
        if kind != "OrderChanged"
    )


def stored(shop_id: int) -> Sequence[Any]:
    """All rows of a shop's orders, without what only rows have."""
    own = {"id", "shop_id", "customer_id", "order_id", "seen_at"}

    def plain(model: Any) -> list[dict[str, Any]]:
        rows = model.objects.filter(shop_id=shop_id).order_by("external_id").values()
        return [{key: value for key, value in row.items() if key not in own} for row in rows]

    return [plain(model) for model in (Order, OrderLine, Payment, Refund, Shipment)]
