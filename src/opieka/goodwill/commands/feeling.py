"""Keeping what customers lived through: as it is announced, or anew from the timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from django.db import connection, transaction

from opieka.customers import queries as customers
from opieka.goodwill.models import Movement
from opieka.goodwill.policy import feeling
from opieka.kernel.actor import Actor
from opieka.shops import queries as shops
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry

BATCH = 1000

# Whichever touchpoint of the same experience comes first into the log gives the row its moment and its person,
# in whatever order they are read.
_KEEP = """
    insert into goodwill_movement as known (shop_id, customer_id, experience, key, touchpoint_id, at)
    select * from unnest(
        %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])
    on conflict (shop_id, key) do update
    set customer_id = excluded.customer_id, touchpoint_id = excluded.touchpoint_id, at = excluded.at
    where excluded.touchpoint_id < known.touchpoint_id
"""


@transaction.atomic
def feel(entries: Iterable[Entry], *, by: Actor) -> int:
    """Keep what these touchpoints were to their customers, each experience once; returns how many were felt."""
    first: dict[tuple[int, str], tuple[object, ...]] = {}
    for entry in sorted(entries, key=lambda one: one.id):
        found = feeling.felt(entry.fact, entry.id)
        if found is not None and entry.customer_id is not None:
            row = (entry.shop_id, entry.customer_id, found.experience.value, found.key, entry.id, entry.at)
            first.setdefault((entry.shop_id, found.key), row)
    if first:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(column) for column in zip(*first.values(), strict=True)])
    return len(first)


@transaction.atomic
def rebuild(shop_id: int, *, by: Actor) -> int:
    """Forget what is kept of a shop's customers and read its whole timeline again; returns how many movements."""
    Movement.objects.filter(shop_id=shop_id).delete()
    gone = _erased(shop_id)
    place, before = timeline.START, None
    while place != before:
        before = place
        found, place = timeline.feed(shop_id, since=place, kinds=sorted(feeling.RULES), limit=BATCH)
        feel((entry for entry in found if entry.customer_id not in gone), by=by)
    return Movement.objects.filter(shop_id=shop_id).count()


def forget(customer_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Keep nothing any more of what a person lived through."""
    Movement.objects.filter(shop_id=shop_id, customer_id__in=customer_ids).delete()


def _erased(shop_id: int) -> set[int]:
    known = customers.erasures([shops.shop(shop_id).group_id])
    return {pk for pk, _since in chain.from_iterable(one.people for one in known)}
