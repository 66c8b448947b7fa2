"""Looking at parcels and orders when their time has come: late, stale, lost, partly delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Q

from opieka.deliveries.commands.announcing import HELD
from opieka.deliveries.commands.loading import Box, begin, load_reports
from opieka.deliveries.commands.settling import settle
from opieka.deliveries.facts import OrderPartlyDelivered, ParcelLate, ParcelLost, ParcelStale
from opieka.deliveries.models import Parcel, Watch
from opieka.deliveries.policy.silence import NOT_LATE
from opieka.deliveries.types import Leg, ParcelStage
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

BATCH = 5000

_DUE = """
    select id, shop_id,
        ahead_at <= %(now)s or (order_id is null and order_key <> '' and announced = '') as again
    from deliveries_parcel where look_at <= %(now)s order by look_at limit %(limit)s
    for update skip locked
"""
# What has come true is set, and the next look is at the first of what has not.
_LOOK = """
    with found as (
        select id,
            late_at is null and leg = 'outbound' and stage <> all(%(not_late)s) as may_be_late,
            late_at is null and leg = 'outbound' and stage <> all(%(not_late)s)
                and coalesce(promised_to <= %(now)s, false) as late,
            stale_at is null and coalesce(stale_due_at <= %(now)s, false) as stale,
            lost_at is null and coalesce(lost_due_at <= %(now)s, false) as lost,
            announced ~ '\\mlost\\M' as told
        from deliveries_parcel where id = any(%(ids)s)
    )
    update deliveries_parcel p set
        late_at = case when found.late then %(now)s else late_at end,
        stale_at = case when found.stale then %(now)s else stale_at end,
        lost_at = case when found.lost then %(now)s else lost_at end,
        announced = case when found.lost and not found.told then ltrim(announced || ' lost') else announced end,
        look_at = least(
            ahead_at,
            case when found.may_be_late and not found.late then promised_to end,
            case when stale_at is null and not found.stale then stale_due_at end,
            case when lost_at is null and not found.lost then lost_due_at end,
            case when order_id is null and order_key <> '' and created_at + %(held)s > %(now)s
                then created_at + %(held)s end
        )
    from found where p.id = found.id
    returning p.id, shop_id, order_id, customer_id, carrier, leg, promised_to, last_report_at, stale_due_at,
        lost_due_at, found.late, found.stale, found.lost and not found.told
"""


class Seen(NamedTuple):
    """A parcel that was looked at, and what had come true of it."""

    id: int
    shop_id: int
    order_id: int | None
    customer_id: int | None
    carrier: str
    leg: str
    promised_to: datetime
    last_report_at: datetime
    stale_due_at: datetime
    lost_due_at: datetime
    late: bool
    stale: bool
    lost: bool


@transaction.atomic
def sweep(limit: int = BATCH, *, by: Actor = SYSTEM) -> int:
    """Look at up to `limit` parcels whose time has come and announce what has come true, each thing once; returns how
    many were looked at. Parcels that another sweeper or a command holds are left to it."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "limit": limit})
        due = cursor.fetchall()
    _judge_again([(parcel_id, shop_id) for parcel_id, shop_id, again in due if again], by)
    if not due:
        return 0
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"ids": [row[0] for row in due], "not_late": sorted(NOT_LATE), "held": HELD}
        cursor.execute(_LOOK, {"now": now, **asked})
        seen = [Seen(*row) for row in cursor.fetchall()]
    record_many([told for parcel in seen for told in _told(parcel, by)])
    return len(due)


@transaction.atomic
def sweep_orders(limit: int = BATCH, *, by: Actor = SYSTEM) -> int:
    """Look at up to `limit` orders whose promise has passed; returns how many."""
    rows = Watch.objects.select_for_update(skip_locked=True).filter(look_at__lte=clock.now())
    due = list(rows.order_by("look_at")[:limit])
    Watch.objects.filter(id__in=[watch.pk for watch in due]).update(look_at=None)
    _partly(due, by)
    return len(due)


@transaction.atomic
def check_partly(order_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """One of each order's parcels was delivered: when the promise has passed, the others are missed."""
    rows = Watch.objects.select_for_update().filter(shop_id=shop_id, order_id__in=order_ids)
    _partly(list(rows.filter(promised_to__lte=clock.now()).order_by("id")), by)


def _partly(watches: Sequence[Watch], by: Actor) -> None:
    """Announce, once per order, those of which some is there and some is not."""
    open_ones = [watch for watch in watches if watch.partly_at is None and watch.cancelled_at is None]
    counted = {order_id: numbers for order_id, *numbers in _counted(open_ones)}
    found: list[NewTouchpoint] = []
    for watch in open_ones:
        arrived, missing = counted.get(watch.order_id, (0, 0))
        missing += watch.unsent
        if arrived and missing:
            fact = OrderPartlyDelivered(order_id=watch.order_id, delivered=arrived, missing=missing)
            subject = f"order:{watch.order_id}"
            found.append(NewTouchpoint(fact, watch.shop_id, watch.customer_id, subject, by))
    if found:
        partly = [int(told.subject.removeprefix("order:")) for told in found]
        shops = {told.shop_id for told in found}
        Watch.objects.filter(shop_id__in=shops, order_id__in=partly).update(partly_at=clock.now())
        record_many(found)


def _counted(watches: Sequence[Watch]) -> Iterator[tuple[int, int, int]]:
    """Of each order, how many parcels are there and how many are not."""
    there = Q(stage__in=[ParcelStage.DELIVERED, ParcelStage.AWAITING_COLLECTION])
    rows = (
        Parcel.objects.filter(
            shop_id__in={watch.shop_id for watch in watches},
            order_id__in=[watch.order_id for watch in watches],
            way=Leg.OUTBOUND,
        )
        .exclude(stage=ParcelStage.CANCELLED)
        .values_list("order_id")
        .annotate(there=Count("id", filter=there), missing=Count("id", filter=~there))
    )
    for order_id, arrived, missing in rows:
        if order_id is not None:
            yield order_id, arrived, missing


def _judge_again(due: Iterable[tuple[int, int]], by: Actor) -> None:
    """Take up reports whose future has come, and tell what waited for an order in vain."""
    by_shop: dict[int, list[int]] = {}
    for parcel_id, shop_id in due:
        by_shop.setdefault(shop_id, []).append(parcel_id)
    for shop_id, ids in sorted(by_shop.items()):
        boxes = [Box(row) for row in Parcel.objects.filter(shop_id=shop_id, id__in=ids).order_by("id")]
        load_reports(boxes, shop_id=shop_id)
        settle(begin(shop_id), boxes, told_by="", by=by)


def _told(parcel: Seen, by: Actor) -> Iterator[NewTouchpoint]:
    about: dict[str, Any] = {
        "parcel_id": parcel.id,
        "order_id": parcel.order_id,
        "carrier": parcel.carrier,
        "leg": parcel.leg,
    }
    place = (parcel.shop_id, parcel.customer_id, f"parcel:{parcel.id}", by)
    if parcel.late:
        yield NewTouchpoint(ParcelLate(**about, promised_to=parcel.promised_to), *place, parcel.promised_to)
    if parcel.stale:
        yield NewTouchpoint(ParcelStale(**about, last_at=parcel.last_report_at), *place, parcel.stale_due_at)
    if parcel.lost:
        yield NewTouchpoint(ParcelLost(**about, presumed=True), *place, parcel.lost_due_at)
