"""WooCommerce REST v3 shapes (order, refund, product) to snapshots.

Source: woocommerce.github.io/woocommerce-rest-api-docs. Shipments are not part of WooCommerce: they are read
from `_wc_shipment_tracking_items`, which the common tracking plugins keep in an order's meta data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

from opieka.catalogue.types import ProductSnapshot, VariantSnapshot
from opieka.orders.connectors import base
from opieka.orders.connectors.base import (
    Context,
    Json,
    Reading,
    Unreadable,
    Words,
    documents,
    mapping,
    minor,
    moment,
    objects,
    required,
    text,
    whole,
)
from opieka.orders.types import (
    Address,
    Contact,
    FulfilmentStatus,
    LineSnapshot,
    Notice,
    NoticeKind,
    OrderSnapshot,
    OrderStatus,
    PaymentSnapshot,
    PaymentStatus,
    RefundSnapshot,
    ShipmentSnapshot,
    ShipmentStatus,
)

Meaning = tuple[OrderStatus, PaymentStatus, FulfilmentStatus]

UNSENT = FulfilmentStatus.UNFULFILLED
STATUS: Mapping[str, Meaning] = {
    "pending": (OrderStatus.OPEN, PaymentStatus.PENDING, UNSENT),
    "on-hold": (OrderStatus.OPEN, PaymentStatus.PENDING, UNSENT),
    "processing": (OrderStatus.OPEN, PaymentStatus.PENDING, UNSENT),
    "completed": (OrderStatus.COMPLETED, PaymentStatus.PAID, FulfilmentStatus.FULFILLED),
    "cancelled": (OrderStatus.CANCELLED, PaymentStatus.VOIDED, UNSENT),
    "refunded": (OrderStatus.COMPLETED, PaymentStatus.REFUNDED, FulfilmentStatus.UNKNOWN),
    "failed": (OrderStatus.OPEN, PaymentStatus.FAILED, UNSENT),
    "trash": (OrderStatus.CANCELLED, PaymentStatus.UNKNOWN, FulfilmentStatus.UNKNOWN),
}
UNKNOWN_STATUS: Meaning = (OrderStatus.UNKNOWN, PaymentStatus.UNKNOWN, FulfilmentStatus.UNKNOWN)
# A basket somebody is still filling in: not yet an order.
DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
# Cash on delivery is "processing" without having been paid: only a payment date tells.
PAID_BY_DATE = frozenset({PaymentStatus.PENDING, PaymentStatus.UNKNOWN, PaymentStatus.VOIDED})


def order(data: Json, words: Words, context: Context) -> OrderSnapshot | None:
    """A whole order, None for a draft; `Unreadable` when it has no id, currency or date."""
    word = text(data, "status").removeprefix("wc-")
    if word in DRAFTS:
        return None
    currency = base.currency(data)
    placed = _moment(data, "date_created", context)
    if placed is None:
        raise Unreadable("date_created")
    updated = _moment(data, "date_modified", context) or placed
    paid_at = _moment(data, "date_paid", context)
    refunds = tuple(_embedded_refund(item, currency) for item in objects(data, "refunds"))
    total = minor(data, "total", currency)
    status, payment, fulfilment = words.look_up(STATUS, word, where="status", unknown=UNKNOWN_STATUS)
    payment = _payment(payment, paid_at, total, sum(refund.amount for refund in refunds))
    shipments = tuple(_shipments(data))
    done = _moment(data, "date_completed", context)
    return OrderSnapshot(
        external_id=required(data, "id"),
        number=required(data, "number", "id"),
        placed_at=placed,
        updated_at=updated,
        currency=currency,
        total=total,
        status=status,
        payment_status=payment,
        fulfilment_status=fulfilment,
        contact=_contact(data),
        shipping_address=_address(data.get("shipping")),
        billing_address=_address(data.get("billing")),
        note=text(data, "customer_note"),
        paid_at=paid_at,
        shipped_at=done if not shipments else None,
        lines=tuple(_line(line, currency) for line in objects(data, "line_items")),
        payments=_payments(data, total, payment, paid_at),
        refunds=refunds,
        shipments=shipments,
        discount_codes=tuple(filter(None, (text(item, "code") for item in objects(data, "coupon_lines")))),
    )


def refund(data: Json, currency: str, context: Context) -> RefundSnapshot:
    """A refund as its own resource shows it: the amount is positive and the date known."""
    at = _moment(data, "date_created", context)
    return RefundSnapshot(
        external_id=required(data, "id"),
        amount=abs(minor(data, "amount", currency)),
        currency=currency,
        issued_at=at,
        updated_at=at,
        reason=text(data, "reason"),
    )


def product(data: Json, context: Context, variations: Sequence[Json] | None = None) -> ProductSnapshot:
    """A product; a variable one needs its `variations` from elsewhere, another is its own only variant."""
    own = None if text(data, "type") == "variable" else [data]
    variants = own if variations is None else variations
    updated = _moment(data, "date_modified", context) or _moment(data, "date_created", context)
    if updated is None:
        raise Unreadable("date_modified")
    categories = objects(data, "categories")
    images = objects(data, "images")
    return ProductSnapshot(
        external_id=required(data, "id"),
        name=unescape(required(data, "name")),
        updated_at=updated,
        currency=context.currency,
        category=unescape(text(categories[0], "name")) if categories else "",
        url=text(data, "permalink"),
        image_url=text(images[0], "src") if images else "",
        variants=None if variants is None else tuple(_variant(v, context.currency) for v in variants),
        withdrawn=text(data, "status") not in {"", "publish"},
    )


def read(topic: str, raw: bytes, context: Context) -> Reading:
    """What a webhook of `topic` says; `Unreadable` when the body is not what the topic promises."""
    name = topic.strip().lower()
    resource, _, event = name.partition(".")
    if resource not in RESOURCES or event not in EVENTS:
        return Reading(notices=(Notice(kind=NoticeKind.UNKNOWN_TOPIC, where="topic", value=topic[:100]),))
    data = mapping(next(iter(documents(raw, resource)), None), resource)
    if event == "deleted" and resource == "order":
        gone = Notice(kind=NoticeKind.DELETED_IN_SHOP, where=name, value=required(data, "id"))
        return Reading(notices=(gone,))
    if event == "deleted":
        return Reading(withdrawn=(required(data, "id"),))
    if resource == "product":
        return Reading(products=(product(data, context),))
    words = Words()
    found = order(data, words, context)
    return Reading(orders=(found,) if found else (), notices=tuple(words.notices))


RESOURCES = frozenset({"order", "product"})
EVENTS = frozenset({"created", "updated", "deleted", "restored"})


def is_ping(raw: bytes) -> bool:
    """WooCommerce tries a new webhook's address with an unsigned `webhook_id=1`."""
    name, _, number = raw.strip().partition(b"=")
    return name == b"webhook_id" and number.isdigit()


def _moment(data: Json, key: str, context: Context) -> datetime | None:
    """The `_gmt` twin where there is one; the bare date is in the site's zone."""
    return moment(data, f"{key}_gmt", UTC) or moment(data, key, context.zone)


def _payment(status: PaymentStatus, paid_at: datetime | None, total: int, refunded: int) -> PaymentStatus:
    if refunded and status is not PaymentStatus.REFUNDED:
        return PaymentStatus.REFUNDED if refunded >= total else PaymentStatus.PARTIALLY_REFUNDED
    return PaymentStatus.PAID if paid_at and status in PAID_BY_DATE else status


def _payments(
    data: Json, total: int, status: PaymentStatus, paid_at: datetime | None
) -> tuple[PaymentSnapshot, ...]:
    method = text(data, "payment_method_title") or text(data, "payment_method")
    if not method:
        return ()
    found = PaymentSnapshot(
        external_id=text(data, "transaction_id") or "order",
        method=unescape(method),
        amount=total,
        status=status,
        paid_at=paid_at,
    )
    return (found,)


def _embedded_refund(data: Json, currency: str) -> RefundSnapshot:
    """Inside an order a refund has a negative total and no date."""
    return RefundSnapshot(
        external_id=required(data, "id"),
        amount=abs(minor(data, "total", currency)),
        currency=currency,
        reason=text(data, "reason") or text(data, "refund"),
    )


def _contact(data: Json) -> Contact:
    account = text(data, "customer_id")
    name = f"{text(data, 'billing', 'first_name')} {text(data, 'billing', 'last_name')}".strip()
    return Contact(
        name=name or text(data, "billing", "company"),
        email=text(data, "billing", "email"),
        phone=text(data, "billing", "phone") or text(data, "shipping", "phone"),
        account_id="" if account == "0" else account,
        language=_meta(data, "wpml_language").lower()[:2],
    )


def _address(data: Any) -> Address:
    if not isinstance(data, dict):
        return Address()
    return Address(
        name=f"{text(data, 'first_name')} {text(data, 'last_name')}".strip(),
        company=text(data, "company"),
        street="\n".join(filter(None, (text(data, "address_1"), text(data, "address_2")))),
        postcode=text(data, "postcode"),
        city=text(data, "city"),
        region=text(data, "state"),
        country=text(data, "country").upper(),
        phone=text(data, "phone"),
    )


def _line(data: Json, currency: str) -> LineSnapshot:
    quantity = whole(data, "quantity", default=1)
    listed = minor(data, "subtotal", currency) + minor(data, "subtotal_tax", currency)
    variation = text(data, "variation_id")
    return LineSnapshot(
        external_id=required(data, "id"),
        name=unescape(text(data, "name") or text(data, "sku") or required(data, "id")),
        quantity=quantity,
        price=round(listed / quantity) if quantity else listed,
        total=minor(data, "total", currency) + minor(data, "total_tax", currency),
        sku=text(data, "sku"),
        product_id=text(data, "product_id"),
        variant_id="" if variation == "0" else variation,
    )


def _meta(data: Json, key: str) -> str:
    return next((text(item, "value") for item in objects(data, "meta_data") if item.get("key") == key), "")


def _shipments(data: Json) -> list[ShipmentSnapshot]:
    found = next(
        (m.get("value") for m in objects(data, "meta_data") if m.get("key") == "_wc_shipment_tracking_items"),
        None,
    )
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            found = None
    items = found if isinstance(found, list) else []
    return [_shipment(item) for item in items if isinstance(item, dict) and text(item, "tracking_number")]


def _shipment(data: Json) -> ShipmentSnapshot:
    number = text(data, "tracking_number")
    return ShipmentSnapshot(
        external_id=text(data, "tracking_id") or number,
        status=ShipmentStatus.SHIPPED,
        carrier=text(data, "custom_tracking_provider") or text(data, "tracking_provider"),
        tracking_numbers=(number,),
        tracking_url=text(data, "custom_tracking_link"),
        shipped_at=_shipped_at(text(data, "date_shipped")),
    )


def _shipped_at(found: str) -> datetime | None:
    """Plugins write seconds since 1970 or a date."""
    try:
        if found.isdigit():
            return datetime.fromtimestamp(int(found), UTC)
        return datetime.fromisoformat(found).replace(tzinfo=UTC) if found else None
    except (ValueError, OverflowError, OSError):
        return None


def _variant(data: Json, currency: str) -> VariantSnapshot:
    counted = text(data, "stock_quantity")
    options = ", ".join(text(item, "option") for item in objects(data, "attributes") if text(item, "option"))
    return VariantSnapshot(
        external_id=required(data, "id"),
        sku=text(data, "sku"),
        name=unescape(options),
        price=minor(data, "price", currency),
        stock=whole(data, "stock_quantity") if counted else None,
        in_stock=text(data, "stock_status") in {"", "instock", "onbackorder"},
    )
