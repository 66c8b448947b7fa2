"""Connecting a shop to carriers, and what their webhooks bring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Carrier, Context, Reading, Unreadable
from opieka.deliveries.commands.asking import ask_soon
from opieka.deliveries.commands.taking import take_reading
from opieka.deliveries.models import Connection, Parcel
from opieka.deliveries.policy.naming import normal_number
from opieka.deliveries.queries.connections import lists_points
from opieka.deliveries.types import TERMINAL, Notice, NoticeKind, Taken, Tracking
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid, NotFound
from opieka.shops import queries as shops

A_MOMENT = timedelta(minutes=5)
"""How long a carrier rests that refused and did not say until when."""


class UnknownCarrier(Invalid):
    code = "unknown_carrier"
    sentence = _("“%(carrier)s” is not a carrier a shop can be connected to.")


class MissingKeys(Invalid):
    code = "missing_keys"
    sentence = _("These fields are still empty: %(fields)s")


@transaction.atomic
def connect(shop_id: int, *, carrier: str, credentials: Mapping[str, str], by: Actor) -> int:
    """Connect a shop to a carrier, or give its connection new keys; returns the connection's id. Its open parcels are
    asked for from now on, and its points where it lists them."""
    known = CARRIERS.get(carrier)
    if known is None:
        raise UnknownCarrier(carrier=carrier)
    can = known.capabilities
    missing = [field for field in can.credentials if not credentials.get(field, "").strip()]
    if missing:
        raise MissingKeys(fields=", ".join(missing))
    fields = (*can.credentials, *can.optional_credentials)
    kept = {field: credentials.get(field, "").strip() for field in fields}
    fresh = {"active": True, "failure": "", "failure_detail": "", "failed_at": None, "rests_until": None}
    row, _made = Connection.objects.update_or_create(
        shop_id=shop_id,
        carrier=carrier,
        defaults={"credentials": secrets.encrypt(json.dumps(kept)), **fresh},
    )
    if lists_points(carrier, kept):
        _ask_for_points(row.pk)
    if can.polling:
        rows = Parcel.objects.filter(shop_id=shop_id, ask_at=None).exclude(stage__in=TERMINAL)
        (rows if can.aggregator else rows.filter(carrier=carrier)).update(ask_at=clock.now())
    return row.pk


def _ask_for_points(connection_id: int) -> None:
    from opieka.deliveries.jobs import list_points

    list_points.defer(connection_id=connection_id)


@transaction.atomic
def disconnect(connection_id: int, *, shop_id: int, by: Actor) -> None:
    """Stop listening and asking, and forget the keys. The parcels stay. NotFound."""
    changed = Connection.objects.filter(id=connection_id, shop_id=shop_id).update(
        active=False, credentials=""
    )
    if not changed:
        raise NotFound


@transaction.atomic
def note_heard(connection_id: int, *, asked: bool, by: Actor) -> None:
    """A carrier answered, or called: what failed before is over."""
    now = clock.now()
    changes = {"asked_at" if asked else "heard_at": now, "failure": "", "failure_detail": ""}
    Connection.objects.filter(id=connection_id).update(**changes, failed_at=None, rests_until=None)


@transaction.atomic
def note_refusal(
    connection_id: int, *, reason: str, detail: str, pause: timedelta = A_MOMENT, by: Actor
) -> None:
    """Write down why a carrier gave no answer, and let it rest."""
    now = clock.now()
    Connection.objects.filter(id=connection_id).update(
        failure=reason[:40],
        failure_detail=detail.replace("\0", "")[:300],
        failed_at=now,
        rests_until=now + pause,
    )


def receive(connection_id: int, *, raws: Iterable[bytes], by: Actor) -> Taken:
    """Take over what a carrier's webhooks say, several in one transaction. What cannot be read becomes a notice; only
    NotFound is raised.

    Whether they are genuine is not this command's business: see `queries.webhook`.
    """
    row = Connection.objects.filter(id=connection_id).first()
    if row is None or row.carrier not in CARRIERS:
        raise NotFound
    carrier = CARRIERS[row.carrier]
    zone = zone_of(carrier, row.shop_id)
    readings = [read(carrier, raw, zone=zone) for raw in raws]
    tracked = tuple(tracking for reading in readings for tracking in reading.tracked)
    notices = tuple(notice for reading in readings for notice in reading.notices)
    hints = [number for reading in readings for number in reading.hints]
    if carrier.capabilities.hint_only:
        hints += [tracking.tracking_number for tracking in tracked]
        tracked = ()
    named = (Tracking(carrier=carrier.name, tracking_number=number) for number in hints)
    whole = Reading(tracked=(*tracked, *named), notices=notices)
    with transaction.atomic():
        taken = take_reading(whole, shop_id=row.shop_id, carrier=carrier.name, by=by)
        ask_soon({normal_number(number) for number in hints}, shop_id=row.shop_id, carrier=carrier.name)
        note_heard(connection_id, asked=False, by=by)
    return taken


def zone_of(carrier: Carrier, shop_id: int) -> ZoneInfo:
    """Where times without an offset are local: the carrier's zone, or the shop's where it has none of its own."""
    return ZoneInfo(carrier.zone or shops.shop(shop_id).timezone)


def read(carrier: Carrier, raw: bytes, *, zone: ZoneInfo) -> Reading:
    """What a body says; one that is none of this carrier's becomes a notice."""
    if carrier.read is None:
        return Reading()
    try:
        return carrier.read(raw, Context(zone=zone))
    except Unreadable as problem:
        notice = Notice(kind=NoticeKind.MALFORMED, where=problem.where, value=problem.value)
        return Reading(notices=(notice,))
