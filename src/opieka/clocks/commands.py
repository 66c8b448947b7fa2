"""Starting, pausing, satisfying and cancelling clocks, and announcing those that are due."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from opieka.clocks import policy
from opieka.clocks.facts import ClockBreached, ClockDueSoon
from opieka.clocks.models import IS_OPEN, Clock
from opieka.clocks.types import AllTime, Basis, NewClock, OpenTime, Status, Step, Until
from opieka.kernel import bulk, clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import Conflict
from opieka.shops import queries as shops
from opieka.shops.types import Calendar
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

BATCH = 500
TURNED = (
    "status", "due_at", "warn_at", "next_at", "paused_at", "paused_total", "satisfied_at", "cancelled_at",
)  # fmt: skip


class RunsOn(Conflict):
    code = "clock_runs_on"
    sentence = _("This deadline cannot be paused: it is set by a date or by law.")


def start(shop_id: int, *, new: NewClock, by: Actor) -> int:
    """Start a clock and return its id; the id of the open one of that kind and subject, if there is one."""
    return start_many(shop_id, news=[new], by=by)[new.subject]


@transaction.atomic
def start_many(shop_id: int, *, news: Collection[NewClock], by: Actor) -> dict[str, int]:
    """The same for clocks of one kind and different subjects; the ids by subject. 3 queries."""
    if not news:
        return {}
    fixed = all(isinstance(new.term, AllTime | Until) for new in news)
    calendar = None if fixed else shops.calendar(shop_id)
    rows = {new.subject: _row(shop_id, new, calendar) for new in news}
    (kind,) = {new.kind for new in news}
    found: dict[str, int] = {}
    while missing := [row for subject, row in sorted(rows.items()) if subject not in found]:
        Clock.objects.bulk_create(missing, ignore_conflicts=True)
        # What is still missing then was in the way, and was closed between the two statements.
        open_ones = _open(shop_id, kind, [row.subject for row in missing])
        found |= dict(open_ones.values_list("subject", "id"))
    return found


def pause(shop_id: int, *, kind: str, subject: str, by: Actor) -> bool:
    """Stop the time; RunsOn for a clock of days, of a fixed moment or of the law. Whether anything changed."""
    return _step(shop_id, kind, subject, Step.PAUSE)


def resume(shop_id: int, *, kind: str, subject: str, by: Actor) -> bool:
    """Let the time go on with as much left as there was. Whether anything changed."""
    return _step(shop_id, kind, subject, Step.RESUME)


def satisfy(shop_id: int, *, kind: str, subject: str, by: Actor) -> bool:
    """The thing is done; after its time the breach is announced first. Whether anything changed."""
    return _step(shop_id, kind, subject, Step.SATISFY)


def satisfy_many(shop_id: int, *, kind: str, subjects: Collection[str], by: Actor) -> int:
    """The same for many things; how many clocks changed. At most 5 queries."""
    return _step_many(shop_id, kind, subjects, Step.SATISFY)


def cancel(shop_id: int, *, kind: str, subject: str, by: Actor) -> bool:
    """The thing need not be done any more. Whether anything changed."""
    return _step(shop_id, kind, subject, Step.CANCEL)


def cancel_many(shop_id: int, *, kind: str, subjects: Collection[str], by: Actor) -> int:
    """The same for many things; how many clocks changed. At most 5 queries."""
    return _step_many(shop_id, kind, subjects, Step.CANCEL)


@transaction.atomic
def sweep(limit: int = BATCH, *, by: Actor = SYSTEM) -> int:
    """Announce up to `limit` clocks that are due or due soon, each once; returns how many.

    Clocks that another sweeper or a command holds are left to it.
    """
    now = clock.now()
    held = Clock.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
    rows = list(held.order_by("next_at", "id")[:limit])
    late = [row for row in rows if policy.is_late(row.due_at, now)]
    soon = [row for row in rows if not policy.is_late(row.due_at, now)]
    if soon:
        Clock.objects.filter(id__in=[row.pk for row in soon]).update(warn_at=None, next_at=F("due_at"))
    if late:
        _breach(late)
    if rows:
        record_many([*_announced(soon, ClockDueSoon, by, now), *_announced(late, ClockBreached, by, None)])
    return len(rows)


def _step(shop_id: int, kind: str, subject: str, step: Step) -> bool:
    return _step_many(shop_id, kind, [subject], step) > 0


@transaction.atomic
def _step_many(shop_id: int, kind: str, subjects: Collection[str], step: Step) -> int:
    rows = list(_open(shop_id, kind, subjects).select_for_update()) if subjects else []
    now = clock.now()
    late = [row for row in rows if row.status == Status.RUNNING and policy.is_late(row.due_at, now)]
    if late:
        _breach(late)
        record_many(_announced(late, ClockBreached, SYSTEM, None))
    if step is Step.PAUSE and any(_runs_on(row) for row in rows):
        raise RunsOn
    counts_opening = step is Step.RESUME and any(row.counts == Clock.Counts.OPEN for row in rows)
    calendar = shops.calendar(shop_id) if counts_opening else None
    turned = [row for row in rows if _turned(row, step, now, calendar)]
    bulk.update(turned, TURNED)
    return len(turned)


def _runs_on(row: Clock) -> bool:
    return row.counts == Clock.Counts.FIXED or row.basis == Basis.LEGAL


def _turned(row: Clock, step: Step, now: datetime, calendar: Calendar | None) -> bool:
    """Set what the policy decides; whether that is anything."""
    dial = policy.stepped(_dial(row), step, now, calendar if row.counts == Clock.Counts.OPEN else None)
    if dial is None:
        return False
    row.status, row.due_at, row.warn_at, row.next_at = dial.status, dial.due_at, dial.warn_at, dial.next_at
    row.paused_at, row.paused_total = dial.paused_at, dial.paused_total
    if dial.status in {Status.SATISFIED, Status.LATE}:
        row.satisfied_at = now
    if dial.status is Status.CANCELLED:
        row.cancelled_at = now
    return True


def _breach(rows: Collection[Clock]) -> None:
    for row in rows:
        row.status, row.breached_at, row.warn_at, row.next_at = Status.BREACHED, row.due_at, None, None
    bulk.update(list(rows), ("status", "breached_at", "warn_at", "next_at"))


def _announced(
    rows: Iterable[Clock], fact: type[ClockDueSoon | ClockBreached], by: Actor, at: datetime | None
) -> Iterable[NewTouchpoint]:
    """The touchpoints of some clocks, `at` one moment or each when it was due."""
    for row in rows:
        told = fact(clock_id=row.pk, clock_kind=row.kind, basis=Basis(row.basis), due_at=row.due_at)
        yield NewTouchpoint(told, row.shop_id, row.customer_id, row.subject, by, at or row.due_at)


def _open(shop_id: int, kind: str, subjects: Collection[str]) -> QuerySet[Clock]:
    return Clock.objects.filter(IS_OPEN, shop_id=shop_id, kind=kind, subject__in=subjects).order_by("id")


def _row(shop_id: int, new: NewClock, calendar: Calendar | None) -> Clock:
    at = new.at or clock.now()
    dial = policy.started(new.term, at, None if isinstance(new.term, AllTime | Until) else calendar)
    return Clock(
        shop_id=shop_id,
        kind=new.kind,
        subject=new.subject,
        customer_id=new.customer_id,
        basis=new.basis,
        counts=_counts(new),
        starts_at=at,
        due_at=dial.due_at,
        warn_at=dial.warn_at,
        next_at=dial.next_at,
    )


def _counts(new: NewClock) -> Clock.Counts:
    if isinstance(new.term, OpenTime):
        return Clock.Counts.OPEN
    return Clock.Counts.ALL if isinstance(new.term, AllTime) else Clock.Counts.FIXED


def _dial(row: Clock) -> policy.Dial:
    return policy.Dial(Status(row.status), row.due_at, row.warn_at, row.paused_at, row.paused_total)
