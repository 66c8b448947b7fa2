"""What whoever delivers orders needs to know of them, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db.models import QuerySet

from opieka.orders import policy
from opieka.orders.models import Order, Shipment
from opieka.orders.queries.cards import shipment_card
from opieka.orders.types import FulfilmentStatus, OrderStatus, Sending, ShipmentCard


def sendings(order_ids: Collection[int], *, shop_id: int) -> dict[int, Sending]:
    """Orders of a shop by id, as whoever delivers them sees them. 2 queries."""
    return {sending.id: sending for sending in _made(Order.objects.filter(id__in=order_ids), shop_id)}


def sendings_by_number(numbers: Collection[str], *, shop_id: int) -> dict[str, Sending]:
    """The same by `number_key` of these numbers; of several orders with one number the latest. 2 queries."""
    keys = {key for key in map(policy.number_key, numbers) if key}
    rows = Order.objects.filter(number_key__in=keys).order_by("placed_at", "id")
    return {sending.number_key: sending for sending in _made(rows, shop_id)} if keys else {}


def placed_ids(*, shop_id: int, after_id: int, limit: int) -> list[int]:
    """Ids of a shop's orders from after one, oldest first; of those nobody knows the time of, none. One query."""
    rows = Order.objects.filter(shop_id=shop_id, placed_at__isnull=False, id__gt=after_id)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def count(*, shop_id: int) -> int:
    """How many orders of a shop `placed_ids` lists."""
    return Order.objects.filter(shop_id=shop_id, placed_at__isnull=False).count()


def number_key(number: str) -> str:
    """The spelling an order's number is found by."""
    return policy.number_key(number)


def _made(rows: QuerySet[Order], shop_id: int) -> list[Sending]:
    found = list(rows.filter(shop_id=shop_id, placed_at__isnull=False))
    shipments: defaultdict[int, list[ShipmentCard]] = defaultdict(list)
    sent = Shipment.objects.filter(shop_id=shop_id, order_id__in=[row.pk for row in found]).order_by("id")
    for shipment in sent:
        shipments[shipment.order_id].append(shipment_card(shipment))
    return [_sending(row, tuple(shipments[row.pk])) for row in found]


def _sending(row: Order, shipments: tuple[ShipmentCard, ...]) -> Sending:
    told = FulfilmentStatus(row.fulfilment_status)
    unsaid = told is FulfilmentStatus.UNKNOWN and bool(shipments)
    cancelled = row.updated_at if row.status == OrderStatus.CANCELLED else None
    return Sending(
        id=row.pk,
        shop_id=row.shop_id,
        customer_id=row.customer_id,
        number_key=row.number_key,
        placed_at=cast(datetime, row.placed_at),
        updated_at=cast(datetime, row.updated_at),
        paid_at=row.paid_at,
        cancelled_at=row.cancelled_at or cancelled,
        promised_at=row.promised_at,
        shipped_at=row.shipped_at,
        postcode=row.shipping_address.get("postcode", ""),
        country=row.shipping_address.get("country", ""),
        whole=told is FulfilmentStatus.FULFILLED or unsaid,
        shipments=shipments,
    )
