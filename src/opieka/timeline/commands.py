"""Recording what happened, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from opieka.kernel import clock, facts
from opieka.kernel.actor import Actor
from opieka.kernel.facts import Fact
from opieka.timeline.models import Touchpoint
from opieka.timeline.types import NewTouchpoint

CHANNEL = "opieka_timeline"


def record(  # a touchpoint has these parts; every command names them
    fact: Fact,
    *,
    shop_id: int,
    customer_id: int | None,
    subject: str,
    by: Actor,
    at: datetime | None = None,
) -> int:
    """Append one touchpoint; `at` is when it happened, if not now. Returns its id."""
    return record_many([NewTouchpoint(fact, shop_id, customer_id, subject, by, at)])[0]


def record_many(happened: Iterable[NewTouchpoint]) -> list[int]:
    """Append many touchpoints in their order; returns their ids."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "a fact is recorded in the transaction that made it true"
        )
    now = clock.now()
    rows = Touchpoint.objects.bulk_create([_row(new, now) for new in happened], batch_size=2000)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    return [row.pk for row in rows]


def _row(new: NewTouchpoint, now: datetime) -> Touchpoint:
    return Touchpoint(
        shop_id=new.shop_id,
        customer_id=new.customer_id,
        kind=new.fact.kind,
        stage=new.fact.stage,
        subject=new.subject,
        data=facts.dump(new.fact),
        actor_kind=new.by.kind,
        actor_id=new.by.id,
        at=new.at or now,
        recorded_at=now,
    )
