"""Attempts: claimed by one sender, and what came of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import connection, transaction
from django.db.models import F

from opieka.kernel import bulk, clock, secrets
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry
from opieka.webhooks import policy
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import Attempt, AttemptTrouble, DeliveryState, DisabledBecause, Outcome, Step, Work

# An endpoint another sender is choosing from is left to it, so that the requests of one are counted rightly.
# Held first and chosen from in a second statement, which sees what the holder before has committed.
_READY = """
    select id from webhooks_endpoint e
    where active and coalesce(resting_until <= %(now)s, true)
      and exists (select from webhooks_delivery d where d.endpoint_id = e.id and d.next_try_at <= %(now)s)
    for no key update skip locked
"""
# Endpoints that fail come last and get few requests at a time, so that they do not hold the others.
_DUE = """
    select due.id from webhooks_endpoint e, lateral (
        select d.id, d.next_try_at from webhooks_delivery d
        where d.endpoint_id = e.id and d.next_try_at <= %(now)s
        order by d.next_try_at
        limit greatest(0, case when e.failing_since is null then %(at_once)s else %(probing)s end - (
            select count(*) from webhooks_delivery s
            where s.endpoint_id = e.id and s.state = 'sending' and s.next_try_at > %(now)s))
    ) due
    where e.id = any(%(ready)s)
    order by e.failing_since is not null, due.next_try_at
    limit %(limit)s
"""

# Django's bulk_update takes several times the CPU of this.
_NOTED = """
    update webhooks_delivery d set
        state = v.state, next_try_at = v.next_try_at, status = v.status, trouble = v.trouble, log = v.log::jsonb
    from unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::int[], %s::text[], %s::text[])
        as v (id, state, next_try_at, status, trouble, log)
    where d.id = v.id
"""


@transaction.atomic
def claim(limit: int) -> list[Work]:
    """Take up to so many deliveries whose time has come for one attempt each.

    Nobody else takes them before their lease is over.
    """
    now = clock.now()
    due = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
    due = due.filter(id__in=_due(limit, now), next_try_at__lte=now)
    rows = [row for row in due.order_by("next_try_at", "id") if not _lost_for_good(row)]
    if not rows:
        return []
    Delivery.objects.filter(id__in=[row.pk for row in rows]).update(
        state=DeliveryState.SENDING, attempts=F("attempts") + 1, next_try_at=now + policy.LEASE
    )
    known = timeline.touchpoints(
        [row.touchpoint_id for row in rows if row.touchpoint_id], shop_ids={row.shop_id for row in rows}
    )
    return [_work(row, known, now) for row in rows]


def _due(limit: int, now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_READY, {"now": now})
        ready = [row[0] for row in cursor.fetchall()]
        if not ready:
            return []
        limits = {"limit": limit, "at_once": policy.AT_ONCE, "probing": policy.PROBING}
        cursor.execute(_DUE, {"now": now, "ready": ready, **limits})
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def note(results: Sequence[tuple[Work, Outcome]]) -> None:
    """Keep what came of attempts; those overtaken by a later attempt say something of the endpoint only."""
    now = clock.now()
    _note_endpoints(results, now)
    by_id = {work.delivery_id: (work, outcome) for work, outcome in results}
    rows = list(Delivery.objects.select_for_update().filter(id__in=by_id).order_by("id"))
    current = [
        row for row in rows if row.state == DeliveryState.SENDING and row.attempts == by_id[row.pk][0].attempt
    ]
    for row in current:
        _note(row, by_id[row.pk][1], now)
    if current:
        columns = zip(
            *((r.pk, r.state, r.next_try_at, r.status, r.trouble, bulk.json_text(r.log)) for r in current),
            strict=True,
        )
        with connection.cursor() as cursor:
            cursor.execute(_NOTED, [list(column) for column in columns])


def _note(row: Delivery, outcome: Outcome, now: datetime) -> None:
    attempt = outcome.attempt
    row.status, row.trouble = attempt.status, attempt.trouble or ""
    row.log = _logged(row, attempt)
    step, row.next_try_at = Step.SUCCEED, None
    if attempt.trouble:
        tries = row.attempts - row.replayed_after
        once = row.touchpoint_id is None or attempt.trouble is AttemptTrouble.GONE
        chance = random.random()  # noqa: S311  # spreads load, guards nothing
        again = None if once else policy.next_try(tries, now=now, wait=outcome.wait, chance=chance)
        step, row.next_try_at = (Step.FAIL, again) if again else (Step.GIVE_UP, None)
    row.state = policy.after(DeliveryState.SENDING, step) or row.state


def _note_endpoints(results: Sequence[tuple[Work, Outcome]], now: datetime) -> None:
    """Who works, who fails, who asks for rest, and who is disabled for it."""
    works = {work.endpoint_id for work, outcome in results if outcome.attempt.trouble is None}
    fails = {work.endpoint_id for work, outcome in results} - works
    gone = {work.endpoint_id for work, outcome in results if outcome.attempt.trouble is AttemptTrouble.GONE}
    rows = Endpoint.objects.filter(active=True)
    rows.filter(id__in=works).exclude(failing_since=None, resting_until=None).update(
        failing_since=None, resting_until=None
    )
    if not fails | gone:
        return
    rows.filter(id__in=fails, failing_since=None).update(failing_since=now)
    for work, outcome in results:
        if outcome.wait:
            until = now + timedelta(seconds=outcome.wait)
            rows.filter(id=work.endpoint_id).update(resting_until=until)
    rows.filter(id__in=gone).update(active=False, disabled_at=now, disabled_because=DisabledBecause.GONE)
    rows.filter(id__in=fails, failing_since__lte=now - policy.PATIENCE).update(
        active=False, disabled_at=now, disabled_because=DisabledBecause.FAILING
    )


def _lost_for_good(row: Delivery) -> bool:
    """Note the attempt of a sender that died; whether it was the last of the table."""
    if row.state != DeliveryState.SENDING or row.next_try_at is None:
        return False
    begun = row.next_try_at - policy.LEASE
    row.trouble = AttemptTrouble.LOST
    row.log = _logged(row, Attempt(row.attempts, begun, 0, 0, AttemptTrouble.LOST))
    over = row.attempts - row.replayed_after >= len(policy.DELAYS)
    if over:
        row.state, row.next_try_at = DeliveryState.GAVE_UP, None
    row.save(update_fields=["state", "next_try_at", "trouble", "log"])
    return over


def _logged(row: Delivery, attempt: Attempt) -> list[object]:
    return [*row.log, msgspec.to_builtins(attempt)][-policy.ATTEMPTS_KEPT :]


def _work(row: Delivery, known: Mapping[int, Entry], now: datetime) -> Work:
    """What to post; without a body when it cannot be made any more, which the sender tells as a failure."""
    entry = known.get(row.touchpoint_id or 0)
    body = policy.body(entry) if entry else b""
    if row.touchpoint_id is None:
        body = policy.test_body(row.endpoint_id, row.created_at)
    return Work(
        delivery_id=row.pk,
        endpoint_id=row.endpoint_id,
        attempt=row.attempts + 1,
        url=row.endpoint.url,
        message_id=row.message_id,
        body=body,
        secrets=_secrets(row.endpoint, now),
    )


def _secrets(endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    """The valid ones, the newest first; none when they were stored under another key of the installation."""
    stored = [endpoint.secret]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > now:
        stored.append(endpoint.old_secret)
    try:
        return tuple(map(secrets.decrypt, stored))
    except ValueError:
        return ()
