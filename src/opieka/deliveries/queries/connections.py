"""Reading connections to carriers: how they stand, their keys, and what was noticed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import QuerySet

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Delivered
from opieka.deliveries.models import Connection, Notice, Parcel
from opieka.deliveries.queries.cards import carrier_title
from opieka.deliveries.types import CarrierCard, ConnectionCard, WantedNotices, Webhook
from opieka.kernel import secrets
from opieka.kernel.errors import NotFound

ALL = WantedNotices()


def carriers() -> list[CarrierCard]:
    """What a shop can be connected to, by title."""
    found = [
        CarrierCard(
            name=carrier.name,
            title=carrier_title(carrier.name),
            polling=carrier.capabilities.polling,
            webhooks=carrier.capabilities.webhooks,
            files=carrier.capabilities.files,
            aggregator=carrier.capabilities.aggregator,
            credentials=carrier.capabilities.credentials,
            optional_credentials=carrier.capabilities.optional_credentials,
        )
        for carrier in CARRIERS.values()
    ]
    return sorted(found, key=lambda card: card.title.casefold())


def connections(shop_ids: Collection[int]) -> list[ConnectionCard]:
    """The carriers some shops are connected to."""
    rows = Connection.objects.filter(shop_id__in=shop_ids).order_by("shop_id", "carrier")
    return [_card(row) for row in rows]


def connection(connection_id: int, *, shop_ids: Collection[int]) -> ConnectionCard:
    """One connection; NotFound."""
    row = Connection.objects.filter(id=connection_id, shop_id__in=shop_ids).first()
    if row is None:
        raise NotFound
    return _card(row)


def listing_points() -> list[int]:
    """The ids of active connections to carriers whose own service lists their points."""
    can = [name for name, carrier in CARRIERS.items() if carrier.list_points is not None]
    rows = Connection.objects.filter(active=True, carrier__in=can).order_by("id")
    return [row.pk for row in rows if lists_points(row.carrier, keys(row))]


def lists_points(carrier: str, keys: Mapping[str, str]) -> bool:
    """Whether these keys are enough to ask a carrier for its points."""
    known = CARRIERS[carrier]
    return known.list_points is not None and (not known.points_key or bool(keys.get(known.points_key)))


def to_be_asked(now: datetime) -> list[int]:
    """The ids of active connections to carriers that can be asked, do not rest, and of which parcels are due."""
    can = [name for name, carrier in CARRIERS.items() if carrier.capabilities.polling]
    rows = Connection.objects.filter(active=True, carrier__in=can)
    due = Parcel.objects.filter(ask_at__lte=now).order_by().values_list("shop_id", flat=True).distinct()
    rows = rows.filter(shop_id__in=due).exclude(rests_until__gt=now)
    return list(rows.order_by("id").values_list("id", flat=True))


def access(connection_id: int) -> tuple[int, str, Mapping[str, str]] | None:
    """The shop, carrier and keys of an active connection."""
    row = Connection.objects.filter(id=connection_id, active=True).first()
    return None if row is None else (row.shop_id, row.carrier, keys(row))


def keys_of(shop_id: int, carrier: str) -> Mapping[str, str] | None:
    """The keys of a shop's active connection to a carrier; None without one."""
    row = Connection.objects.filter(shop_id=shop_id, carrier=carrier, active=True).first()
    return None if row is None else keys(row)


def webhook(connection_id: int, call: Delivered) -> Webhook:
    """What an incoming webhook is, and whether it is authentic; NotFound for a connection that takes none."""
    row = Connection.objects.filter(id=connection_id, active=True).first()
    carrier = CARRIERS.get(row.carrier) if row is not None else None
    if row is None or carrier is None or not carrier.capabilities.webhooks:
        raise NotFound
    authentic = carrier.genuine is not None and carrier.genuine(call, keys(row))
    return Webhook(
        shop_id=row.shop_id,
        carrier=carrier.name,
        delivery_id=carrier.delivery_id(call) if authentic else "",
        authentic=authentic,
    )


def keys(row: Connection) -> Mapping[str, str]:
    """The keys of a connection."""
    opened: Mapping[str, str] = json.loads(secrets.decrypt(row.credentials) or "{}")
    return opened


def notices(shop_ids: Collection[int], wanted: WantedNotices = ALL) -> QuerySet[Notice]:
    """What a person should look at and has not dismissed, the latest first."""
    rows = Notice.objects.filter(shop_id__in=shop_ids, seen_at=None)
    asked = {"id": wanted.id, "kind": wanted.kind, "where": wanted.where, "carrier": wanted.told_by}
    return rows.filter(**{name: value for name, value in asked.items() if value}).order_by("-last_at", "-id")


def notice_sources(shop_ids: Collection[int]) -> dict[str, str]:
    """Who brought the notices that are to be looked at: titles by name."""
    names = notices(shop_ids).order_by().values_list("carrier", flat=True).distinct()
    return {name: carrier_title(name) for name in sorted(names)}


def _card(row: Connection) -> ConnectionCard:
    can = CARRIERS[row.carrier].capabilities if row.carrier in CARRIERS else None
    return ConnectionCard(
        id=row.pk,
        shop_id=row.shop_id,
        carrier=row.carrier,
        title=carrier_title(row.carrier),
        active=row.active,
        polling=can is not None and can.polling,
        webhooks=can is not None and can.webhooks,
        heard_at=row.heard_at,
        asked_at=row.asked_at,
        rests_until=row.rests_until,
        failed_at=row.failed_at,
        failure=row.failure,
        failure_detail=row.failure_detail,
    )
