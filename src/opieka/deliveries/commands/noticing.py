"""Keeping what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from opieka.deliveries.models import Notice
from opieka.deliveries.queries.connections import notices
from opieka.deliveries.types import Notice as Noticed
from opieka.deliveries.types import WantedNotices
from opieka.kernel import clock
from opieka.kernel.actor import Actor

KEEP = """
    insert into deliveries_notice (shop_id, carrier, kind, "where", value, times, first_at, last_at)
    select %s, %s, kind, place, value, times, %s, %s
    from unnest(%s::text[], %s::text[], %s::text[], %s::int[]) as new (kind, place, value, times)
    order by kind, place, value
    on conflict (shop_id, carrier, kind, "where", value) do update
    set times = deliveries_notice.times + excluded.times, last_at = excluded.last_at, seen_at = null
"""


def keep_notices(noticed: Sequence[Noticed], *, shop_id: int, carrier: str) -> None:
    """Keep each notice once, counting how often it came; one dismissed before is shown again."""
    counted = Counter((n.kind.value, _storable(n.where), _storable(n.value)) for n in noticed)
    if not counted:
        return
    kinds, places, values = zip(*counted, strict=True)
    now = clock.now()
    times = list(counted.values())
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP, [shop_id, carrier[:30], now, now, list(kinds), list(places), list(values), times]
        )


def dismiss_notices(wanted: WantedNotices, *, shop_ids: Collection[int], by: Actor) -> tuple[int, datetime]:
    """Take notices off the list until they come again; how many, and the moment that brings them back."""
    now = clock.now()
    return notices(shop_ids, wanted).order_by().update(seen_at=now), now


def bring_back_notices(dismissed_at: datetime, *, shop_ids: Collection[int], by: Actor) -> int:
    """Undo: list again what was taken off at one moment; how many."""
    return Notice.objects.filter(shop_id__in=shop_ids, seen_at=dismissed_at).update(seen_at=None)


def _storable(text: str) -> str:
    return text.replace("\0", "")[:100]
