"""Keys to an order's own page: signed, for one order, until a day, void when the shop changes its lock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from opieka.deliveries.models import PageLock
from opieka.kernel import clock, secrets
from opieka.kernel.errors import NotFound
from opieka.orders import queries as orders
from opieka.orders.types import OrderCard

PATH = "/my/o/"
"""Where the portal shows an order to whoever has a key."""
USUAL = timedelta(days=60)
_FIRST = date(2026, 1, 1)
_PURPOSE = "order page"


class Opened(NamedTuple):
    """What a key opens."""

    shop_id: int
    order_id: int


def page_key(order_id: int, *, shop_id: int, until: datetime | None = None) -> str:
    """A key to an order's page, good until the end of a day (two months, unless told otherwise). NotFound."""
    if order_id not in orders.numbers([order_id], shop_ids=[shop_id]):
        raise NotFound
    return _key(order_id, shop_id, until)


def _key(order_id: int, shop_id: int, until: datetime | None) -> str:
    ends = ((until or clock.now() + USUAL).astimezone(UTC).date() - _FIRST).days
    value = f"{shop_id}-{order_id}-{_lock(shop_id, order_id)}-{ends}"
    return f"{value}-{secrets.sign(_PURPOSE, value)}"


def page_address(order_id: int, *, shop_id: int, until: datetime | None = None) -> str:
    """The address of an order's page with such a key: what is sent to its customer. NotFound."""
    return f"{settings.OPIEKA.url}{PATH}{page_key(order_id, shop_id=shop_id, until=until)}/"


def page_of(order: OrderCard) -> str:
    """The same of an order in hand: one query."""
    return f"{settings.OPIEKA.url}{PATH}{_key(order.id, order.shop_id, None)}/"


def opened(key: str) -> Opened:
    """What a key opens; NotFound for one that is forged, too old or void: nobody learns which."""
    value, _dash, signature = key.rpartition("-")
    if not key.isascii() or not secrets.verify(_PURPOSE, value, signature):
        raise NotFound
    shop_id, order_id, lock, ends = map(int, value.split("-"))
    if clock.now().date() > _FIRST + timedelta(days=ends) or lock != _lock(shop_id, order_id):
        raise NotFound
    return Opened(shop_id, order_id)


def _lock(shop_id: int, order_id: int) -> int:
    rows = PageLock.objects.filter(shop_id=shop_id, order_id=order_id)
    return rows.values_list("changed", flat=True).first() or 0
