"""Endpoints, their deliveries, and what was sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, QuerySet

from opieka.kernel.errors import NotFound
from opieka.timeline import queries as timeline
from opieka.webhooks import policy
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import (
    Attempt,
    AttemptTrouble,
    DeliveryCard,
    DeliveryState,
    DisabledBecause,
    EndpointCard,
)

OPEN = frozenset({DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.FAILED})
LONG = timedelta(days=1)
"""After failing for so long an endpoint is worth telling the operator of."""


def endpoints(shop_ids: Collection[int]) -> list[EndpointCard]:
    """The endpoints of some shops, in the order they were added."""
    rows = list(Endpoint.objects.filter(shop_id__in=shop_ids).order_by("shop_id", "id"))
    counts = _counts([row.pk for row in rows])
    return [_card(row, counts) for row in rows]


def endpoint(endpoint_id: int, *, shop_ids: Collection[int]) -> EndpointCard:
    """One endpoint; NotFound."""
    row = Endpoint.objects.filter(id=endpoint_id, shop_id__in=shop_ids).first()
    if row is None:
        raise NotFound
    return _card(row, _counts([row.pk]))


def troubled(now: datetime) -> list[EndpointCard]:
    """Endpoints of all shops that have failed for long or were disabled for it."""
    failing = Endpoint.objects.filter(active=True, failing_since__lte=now - LONG)
    disabled = Endpoint.objects.filter(active=False, disabled_because=DisabledBecause.FAILING)
    return [_card(row, {}) for row in (failing | disabled).order_by("shop_id", "id")]


def deliveries(
    endpoint_id: int,
    *,
    shop_ids: Collection[int],
    states: Collection[DeliveryState] = (),
    before_id: int | None = None,
    limit: int = 50,
) -> list[DeliveryCard]:
    """An endpoint's deliveries, newest first, in some states or all, from before one of them; without logs."""
    rows = Delivery.objects.filter(endpoint_id=endpoint_id, shop_id__in=shop_ids)
    if states:
        rows = rows.filter(state__in=states)
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return [_delivery(row) for row in rows.defer("log").order_by("-id")[:limit]]


def delivery(delivery_id: int, *, shop_ids: Collection[int]) -> DeliveryCard:
    """One delivery with the log of its latest attempts; NotFound."""
    row = _rows(shop_ids).filter(id=delivery_id).first()
    if row is None:
        raise NotFound
    return _delivery(row, tuple(msgspec.convert(row.log, list[Attempt])))


def body(card: DeliveryCard, *, shop_ids: Collection[int]) -> bytes:
    """What is posted of a delivery; empty when the touchpoint is gone."""
    if card.touchpoint_id is None:
        return policy.test_body(card.endpoint_id, card.created_at)
    entry = timeline.touchpoints([card.touchpoint_id], shop_ids=shop_ids).get(card.touchpoint_id)
    return policy.body(entry) if entry else b""


def _rows(shop_ids: Collection[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(shop_id__in=shop_ids)


def _counts(endpoint_ids: Collection[int]) -> dict[tuple[int, bool], int]:
    """How many are open (True) and given up (False), per endpoint."""
    wanted = Delivery.objects.filter(endpoint_id__in=endpoint_ids, state__in=[*OPEN, DeliveryState.GAVE_UP])
    counts: dict[tuple[int, bool], int] = {}
    for endpoint_id, state, count in wanted.values_list("endpoint_id", "state").annotate(Count("id")):
        key = (endpoint_id, state != DeliveryState.GAVE_UP)
        counts[key] = counts.get(key, 0) + count
    return counts


def _card(row: Endpoint, counts: dict[tuple[int, bool], int]) -> EndpointCard:
    return EndpointCard(
        id=row.pk,
        shop_id=row.shop_id,
        url=row.url,
        description=row.description,
        kinds=tuple(row.kinds),
        active=row.active,
        created_at=row.created_at,
        failing_since=row.failing_since,
        disabled_at=row.disabled_at,
        disabled_because=DisabledBecause(row.disabled_because) if row.disabled_because else None,
        resting_until=row.resting_until,
        old_secret_until=row.old_secret_until,
        waiting=counts.get((row.pk, True), 0),
        lost=counts.get((row.pk, False), 0),
    )


def _delivery(row: Delivery, log: tuple[Attempt, ...] = ()) -> DeliveryCard:
    return DeliveryCard(
        id=row.pk,
        endpoint_id=row.endpoint_id,
        touchpoint_id=row.touchpoint_id,
        message_id=row.message_id,
        kind=row.kind,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        status=row.status,
        trouble=AttemptTrouble(row.trouble) if row.trouble else None,
        created_at=row.created_at,
        log=log,
    )
