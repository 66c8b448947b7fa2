"""Shopify's REST shapes (orders, refunds, fulfilments, products; old and current) to snapshots.

Source: shopify.dev, REST Admin API, resources Order, Refund, Fulfillment, Product; webhook topics. Amounts
are read in the shop's own currency, not the one presented to the buyer, so that all amounts of a shop add up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from opieka.catalogue.types import ProductSnapshot, VariantSnapshot
from opieka.orders.connectors import base
from opieka.orders.connectors.base import (
    Json,
    Unreadable,
    Words,
    minor,
    moment,
    objects,
    present,
    required,
    strings,
    text,
    whole,
)
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

PAYMENT = {
    "": PaymentStatus.PENDING,
    "pending": PaymentStatus.PENDING,
    "authorized": PaymentStatus.AUTHORISED,
    "partially_paid": PaymentStatus.PARTIALLY_PAID,
    "paid": PaymentStatus.PAID,
    "partially_refunded": PaymentStatus.PARTIALLY_REFUNDED,
    "refunded": PaymentStatus.REFUNDED,
    "voided": PaymentStatus.VOIDED,
    "expired": PaymentStatus.VOIDED,
}
FULFILMENT = {
    "": FulfilmentStatus.UNFULFILLED,
    "unfulfilled": FulfilmentStatus.UNFULFILLED,
    "unshipped": FulfilmentStatus.UNFULFILLED,
    "pending": FulfilmentStatus.UNFULFILLED,
    "partial": FulfilmentStatus.PARTIAL,
    "fulfilled": FulfilmentStatus.FULFILLED,
    "restocked": FulfilmentStatus.RESTOCKED,
}
SHIPMENT = {
    "": ShipmentStatus.PENDING,
    "pending": ShipmentStatus.PENDING,
    "open": ShipmentStatus.PENDING,
    "success": ShipmentStatus.SHIPPED,
    "cancelled": ShipmentStatus.CANCELLED,
    "error": ShipmentStatus.FAILED,
    "failure": ShipmentStatus.FAILED,
}
CARRIER_REPORT = {
    "label_printed": ShipmentStatus.PENDING,
    "label_purchased": ShipmentStatus.PENDING,
    "confirmed": ShipmentStatus.PENDING,
    "in_transit": ShipmentStatus.SHIPPED,
    "out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "attempted_delivery": ShipmentStatus.SHIPPED,
    "delayed": ShipmentStatus.SHIPPED,
    "ready_for_pickup": ShipmentStatus.AWAITING_COLLECTION,
    "delivered": ShipmentStatus.DELIVERED,
    "failure": ShipmentStatus.FAILED,
}
SETTLED = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})
TRANSACTION = {
    "success": PaymentStatus.PAID,
    "pending": PaymentStatus.PENDING,
    "failure": PaymentStatus.FAILED,
    "error": PaymentStatus.FAILED,
}


def order(data: Json, words: Words) -> OrderSnapshot:
    """A whole order; `Unreadable` when it has no id, currency, total or date."""
    currency = base.currency(data)
    placed = present(moment(data, "processed_at"), moment(data, "created_at"))
    if placed is None:
        raise Unreadable("created_at")
    payment = words.look_up(
        PAYMENT, text(data, "financial_status"), where="financial_status", unknown=PaymentStatus.UNKNOWN
    )
    payments = _payments(data, currency, payment, words)
    return OrderSnapshot(
        external_id=required(data, "id"),
        number=required(data, "name", "order_number", "number", "id"),
        placed_at=placed,
        updated_at=moment(data, "updated_at") or placed,
        currency=currency,
        total=minor(data, "total_price", currency),
        status=_status(data),
        payment_status=payment,
        fulfilment_status=words.look_up(
            FULFILMENT,
            text(data, "fulfillment_status"),
            where="fulfillment_status",
            unknown=FulfilmentStatus.UNKNOWN,
        ),
        contact=_contact(data),
        shipping_address=_address(data.get("shipping_address")),
        billing_address=_address(data.get("billing_address")),
        note=text(data, "note"),
        paid_at=_paid_at(payment, payments),
        cancelled_at=moment(data, "cancelled_at"),
        lines=tuple(
            _line(line, currency, bool(data.get("taxes_included"))) for line in objects(data, "line_items")
        ),
        payments=payments,
        refunds=tuple(refund(item, currency) for item in objects(data, "refunds")),
        shipments=tuple(shipment(item, words) for item in objects(data, "fulfillments")),
        discount_codes=tuple(filter(None, (text(item, "code") for item in objects(data, "discount_codes")))),
    )


def refund(data: Json, currency: str = "") -> RefundSnapshot:
    """One refund: the sum of its transactions that went through, 0 while none did."""
    done = [
        item
        for item in objects(data, "transactions")
        if text(item, "kind") == "refund" and text(item, "status") == "success"
    ]
    currency = next((code for item in done if (code := text(item, "currency"))), currency)
    return RefundSnapshot(
        external_id=required(data, "id"),
        amount=sum(minor(item, "amount", currency) for item in done),
        currency=currency,
        issued_at=present(moment(data, "processed_at"), moment(data, "created_at")),
        reason=text(data, "note"),
    )


def shipment(data: Json, words: Words) -> ShipmentSnapshot:
    """One fulfilment; what the carrier reported to Shopify counts before Shopify's own status."""
    status = words.look_up(
        SHIPMENT, text(data, "status"), where="fulfillment.status", unknown=ShipmentStatus.UNKNOWN
    )
    report = text(data, "shipment_status")
    if report and status is ShipmentStatus.SHIPPED:
        status = words.look_up(
            CARRIER_REPORT, report, where="fulfillment.shipment_status", unknown=ShipmentStatus.SHIPPED
        )
    updated = moment(data, "updated_at")
    sent = status not in {ShipmentStatus.PENDING, ShipmentStatus.CANCELLED, ShipmentStatus.FAILED}
    return ShipmentSnapshot(
        external_id=required(data, "id"),
        status=status,
        updated_at=updated,
        carrier=text(data, "tracking_company"),
        tracking_numbers=strings(data, "tracking_numbers") or strings(data, "tracking_number"),
        tracking_url=_first((*strings(data, "tracking_urls"), text(data, "tracking_url"))),
        shipped_at=moment(data, "created_at") if sent else None,
        delivered_at=updated if status is ShipmentStatus.DELIVERED else None,
        lines=tuple((required(line, "id"), whole(line, "quantity")) for line in objects(data, "line_items")),
    )


def product(data: Json, currency: str) -> ProductSnapshot:
    """A product with its variants. Shopify names no currency here: it is the shop's own."""
    created = moment(data, "created_at")
    updated = moment(data, "updated_at") or created
    if updated is None:
        raise Unreadable("updated_at")
    return ProductSnapshot(
        external_id=required(data, "id"),
        name=required(data, "title"),
        updated_at=updated,
        currency=currency,
        category=text(data, "product_type"),
        brand=text(data, "vendor"),
        url=text(data, "handle") and f"/products/{text(data, 'handle')}",
        image_url=text(data, "image", "src") or next((text(i, "src") for i in objects(data, "images")), ""),
        variants=tuple(_variant(item, currency) for item in objects(data, "variants")),
        withdrawn=text(data, "status") in {"archived", "draft"},
    )


def _status(data: Json) -> OrderStatus:
    if text(data, "cancelled_at"):
        return OrderStatus.CANCELLED
    return OrderStatus.COMPLETED if text(data, "closed_at") else OrderStatus.OPEN


def _contact(data: Json) -> Contact:
    parts = (data.get(key) for key in ("customer", "shipping_address", "billing_address"))
    people = [data, *(part for part in parts if isinstance(part, dict))]
    return Contact(
        name=_first(_name(person) for person in people[1:]),
        email=_first(text(person, key) for person in people for key in ("email", "contact_email")),
        phone=_first(text(person, "phone") for person in people),
        account_id=text(data, "customer", "id"),
        language=text(data, "customer_locale").split("-")[0].lower(),
    )


def _name(person: Json) -> str:
    return text(person, "name") or f"{text(person, 'first_name')} {text(person, 'last_name')}".strip()


def _first(found: Iterable[str]) -> str:
    return next((value for value in found if value), "")


def _address(data: Any) -> Address:
    if not isinstance(data, dict):
        return Address()
    return Address(
        name=_name(data),
        company=text(data, "company"),
        street="\n".join(filter(None, (text(data, "address1"), text(data, "address2")))),
        postcode=text(data, "zip"),
        city=text(data, "city"),
        region=text(data, "province"),
        country=text(data, "country_code").upper(),
        phone=text(data, "phone"),
    )


def _line(data: Json, currency: str, taxes_included: bool) -> LineSnapshot:
    ordered = whole(data, "quantity", default=1)
    price = minor(data, "price", currency)
    discount = sum(minor(item, "amount", currency) for item in objects(data, "discount_allocations"))
    discount = discount or minor(data, "total_discount", currency)
    tax = 0 if taxes_included else sum(minor(item, "price", currency) for item in objects(data, "tax_lines"))
    return LineSnapshot(
        external_id=required(data, "id"),
        name=_first((text(data, "name"), text(data, "title"), text(data, "sku"), required(data, "id"))),
        quantity=whole(data, "current_quantity", default=ordered),
        price=price,
        total=price * ordered - discount + tax,
        sku=text(data, "sku"),
        product_id=text(data, "product_id"),
        variant_id=text(data, "variant_id"),
    )


def _payments(data: Json, currency: str, status: PaymentStatus, words: Words) -> tuple[PaymentSnapshot, ...]:
    """Transactions where the document has them; else one payment per order as its status tells."""
    charges = [t for t in objects(data, "transactions") if text(t, "kind") in {"sale", "capture"}]
    if charges:
        return tuple(
            PaymentSnapshot(
                external_id=required(item, "id"),
                method=text(item, "gateway"),
                amount=minor(item, "amount", currency),
                status=words.look_up(
                    TRANSACTION,
                    text(item, "status"),
                    where="transaction.status",
                    unknown=PaymentStatus.UNKNOWN,
                ),
                paid_at=moment(item, "processed_at") or moment(item, "created_at"),
            )
            for item in charges
        )
    method = text(data, "gateway") or ", ".join(strings(data, "payment_gateway_names"))
    if not method:
        return ()
    paid = minor(data, "total_price", currency) - minor(data, "total_outstanding", currency)
    return (PaymentSnapshot(external_id="order", method=method, amount=paid, status=status),)


def _paid_at(status: PaymentStatus, payments: tuple[PaymentSnapshot, ...]) -> datetime | None:
    return max((at for p in payments if (at := p.paid_at)), default=None) if status in SETTLED else None


def _variant(data: Json, currency: str) -> VariantSnapshot:
    counted = bool(text(data, "inventory_management"))
    stock = whole(data, "inventory_quantity") if counted else None
    return VariantSnapshot(
        external_id=required(data, "id"),
        sku=text(data, "sku"),
        name=text(data, "title"),
        price=minor(data, "price", currency),
        stock=stock,
        in_stock=stock is None or stock > 0 or text(data, "inventory_policy") == "continue",
    )
