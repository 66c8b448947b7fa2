"""Recording what happened, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Func, Value

from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.kernel.facts import Fact
from opieka.timeline.models import Failure, Touchpoint
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
    rows = [_row(new, now) for new in happened]
    if not rows:
        return []
    ids = bulk.insert_values(Touchpoint, COLUMNS, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
    return ids


def forget_errors(customer_ids: Collection[int]) -> None:
    """Of what could not be handled about some people keep only the kind of error: its words may be theirs."""
    Failure.objects.filter(
        touchpoint_id__in=Touchpoint.objects.filter(customer_id__in=customer_ids).values("id")
    ).update(error=Func(F("error"), Value(":"), Value(1), function="split_part"))


def rebase() -> None:
    """After a restore: number the log's transactions anew, below those of this server.

    A dump brings transaction ids of another server, which may lie in this one's future and would not be read
    until then. Rows that every reaction has read get one small id; the others, and the cursors, keep their order.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("lock table timeline_touchpoint, timeline_cursor in exclusive mode")
        cursor.execute(_REBASE)
        cursor.execute("select coalesce(max(xid::text::bigint), 0) from timeline_touchpoint")
        highest = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        reached = 0
        while reached <= highest:  # each statement outside a transaction takes the next id
            cursor.execute("select pg_current_xact_id()::text::bigint")
            reached = cursor.fetchone()[0]


_OLDEST = 3  # PostgreSQL's first ordinary transaction id
_REBASE = f"""
    create temporary table open_transactions on commit drop as
      select xid::text::bigint as old, {_OLDEST} + row_number() over (order by xid) as new
      from (select distinct xid from timeline_touchpoint
            where xid >= coalesce((select min(low) from timeline_cursor), 0)::text::xid8) as remaining;
    update timeline_cursor set
      low = {_OLDEST + 1} + (select count(*) from open_transactions where old < low),
      high = {_OLDEST + 1} + (select count(*) from open_transactions where old < high);
    update timeline_touchpoint t set xid =
      coalesce((select new from open_transactions where old = t.xid::text::bigint), {_OLDEST})::text::xid8;
"""  # noqa: S608  # only our own numbers are put in


COLUMNS = (
    "shop_id", "customer_id", "kind", "stage", "subject", "data", "actor_kind", "actor_id", "at", "recorded_at",
)  # fmt: skip


def _row(new: NewTouchpoint, now: datetime) -> tuple[object, ...]:
    """The values of `COLUMNS`."""
    fact, by = new.fact, new.by
    return (
        new.shop_id,
        new.customer_id,
        fact.kind,
        fact.stage.value,
        new.subject,
        bulk.json_text(fact),
        by.kind.value,
        by.id,
        new.at or now,
        now,
    )
