"""Connecting a shop to its source, and reading the source page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid, NotFound
from opieka.orders.commands.applying import apply_reading
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Page
from opieka.orders.models import Connection
from opieka.orders.types import ORDERS, PRODUCTS, Place

# Changes are asked for from a little before the last reading began: clocks differ, and sources date late.
OVERLAP = timedelta(minutes=30)
PHASES = (PRODUCTS, ORDERS)


class UnknownConnector(Invalid):
    code = "unknown_connector"
    sentence = _("“%(connector)s” is not something a shop can be connected to.")


class MissingCredentials(Invalid):
    code = "missing_credentials"
    sentence = _("These fields are still empty: %(fields)s")
    names: ClassVar = {
        "fields": {
            "url": _("Address of the shop (https://…)"),
            "domain": _("Domain (name.myshopify.com)"),
            "access_token": _("Admin API access token"),
            "consumer_key": _("Consumer key"),
            "consumer_secret": _("Consumer secret"),
            "webhook_secret": _("Webhook secret"),
        }
    }


@transaction.atomic
def connect(shop_id: int, *, connector: str, credentials: Mapping[str, str], by: Actor) -> int:
    """Connect a shop, or give its connection new keys; returns the connection's id."""
    known = CONNECTORS.get(connector)
    if known is None or not known.capabilities.credentials:
        raise UnknownConnector(connector=connector)
    needed = known.capabilities.credentials
    missing = [field for field in needed if not credentials.get(field, "").strip()]
    if missing:
        raise MissingCredentials(fields=missing)
    kept = {field: credentials[field].strip() for field in needed}
    row, _made = Connection.objects.update_or_create(
        shop_id=shop_id,
        connector=connector,
        defaults={
            "credentials": secrets.encrypt(json.dumps(kept)),
            "active": True,
            "failure": "",
            "failure_detail": "",
            "failed_at": None,
        },
    )
    return row.pk


@transaction.atomic
def disconnect(connection_id: int, *, shop_id: int, by: Actor) -> None:
    """Stop listening and reading, and forget the keys. The orders stay."""
    changed = Connection.objects.filter(id=connection_id, shop_id=shop_id).update(
        active=False, credentials="", phase="", cursor=""
    )
    if not changed:
        raise NotFound


@transaction.atomic
def begin_reading(connection_id: int, *, everything: bool, by: Actor) -> None:
    """Read a source from its first order on, or what changed since the last time; a job does the reading."""
    from opieka.orders.jobs import go_on

    row = Connection.objects.select_for_update().filter(id=connection_id, active=True).first()
    if row is None:
        raise NotFound
    since = None if everything or row.caught_up_to is None else row.caught_up_to - OVERLAP
    row.phase = PHASES[0] if since is None else PHASES[-1]
    row.since, row.cursor, row.done, row.total = since, "", 0, None
    row.started_at = clock.now()
    row.save()
    go_on(connection_id)


@transaction.atomic
def take_page(connection_id: int, *, page: Page, at: Place, by: Actor) -> bool:
    """Take over one page and go on behind it; False when somebody else has gone on from `at` already."""
    connector = CONNECTORS[at.connector]
    apply_reading(page.reading, shop_id=at.shop_id, source=connector.source, by=by)
    # Only now is the connection locked: webhooks too take their orders first.
    rows = Connection.objects.select_for_update().filter(id=connection_id, phase=at.phase, cursor=at.cursor)
    row = rows.first()
    if row is None:
        return False
    row.done += len(page.reading.orders or page.reading.products)
    row.total = page.total if page.total is not None else row.total
    row.cursor = page.cursor
    if not page.cursor:
        _next_phase(row)
    row.failure, row.failure_detail, row.failed_at = "", "", None
    row.save()
    return True


def _next_phase(row: Connection) -> None:
    following = PHASES[PHASES.index(row.phase) + 1 :]
    row.phase = following[0] if following else ""
    if following:
        row.done, row.total = 0, None
    else:
        row.caught_up_to = row.started_at


@transaction.atomic
def note_failure(connection_id: int, *, reason: str, detail: str, give_up: bool, by: Actor) -> None:
    """Write down why a source could not be read; with `give_up` nobody tries until somebody begins again."""
    changes = {"failure": reason[:40], "failure_detail": detail[:300], "failed_at": clock.now()}
    if give_up:
        changes |= {"phase": "", "cursor": ""}
    Connection.objects.filter(id=connection_id).update(**changes)


@transaction.atomic
def start_over(connection_id: int, *, by: Actor) -> None:
    """Begin the present phase anew: its cursor is no longer known to the source."""
    Connection.objects.filter(id=connection_id).update(cursor="", done=0)
