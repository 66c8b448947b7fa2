"""Keeping a carrier's points and lockers as a whole list tells of them: a file's, or its own service's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.commands.noticing import keep_notices
from opieka.deliveries.models import PickupPoint
from opieka.deliveries.policy.naming import normal_number
from opieka.deliveries.types import Notice, NoticeKind, Point
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.text import fold

BATCH = 1000
_TOLD = ("locker", "name", "street", "postcode", "postcode_key", "city", "city_key", "country", "latitude",
         "longitude", "hours", "gone_at")  # fmt: skip


@transaction.atomic
def keep_points(shop_id: int, *, carrier: str, points: Iterable[Point], by: Actor) -> tuple[int, int]:
    """Take over a carrier's whole list; returns how many points there are, and how many are gone since. An empty list
    changes nothing: a carrier without points is a list that went wrong."""
    told = {point.code: point for point in points}
    if not told:
        return 0, 0
    rows = [_row(shop_id, carrier, point) for point in told.values()]
    PickupPoint.objects.bulk_create(
        sorted(rows, key=lambda row: row.code),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["shop", "carrier", "code"],
        update_fields=_TOLD,
    )
    known = PickupPoint.objects.filter(shop_id=shop_id, carrier=carrier, gone_at=None)
    return len(told), known.exclude(code__in=told).update(gone_at=clock.now())


@transaction.atomic
def take_points(shop_id: int, *, carrier: str, listed: Listed, by: Actor) -> None:
    """Take over what a carrier's service lists. One that suddenly tells less than half of the points known is not
    believed: a person is told instead."""
    known = PickupPoint.objects.filter(shop_id=shop_id, carrier=carrier, gone_at=None).count()
    notices = list(listed.notices)
    if len(listed.points) * 2 < known:
        told = f"{len(listed.points)}/{known}"
        notices.append(Notice(kind=NoticeKind.MALFORMED, where="points: too few", value=told))
    else:
        keep_points(shop_id, carrier=carrier, points=listed.points, by=by)
    keep_notices(notices, shop_id=shop_id, carrier=carrier)


def _row(shop_id: int, carrier: str, point: Point) -> PickupPoint:
    return PickupPoint(
        shop_id=shop_id,
        carrier=carrier,
        code=point.code[:60],
        locker=point.locker,
        name=point.name[:200],
        street=point.street[:200],
        postcode=point.postcode[:20],
        postcode_key=normal_number(point.postcode)[:20],
        city=point.city[:100],
        city_key=fold(point.city)[:100],
        country=point.country[:2],
        latitude=point.latitude,
        longitude=point.longitude,
        hours=point.hours[:200],
    )
