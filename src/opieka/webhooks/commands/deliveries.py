"""Deliveries: made of facts, replayed, forgotten."""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, NotFound
from opieka.timeline.types import Entry
from opieka.webhooks import policy
from opieka.webhooks.commands.endpoints import locked
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import DeliveryState, Step

CHANNEL = "opieka_webhooks"
KEPT = timedelta(days=30)
_COLUMNS = (
    "shop_id", "endpoint_id", "touchpoint_id", "message_id", "kind", "state", "attempts", "replayed_after",
    "next_try_at", "status", "trouble", "log", "created_at",
)  # fmt: skip
_FORGOTTEN_AT_ONCE = 10_000
_REPLAYED = tuple(
    state for state, step in policy.STEPS if step is Step.REPLAY and state is not DeliveryState.DELIVERED
)


class NoLonger(Conflict):
    code = "endpoint_disabled"
    sentence = _("This address is disabled. Enable it first.")


class OnItsWay(Conflict):
    code = "delivery_on_its_way"
    sentence = _("It is on its way already.")


def enqueue(entries: Sequence[Entry], *, by: Actor) -> int:
    """Deliveries of facts to every active endpoint that wants them, in the caller's transaction; how many."""
    shop_ids = {entry.shop_id for entry in entries}
    wanting: dict[int, list[tuple[int, frozenset[str]]]] = {}
    found = Endpoint.objects.filter(shop_id__in=shop_ids, active=True).order_by("id")
    for endpoint_id, shop_id, kinds in found.values_list("id", "shop_id", "kinds"):
        wanting.setdefault(shop_id, []).append((endpoint_id, frozenset(kinds)))
    now = clock.now()
    rows = [
        _row(entry.shop_id, endpoint_id, entry.id, entry.fact.kind, now)
        for entry in entries
        for endpoint_id, kinds in wanting.get(entry.shop_id, ())
        if not kinds or entry.fact.kind in kinds
    ]
    if rows:
        bulk.insert_values(Delivery, _COLUMNS, rows)
        _wake()
    return len(rows)


@transaction.atomic
def send_test(endpoint_id: int, *, shop_id: int, by: Actor) -> int:
    """Send something that is no fact, once; its delivery's id. NoLonger for a disabled endpoint."""
    _active(endpoint_id, shop_id)
    row = _row(shop_id, endpoint_id, None, policy.TEST, clock.now())
    (delivery_id,) = bulk.insert_values(Delivery, _COLUMNS, [row])
    _wake()
    return delivery_id


@transaction.atomic
def replay(delivery_id: int, *, shop_id: int, by: Actor) -> None:
    """Send a delivery again, now, under the same message id, with the whole table of attempts before it.

    NoLonger for a disabled endpoint, OnItsWay while it is pending or being sent.
    """
    row = Delivery.objects.filter(id=delivery_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    _active(row.endpoint_id, shop_id)
    row = Delivery.objects.select_for_update().get(id=delivery_id)
    state = policy.after(DeliveryState(row.state), Step.REPLAY)
    if state is None:
        raise OnItsWay
    row.state, row.replayed_after, row.next_try_at = state, row.attempts, clock.now()
    row.save(update_fields=["state", "replayed_after", "next_try_at"])
    _wake()


@transaction.atomic
def replay_failed(endpoint_id: int, *, shop_id: int, since: datetime, by: Actor) -> int:
    """Replay what has failed or was given up of the facts enqueued since then; how many. NoLonger."""
    _active(endpoint_id, shop_id)
    rows = Delivery.objects.filter(
        endpoint_id=endpoint_id, state__in=_REPLAYED, touchpoint_id__isnull=False, created_at__gte=since
    )
    count = rows.update(state=DeliveryState.PENDING, replayed_after=F("attempts"), next_try_at=clock.now())
    if count:
        _wake()
    return count


def forget(*, by: Actor) -> int:
    """Remove deliveries of more than thirty days, sent or not; how many."""
    before, count = clock.now() - KEPT, 0
    while True:
        old = Delivery.objects.filter(created_at__lt=before).order_by("created_at")
        gone, _each = Delivery.objects.filter(id__in=old.values("id")[:_FORGOTTEN_AT_ONCE]).delete()
        count += gone
        if gone < _FORGOTTEN_AT_ONCE:
            return count


def _active(endpoint_id: int, shop_id: int) -> Endpoint:
    row = locked(endpoint_id, shop_id)
    if not row.active:
        raise NoLonger
    return row


def _row(
    shop_id: int, endpoint_id: int, touchpoint_id: int | None, kind: str, now: datetime
) -> tuple[object, ...]:
    """The values of `_COLUMNS`."""
    message_id = f"msg_{random.token_hex(12)}"
    place = (shop_id, endpoint_id, touchpoint_id, message_id, kind)
    return (*place, DeliveryState.PENDING.value, 0, 0, now, 0, "", "[]", now)


def _wake() -> None:
    """Wake the senders when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
