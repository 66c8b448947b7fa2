"""The shop's orders: found, taken over from programs, and read from connected systems."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query
from pydantic import Field

from opieka.customers import queries as customers
from opieka.kernel.errors import NotFound
from opieka.orders import commands, queries
from opieka.orders.types import ConnectionCard
from opieka.rest import paging
from opieka.rest.fields import CLEAN, Page, Paging, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.resources.products import SOURCE
from opieka.rest.schemas.connections import Connection, Connector, NewConnection, Notice, Reading
from opieka.rest.schemas.money import Applied
from opieka.rest.schemas.orders import (
    Order,
    OrderBatch,
)
from opieka.shops.types import Permission

orders = Resource("orders")
connections = Resource("connections")


class Looking(Paging):
    """Which orders: all, a customer's, or the latest that fit `text` (a number's beginning, a tracking number,
    a buyer); those that fit a text are one page."""

    text: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""
    customer_id: PathId | None = None


@orders.get("/orders", Permission.READ, Page[Order])
def list_orders(request: Request, query: Query[Looking]) -> Page[Order]:
    """Orders, newest first."""
    shop_ids = [request.caller.shop_id]
    if query.text.strip():
        hits = queries.search(query.text, shop_ids=shop_ids, limit=query.limit)
        return Page[Order](items=[Order.make(card) for card in hits], next=None)
    lineage = None
    if query.customer_id is not None:
        lineage = customers.card(query.customer_id, shop_ids=shop_ids).lineage
    found = queries.latest(
        shop_ids=shop_ids,
        customer_ids=lineage,
        before=paging.decode(query.cursor, tuple[datetime, int]),
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode((shown[-1].placed_at, shown[-1].id)) if len(found) > len(shown) else None
    return Page[Order](items=[Order.make(card) for card in shown], next=more)


@orders.post("/orders/batch", Permission.IMPORT, Applied)
def take_orders(request: Request, body: OrderBatch) -> Applied:
    """Take over orders; the newest report of each counts, in whatever order they come."""
    caller = request.caller
    snapshots = [order.snapshot() for order in body.orders]
    applied = commands.apply_orders(snapshots, shop_id=caller.shop_id, source=SOURCE, by=caller.actor)
    return Applied.of(applied)


@orders.get("/orders/{order_id}", Permission.READ, Order)
def get_order(request: Request, order_id: PathId) -> Order:
    """One order."""
    return Order.make(queries.order(order_id, shop_ids=[request.caller.shop_id]))


@connections.get("/connectors", Permission.READ, Page[Connector])
def list_connectors(request: Request) -> Page[Connector]:
    """The systems a shop can be connected to, and the fields of their keys."""
    known = queries.connectors().items()
    items = [Connector(name=name, credentials=list(fields)) for name, fields in known]
    return Page[Connector](items=items, next=None)


@connections.get("/connections", Permission.READ, Page[Connection])
def list_connections(request: Request) -> Page[Connection]:
    """The systems the shop is connected to, and how reading them goes."""
    found = queries.connections([request.caller.shop_id])
    return Page[Connection](items=[_connection(card) for card in found], next=None)


@connections.get("/connections/{connection_id}", Permission.READ, Connection)
def get_connection(request: Request, connection_id: PathId) -> Connection:
    """One connection, and how reading it goes."""
    return _connection(queries.connection(connection_id, shop_ids=[request.caller.shop_id]))


@connections.create("/connections", Permission.SETTINGS, Connection)
def connect(request: Request, response: HttpResponse, body: NewConnection) -> Connection:
    """Connect a system, or give its connection new keys; reading begins with the next operation."""
    caller = request.caller
    connection_id = commands.connect(
        caller.shop_id, connector=body.connector, credentials=body.credentials, by=caller.actor
    )
    response.headers["Location"] = address("get_connection", connection_id=connection_id)
    return get_connection(request, connection_id)


@connections.post("/connections/{connection_id}/read", Permission.IMPORT)
def read_connection(request: Request, connection_id: PathId, body: Reading) -> None:
    """Read a system from its first order on, or what changed since the last time; watch it by `done`."""
    get_connection(request, connection_id)
    commands.begin_reading(connection_id, everything=body.everything, by=request.caller.actor)


@connections.delete("/connections/{connection_id}", Permission.SETTINGS)
def disconnect(request: Request, connection_id: PathId) -> None:
    """Stop listening and reading, and forget the keys. The orders stay."""
    caller = request.caller
    commands.disconnect(connection_id, shop_id=caller.shop_id, by=caller.actor)


@connections.get("/notices", Permission.READ, Page[Notice])
def list_notices(request: Request, query: Query[Paging]) -> Page[Notice]:
    """What came in and should be looked at by a person, the latest first."""
    place = paging.decode(query.cursor, tuple[int])
    offset = place[0] if place else 0
    rows = queries.notices([request.caller.shop_id])
    found = list(rows[offset : offset + query.limit + 1])
    shown = found[: query.limit]
    more = paging.encode([offset + len(shown)]) if len(found) > len(shown) else None
    return Page[Notice](items=[Notice.of(row) for row in shown], next=more)


@connections.delete("/notices/{notice_id}", Permission.REPAIR)
def dismiss_notice(request: Request, notice_id: PathId) -> None:
    """Take a notice off the list until it comes again."""
    caller = request.caller
    if not queries.notices([caller.shop_id]).filter(id=notice_id).exists():
        raise NotFound
    commands.dismiss_notice(notice_id, shop_id=caller.shop_id, by=caller.actor)


def _connection(card: ConnectionCard) -> Connection:
    return Connection.make(card, webhook=settings.OPIEKA.url + reverse("inbound:orders", args=[card.id]))
