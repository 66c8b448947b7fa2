"""What Shopify's webhook topics say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from opieka.orders.connectors.base import (
    Context,
    Json,
    Reading,
    Unreadable,
    Words,
    documents,
    mapping,
    moment,
    present,
    required,
    text,
)
from opieka.orders.connectors.shopify.mapping import order, product, refund, shipment
from opieka.orders.types import Notice, NoticeKind, OrderPart


def read(topic: str, raw: bytes, context: Context) -> Reading:
    """What a webhook of `topic` says; `Unreadable` when the body is not what the topic promises."""
    name = topic.strip().lower()
    if kind := NOTICES.get(name):
        return Reading(
            notices=(Notice(kind=kind, where=name, value=_subject(raw)),),
            disconnected=kind is NoticeKind.DISCONNECTED,
        )
    if name in FOLLOWED:
        return Reading()
    reader = TOPICS.get(name)
    if reader is None:
        return Reading(notices=(Notice(kind=NoticeKind.UNKNOWN_TOPIC, where="topic", value=topic[:100]),))
    (document,) = documents(raw, reader.key)[:1] or [None]
    return reader.read(mapping(document, reader.key), context)


def _subject(raw: bytes) -> str:
    """The id of what a short notification speaks of, or nothing."""
    try:
        found = documents(raw, "order")
    except Unreadable:
        return ""
    return text(found[0], "id") if found and isinstance(found[0], dict) else ""


def _order_reading(data: Json, context: Context) -> Reading:
    words = Words()
    return Reading(orders=(order(data, words),), notices=tuple(words.notices))


def _product_reading(data: Json, context: Context) -> Reading:
    return Reading(products=(product(data, context.currency),))


def _withdrawn_reading(data: Json, context: Context) -> Reading:
    return Reading(withdrawn=(required(data, "id"),))


def _refund_reading(data: Json, context: Context) -> Reading:
    found = refund(data)
    if found.issued_at is None or (found.amount and not found.currency):
        raise Unreadable("created_at" if found.issued_at is None else "transactions.currency")
    piece = OrderPart(external_id=required(data, "order_id"), updated_at=found.issued_at, refunds=(found,))
    return Reading(orders=(piece,))


def _shipment_reading(data: Json, context: Context) -> Reading:
    words = Words()
    found = shipment(data, words)
    at = present(found.updated_at, moment(data, "created_at"))
    if at is None:
        raise Unreadable("updated_at")
    piece = OrderPart(external_id=required(data, "order_id"), updated_at=at, shipments=(found,))
    return Reading(orders=(piece,), notices=tuple(words.notices))


@dataclass(frozen=True)
class Reader:
    """How a topic's document is read; `key` is the wrapper REST puts around the same document."""

    key: str
    read: Callable[[Json, Context], Reading]


_ORDER, _PRODUCT = Reader("order", _order_reading), Reader("product", _product_reading)
_SHIPMENT = Reader("fulfillment", _shipment_reading)
TOPICS: Mapping[str, Reader] = {
    "orders/create": _ORDER,
    "orders/updated": _ORDER,
    "orders/paid": _ORDER,
    "orders/cancelled": _ORDER,
    "orders/fulfilled": _ORDER,
    "orders/partially_fulfilled": _ORDER,
    "refunds/create": Reader("refund", _refund_reading),
    "fulfillments/create": _SHIPMENT,
    "fulfillments/update": _SHIPMENT,
    "products/create": _PRODUCT,
    "products/update": _PRODUCT,
    "products/delete": Reader("product", _withdrawn_reading),
}
# Their content arrives whole in the orders/updated that Shopify sends beside them.
FOLLOWED = frozenset({"orders/edited", "order_transactions/create", "fulfillment_events/create"})
NOTICES: Mapping[str, NoticeKind] = {
    "orders/delete": NoticeKind.DELETED_IN_SHOP,
    "app/uninstalled": NoticeKind.DISCONNECTED,
    "customers/data_request": NoticeKind.PRIVACY_REQUEST,
    "customers/redact": NoticeKind.PRIVACY_REQUEST,
    "shop/redact": NoticeKind.PRIVACY_REQUEST,
}
