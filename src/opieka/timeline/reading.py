"""Reading the log so that nothing is missed although rows become visible out of the order of their ids.

A transaction that began early may commit late, so "all ids above the last one" skips rows. We therefore read
in *windows* of transaction ids. A window ends at the horizon, below which every transaction is over, so the
set of its rows can never change. Inside a window rows are read in the order of their ids; and whatever was
written knowing of another row has the larger id and is in the same window or a later one, so that causes come
before effects.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from opieka.kernel import facts
from opieka.kernel.actor import Actor, ActorKind
from opieka.timeline.types import Entry, Position

COLUMNS = "id, shop_id, customer_id, subject, kind, data, actor_kind, actor_id, at"

# Below it every transaction that could have written here is over. A snapshot also counts transactions of other
# databases of the server as running; those that certainly belong to another one are left out.
HORIZON = """
    with now as (select pg_current_snapshot() as snapshot)
    select coalesce(
        (select min(running::text::bigint) from now, pg_snapshot_xip(snapshot) as running
         where running::xid::text not in (
            select backend_xid::text from pg_stat_activity
            where backend_xid is not null and datname <> current_database())),
        (select pg_snapshot_xmax(snapshot)::text::bigint from now))
"""

OPEN_WINDOW = """
    select coalesce(min(id), 1) - 1 from timeline_touchpoint
    where xid >= (%s)::text::xid8 and xid < (%s)::text::xid8
"""

READ = f"""
    select {COLUMNS} from timeline_touchpoint
    where id > %s and xid >= (%s)::text::xid8 and xid < (%s)::text::xid8
      and (%s::text[] is null or kind = any(%s::text[]))
      and (%s::bigint[] is null or shop_id = any(%s::bigint[]))
    order by id limit %s
"""  # noqa: S608  # only our own column names are put in

MISSED = f"""
    select {COLUMNS} from timeline_touchpoint
    where shop_id = any(%s::bigint[])
      and xid >= (%s)::text::xid8 and not (xid < (%s)::text::xid8 and id <= %s)
      and (xid < (%s)::text::xid8 or (xid < (%s)::text::xid8 and id <= %s))
    order by id limit %s
"""  # noqa: S608  # only our own column names are put in

AHEAD = """
    select exists (
        select from timeline_touchpoint t, timeline_cursor c
        where t.id = any(%s::bigint[]) and c.reaction = any(%s::text[])
          and not t.xid < c.low::text::xid8 and not (t.xid < c.high::text::xid8 and t.id <= c.last_id))
"""

BEHIND = "select exists (select from timeline_touchpoint where xid >= (%s)::text::xid8)"


def here() -> Position:
    """The place after everything that is certain to be visible now."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        xmin = cursor.fetchone()[0]
    return Position(xmin, xmin, 0)


def read(
    position: Position,
    *,
    limit: int,
    kinds: Collection[str] | None = None,
    shop_ids: Collection[int] | None = None,
) -> tuple[list[Entry], Position]:
    """The next entries after a place, at most `limit`, and the place after them; unknown kinds left out."""
    with connection.cursor() as cursor:
        if position.low == position.high:
            cursor.execute(HORIZON)
            high = cursor.fetchone()[0]
            if high <= position.low:
                return [], position
            cursor.execute(OPEN_WINDOW, [position.low, high])
            position = Position(position.low, high, cursor.fetchone()[0])
        cursor.execute(READ, read_arguments(position, limit, kinds, shop_ids))
        rows = cursor.fetchall()
    return entries(rows), after(position, rows, limit)


def read_arguments(
    position: Position, limit: int, kinds: Collection[str] | None, shop_ids: Collection[int] | None
) -> list[Any]:
    """The parameters of `READ`."""
    wanted = None if kinds is None else list(kinds)
    shops = None if shop_ids is None else list(shop_ids)
    return [position.last_id, position.low, position.high, wanted, wanted, shops, shops, limit]


def after(position: Position, rows: Sequence[tuple[Any, ...]], limit: int) -> Position:
    """Where to go on: inside the window while it is not exhausted, else at its end."""
    if len(rows) < limit:
        return Position(position.high, position.high, 0)
    return Position(position.low, position.high, rows[-1][0])


def entries(rows: Sequence[tuple[Any, ...]]) -> list[Entry]:
    """Rows of `COLUMNS` as entries."""
    known = facts.registered()
    return [entry(row) for row in rows if row[4] in known]


def entry(row: tuple[Any, ...]) -> Entry:
    """One row of `COLUMNS`; KeyError when no module announces its kind."""
    row_id, shop_id, customer_id, subject, kind, data, actor_kind, actor_id, at = row
    return Entry(
        id=row_id,
        shop_id=shop_id,
        customer_id=customer_id,
        subject=subject,
        fact=facts.load(kind, facts.decoded(data)),
        by=Actor(ActorKind(actor_kind), actor_id),
        at=at,
    )


def recorded_since(xid: int) -> bool:
    """Whether there are rows of that transaction or of later ones."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [xid])
        return bool(cursor.fetchone()[0])
