"""Taking over what sources report, so that the order and number of deliveries never matter."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from opieka.catalogue import commands as catalogue
from opieka.catalogue.types import Applied
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint, Sighting
from opieka.kernel.actor import Actor
from opieka.orders.commands.announcing import announce, mark
from opieka.orders.commands.merging import State, buyer_is_news, merge, name_of
from opieka.orders.commands.noticing import keep_notices
from opieka.orders.commands.saving import save
from opieka.orders.connectors.base import Reading
from opieka.orders.models import Order, OrderLine, Payment, Refund, Shipment
from opieka.orders.types import Contact, OrderPart, OrderSnapshot
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard

LOCKS = 64


@transaction.atomic
def apply_orders(
    snapshots: Sequence[OrderSnapshot | OrderPart], *, shop_id: int, source: str, by: Actor
) -> Applied:
    """Take over orders and parts of orders; returns how many orders were new, updated, unchanged.

    The newest report of an order counts, the same one again is nothing. Two processes that bring the same order
    take turns. What happened is announced with the time the source gives.
    """
    if not snapshots:
        return Applied()
    names = {name_of(snapshot) for snapshot in snapshots}
    _take_turns(shop_id, source, names)
    state = _load(shop_id, source, names)
    for snapshot in snapshots:
        merge(state, snapshot)
    _load_lines(state)
    _recognise(state, shops.shop(shop_id), by)
    due = mark(state)
    news = save(state)
    announce(state, due, news=news, by=by)
    return state.applied(names)


@transaction.atomic
def apply_reading(reading: Reading, *, shop_id: int, source: str, by: Actor) -> Applied:
    """Take over all that a source said in one go: products, orders, and notices for a person; counts orders."""
    catalogue.apply_products(reading.products, shop_id=shop_id, source=source, by=by)
    catalogue.withdraw_products(reading.withdrawn, shop_id=shop_id, source=source, by=by)
    keep_notices(reading.notices, shop_id=shop_id, source=source)
    return apply_orders(reading.orders, shop_id=shop_id, source=source, by=by)


def _take_turns(shop_id: int, source: str, names: Iterable[str]) -> None:
    """Lock these orders until the transaction ends, also those that do not exist yet; in one order for all."""
    groups = {zlib.crc32(name.encode()) % LOCKS for name in names}
    keys = sorted(_key(f"orders:{shop_id}:{source}:{group}") for group in groups)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) key", [keys])


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def _load(shop_id: int, source: str, names: set[str]) -> State:
    """What is stored of these orders, their refunds and their shipments."""
    state = State(shop_id=shop_id, source=source)
    for order in Order.objects.filter(shop_id=shop_id, source=source, external_id__in=names):
        state.orders[order.external_id] = order
        if order.placed_at:
            state.known.add(order.external_id)
    outside = {order.pk: name for name, order in state.orders.items()}
    if outside:
        for refund in Refund.objects.filter(shop_id=shop_id, order_id__in=outside):
            state.refunds[outside[refund.order_id]][refund.external_id] = refund
        for shipment in Shipment.objects.filter(shop_id=shop_id, order_id__in=outside):
            state.shipments[outside[shipment.order_id]][shipment.external_id] = shipment
    return state


def _load_lines(state: State) -> None:
    """The stored lines and payments of orders of which a newer report counts."""
    outside = {state.orders[name].pk: name for name in state.heads if name in state.known}
    if outside:
        for line in OrderLine.objects.filter(shop_id=state.shop_id, order_id__in=outside):
            state.lines[outside[line.order_id]][line.external_id] = line
        for payment in Payment.objects.filter(shop_id=state.shop_id, order_id__in=outside):
            state.payments[outside[payment.order_id]][payment.external_id] = payment


def _recognise(state: State, shop: ShopCard, by: Actor) -> None:
    """Find the people behind the reports that count."""
    asked = [name for name in state.heads if buyer_is_news(state, name)]
    sightings = [_sighting(state.heads[name].contact, shop, state.source) for name in asked]
    if not any(sighting.points for sighting in sightings):
        return
    found = customers.recognise_many(sightings, shop_id=shop.id, by=by)
    for name, customer_id in zip(asked, found, strict=True):
        if customer_id is not None:
            state.orders[name].customer_id = customer_id


def _sighting(contact: Contact, shop: ShopCard, source: str) -> Sighting:
    # A shop's account ids are unique only in their own source.
    account = f"{source}:{shop.id}:{contact.account_id}" if contact.account_id else ""
    told = (
        (ContactKind.SHOP_ACCOUNT, account),
        (ContactKind.EMAIL, contact.email),
        (ContactKind.PHONE, contact.phone),
    )
    return Sighting(
        points=[ContactPoint(kind, value) for kind, value in told if value],
        name=contact.name,
        language=contact.language if contact.language in shop.languages else "",
    )
