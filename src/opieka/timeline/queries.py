"""Reading a customer's timeline and what was set aside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, QuerySet

from opieka.kernel import facts
from opieka.kernel.paging import following
from opieka.kernel.rows import fetch
from opieka.timeline import reading
from opieka.timeline.models import Failure, Touchpoint
from opieka.timeline.types import Entry, Position, Pulse

START = Position(0, 0, 0)
"""The place before the first touchpoint."""

_PULSE = f"""
    select ({reading.HORIZON}),
        (select count(*) from timeline_failure where shop_id = any(%s::bigint[]) and mended_at is null)
"""  # noqa: S608  # only our own text is put in
_OF_SUBJECTS = f"""
    select {reading.COLUMNS} from timeline_touchpoint
    where shop_id = %s and subject = any(%s) and kind = any(%s) and (%s::timestamptz is null or at >= %s)
    order by id desc limit %s
"""  # noqa: S608  # only our own column names are put in
_COLUMNS = [name.strip() for name in reading.COLUMNS.split(",")]


def of_customers(
    customer_ids: Collection[int],
    *,
    shop_ids: Collection[int],
    kinds: Collection[str] | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Entry]:
    """A person's timeline (all ids she was known by) in some shops, newest first, from before an entry."""
    rows = Touchpoint.objects.filter(shop_id__in=shop_ids, customer_id__in=customer_ids)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if before_id is not None:
        at = (
            Touchpoint.objects.filter(id=before_id, shop_id__in=shop_ids).values_list("at", flat=True).first()
        )
        rows = rows.filter(at__lte=at).exclude(at=at, id__gte=before_id) if at else rows.none()
    return _entries(rows.order_by("-at", "-id"), limit)


def last_seen(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, datetime]:
    """When something last happened with each of these customers."""
    rows = Touchpoint.objects.filter(shop_id__in=shop_ids, customer_id__in=customer_ids)
    found = rows.values("customer_id").annotate(last=Max("at")).values_list("customer_id", "last")
    return {customer_id: last for customer_id, last in found if customer_id is not None}


def of_subject(subject: str, *, shop_id: int, limit: int = 500) -> list[Entry]:
    """What happened to one thing ("conversation:17"), oldest first."""
    return _entries(Touchpoint.objects.filter(shop_id=shop_id, subject=subject).order_by("id"), limit)


def of_subjects(
    subjects: Collection[str],
    *,
    shop_id: int,
    kinds: Collection[str],
    since: datetime | None = None,
    limit: int = 500,
) -> list[Entry]:
    """The latest facts of these kinds about several things, oldest first."""
    rows = fetch(_OF_SUBJECTS, [shop_id, list(subjects), list(kinds), since, since, limit])
    return reading.entries(rows[::-1])


def pulse(shop_ids: Collection[int]) -> Pulse:
    """Where a page stands that is made now, so that its reader misses nothing; and its failures. One query."""
    [(xmin, failed)] = fetch(_PULSE, [list(shop_ids)])
    return Pulse(Position(xmin, xmin, 0), failed)


def feed(
    shop_id: int, *, since: Position, kinds: Collection[str] | None = None, limit: int = 50
) -> tuple[list[Entry], Position]:
    """What happened in a shop after a place in the log, missing nothing, and the place to go on from."""
    return reading.read(since, limit=limit, kinds=kinds, shop_ids=[shop_id])


def failures(shop_ids: Collection[int]) -> QuerySet[Failure]:
    """What was set aside and is not mended, newest first."""
    return Failure.objects.filter(shop_id__in=shop_ids, mended_at=None).order_by("-id")


def failures_by(
    shop_ids: Collection[int], *, order: str, after_id: int | None = None, limit: int = 50
) -> list[Failure]:
    """The same in an order ("failed_at", "attempts", "-" for the reverse), from after one."""
    everything = Failure.objects.filter(shop_id__in=shop_ids)
    return list(following(failures(shop_ids), order=order, after_id=after_id, among=everything)[:limit])


def touchpoints(ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, Entry]:
    """Entries by their ids; those of other shops are left out."""
    rows = Touchpoint.objects.filter(id__in=ids, shop_id__in=shop_ids)
    return {entry.id: entry for entry in _entries(rows, len(ids))}


def _entries(rows: QuerySet[Touchpoint], limit: int) -> list[Entry]:
    known = list(facts.registered())
    return reading.entries(list(rows.filter(kind__in=known).values_list(*_COLUMNS)[:limit]))
