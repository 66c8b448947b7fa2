"""Keeping what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import connection

from opieka.deliveries.models import Notice
from opieka.deliveries.types import Notice as Noticed
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


def keep_notices(notices: Sequence[Noticed], *, shop_id: int, carrier: str) -> None:
    """Keep each notice once, counting how often it came; one dismissed before is shown again."""
    counted = Counter((n.kind.value, _storable(n.where), _storable(n.value)) for n in notices)
    if not counted:
        return
    kinds, places, values = zip(*counted, strict=True)
    now = clock.now()
    times = list(counted.values())
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP, [shop_id, carrier[:30], now, now, list(kinds), list(places), list(values), times]
        )


def dismiss_notice(notice_id: int, *, shop_id: int, by: Actor) -> None:
    """Take a notice off the list until it comes again."""
    Notice.objects.filter(id=notice_id, shop_id=shop_id).update(seen_at=clock.now())


def _storable(text: str) -> str:
    return text.replace("\0", "")[:100]
