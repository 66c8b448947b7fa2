"""Reading connections: how they stand, what webhooks they take, what they noticed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import QuerySet

from opieka.kernel import clock, secrets
from opieka.kernel.errors import NotFound
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import signature_holds
from opieka.orders.models import Connection, Notice
from opieka.orders.types import ConnectionCard, Place, Webhook


def connections(shop_ids: Collection[int]) -> list[ConnectionCard]:
    """The connections of some shops."""
    rows = Connection.objects.filter(shop_id__in=shop_ids).order_by("shop_id", "connector")
    return [_connection(row) for row in rows]


def connectors() -> dict[str, tuple[str, ...]]:
    """What a shop can be connected to by keys, and the fields of those keys in the order to ask for them."""
    asked = {name: connector.capabilities.credentials for name, connector in CONNECTORS.items()}
    return {name: fields for name, fields in asked.items() if fields}


def connection(connection_id: int, *, shop_ids: Collection[int]) -> ConnectionCard:
    """One connection; NotFound."""
    return _connection(_one_connection(connection_id, shop_ids))


def resting_connections() -> list[int]:
    """The ids of active connections that can be read and are not being read now."""
    return list(_readable().filter(phase="").values_list("id", flat=True))


def stalled_connections() -> list[int]:
    """The ids of connections whose reading failed an hour ago or more and was not taken up again."""
    long_ago = clock.now() - timedelta(hours=1)
    return list(_readable().exclude(phase="").filter(failed_at__lt=long_ago).values_list("id", flat=True))


def place(connection_id: int) -> tuple[Place, Mapping[str, str]] | None:
    """How far an active connection has been read, and its keys; None when there is nothing to read."""
    row = Connection.objects.filter(id=connection_id, active=True).exclude(phase="").first()
    if row is None:
        return None
    here = Place(
        connector=row.connector, shop_id=row.shop_id, phase=row.phase, cursor=row.cursor, since=row.since
    )
    return here, keys(row)


def keys(row: Connection) -> Mapping[str, str]:
    """The keys of a connection."""
    opened: Mapping[str, str] = json.loads(secrets.decrypt(row.credentials) or "{}")
    return opened


def webhook(connection_id: int, *, headers: Mapping[str, str], raw: bytes) -> Webhook:
    """What an incoming webhook is, and whether it is authentic; NotFound for a connection that takes none."""
    row = _one_connection(connection_id, None)
    connector = CONNECTORS[row.connector]
    can = connector.capabilities
    if not (can.webhooks and row.active):
        raise NotFound
    told = {name.lower(): value for name, value in headers.items()}
    signature = told.get(can.signature_header.lower(), "")
    return Webhook(
        shop_id=row.shop_id,
        connector=row.connector,
        topic=told.get(can.topic_header.lower(), ""),
        delivery_id=told.get(can.delivery_header.lower(), ""),
        authentic=signature_holds(signature, raw, keys(row).get("webhook_secret", "")),
        ping=connector.is_ping(raw),
    )


def notices(shop_ids: Collection[int]) -> QuerySet[Notice]:
    """What a person should look at and has not dismissed, the latest first."""
    return Notice.objects.filter(shop_id__in=shop_ids, seen_at=None).order_by("-last_at", "-id")


def _readable() -> QuerySet[Connection]:
    can = [name for name, connector in CONNECTORS.items() if connector.capabilities.backfill]
    return Connection.objects.filter(active=True, connector__in=can).order_by("id")


def _one_connection(connection_id: int, shop_ids: Collection[int] | None) -> Connection:
    rows = Connection.objects.filter(id=connection_id)
    row = (rows if shop_ids is None else rows.filter(shop_id__in=shop_ids)).first()
    if row is None:
        raise NotFound
    return row


def _connection(row: Connection) -> ConnectionCard:
    return ConnectionCard(
        id=row.pk,
        shop_id=row.shop_id,
        connector=row.connector,
        active=row.active,
        phase=row.phase,
        done=row.done,
        total=row.total,
        caught_up_to=row.caught_up_to,
        heard_at=row.heard_at,
        failed_at=row.failed_at,
        failure=row.failure,
        failure_detail=row.failure_detail,
    )
