"""Starting, pausing, satisfying and cancelling clocks, and announcing those that are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from opieka.clocks import policy
from opieka.clocks.facts import ClockBreached, ClockDueSoon
from opieka.clocks.models import IS_OPEN, Clock
from opieka.clocks.types import AllTime, Basis, NewClock, OpenTime, Status, Step, Until
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import Conflict
from opieka.shops import queries as shops
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

BATCH = 500


class RunsOn(Conflict):
    code = "clock_runs_on"
    sentence = _("This deadline cannot be paused: it is set by a date or by law.")


@transaction.atomic
def start(shop_id: int, *, new: NewClock, by: Actor) -> int:
    """Start a clock and return its id; the id of the open one of that kind and subject, if there is one."""
    at = new.at or clock.now()
    calendar = None if isinstance(new.term, AllTime | Until) else shops.calendar(shop_id)
    dial = policy.started(new.term, at, calendar)
    row = Clock(
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
    while True:
        Clock.objects.bulk_create([row], ignore_conflicts=True)
        found = _open(shop_id, new.kind, new.subject).values_list("id", flat=True).first()
        if found is not None:  # else the one in the way was closed between the two statements
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


def cancel(shop_id: int, *, kind: str, subject: str, by: Actor) -> bool:
    """The thing need not be done any more. Whether anything changed."""
    return _step(shop_id, kind, subject, Step.CANCEL)


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


@transaction.atomic
def _step(shop_id: int, kind: str, subject: str, step: Step) -> bool:
    row = _open(shop_id, kind, subject).select_for_update().first()
    if row is None:
        return False
    now = clock.now()
    if row.status == Status.RUNNING and policy.is_late(row.due_at, now):
        _breach([row])
        record_many(_announced([row], ClockBreached, SYSTEM, None))
        row.refresh_from_db()
    if step is Step.PAUSE and (row.counts == Clock.Counts.FIXED or row.basis == Basis.LEGAL):
        raise RunsOn
    counts_opening = step is Step.RESUME and row.counts == Clock.Counts.OPEN
    dial = policy.stepped(_dial(row), step, now, shops.calendar(shop_id) if counts_opening else None)
    if dial is None:
        return False
    _turn(row, dial, now)
    return True


def _turn(row: Clock, dial: policy.Dial, now: datetime) -> None:
    """Store what the policy decided."""
    row.status, row.due_at, row.warn_at, row.next_at = dial.status, dial.due_at, dial.warn_at, dial.next_at
    row.paused_at, row.paused_total = dial.paused_at, dial.paused_total
    if dial.status in {Status.SATISFIED, Status.LATE}:
        row.satisfied_at = now
    if dial.status is Status.CANCELLED:
        row.cancelled_at = now
    row.save()


def _breach(rows: list[Clock]) -> None:
    Clock.objects.filter(id__in=[row.pk for row in rows]).update(
        status=Status.BREACHED, breached_at=F("due_at"), warn_at=None, next_at=None
    )


def _announced(
    rows: Iterable[Clock], fact: type[ClockDueSoon | ClockBreached], by: Actor, at: datetime | None
) -> Iterable[NewTouchpoint]:
    """The touchpoints of some clocks, `at` one moment or each when it was due."""
    for row in rows:
        told = fact(clock_id=row.pk, clock_kind=row.kind, basis=Basis(row.basis), due_at=row.due_at)
        yield NewTouchpoint(told, row.shop_id, row.customer_id, row.subject, by, at or row.due_at)


def _open(shop_id: int, kind: str, subject: str) -> QuerySet[Clock]:
    return Clock.objects.filter(IS_OPEN, shop_id=shop_id, kind=kind, subject=subject).order_by("id")


def _counts(new: NewClock) -> Clock.Counts:
    if isinstance(new.term, OpenTime):
        return Clock.Counts.OPEN
    return Clock.Counts.ALL if isinstance(new.term, AllTime) else Clock.Counts.FIXED


def _dial(row: Clock) -> policy.Dial:
    return policy.Dial(Status(row.status), row.due_at, row.warn_at, row.paused_at, row.paused_total)
