"""The lists of the inbox, page by page, at the same cost whatever lies behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from opieka.channels.types import Channel
from opieka.clocks import queries as clocks
from opieka.clocks.types import ClockCard
from opieka.conversations.models import Conversation
from opieka.conversations.types import Direction, Filters, Page, Place, Row, State, View
from opieka.customers import queries as customers
from opieka.kernel.rows import fetch
from opieka.shops import queries as shops

FULL = 100
"""Views are counted up to here: a surface shows 99+."""

# Conditions are constants, so that the planner can prove that a partial index holds every row asked for.
_VIEWS: Mapping[View, str] = {
    View.MINE: "c.state = 'open' and c.assignee_id = %(staff)s",
    View.UNASSIGNED: "c.state = 'open' and c.assignee_id is null",
    View.OPEN: "c.state = 'open'",
    View.WAITING: "c.state = 'waiting'",
    View.SNOOZED: "c.state = 'snoozed'",
    View.RESOLVED: "c.state = 'resolved'",
    View.SPAM: "c.state = 'spam'",
    View.ALL: "true",
}
COUNTED = (View.MINE, View.UNASSIGNED, View.OPEN, View.WAITING, View.SNOOZED)

_FILTERS = {
    "channel": "c.channel = %(channel)s",
    "language": "c.language = %(language)s",
    "assignee_id": "c.assignee_id = %(assignee_id)s",
    "customer_id": "c.customer_id = any(%(lineage)s)",
}

_COLUMNS = """
    c.id, c.shop_id, c.channel, c.state, c.customer_id, c.subject, c.preview, c.preview_direction, c.language,
    c.assignee_id, c.last_message_at, c.waiting_since, c.snoozed_until, c.message_count, c.has_files,
    c.last_incoming_id > coalesce(seen.message_id, 0)
"""
_SEEN = """
    left join conversations_seen seen
      on seen.shop_id = c.shop_id and seen.staff_id = %(staff)s and seen.conversation_id = c.id
"""
# One shop at a time, so that each is read from its index in order, and never more than a page of it.
_PAGE = """
    select {columns}
    from unnest(%(shops)s::bigint[]) as s(id)
    cross join lateral (
        select * from conversations_conversation c
        where c.shop_id = s.id and c.joined_into_id is null and {conditions}
        order by c.last_message_at desc, c.id desc limit %(limit)s
    ) c {seen}
    order by c.last_message_at desc, c.id desc limit %(limit)s
"""
_BY_ID = """
    select {columns} from conversations_conversation c {seen}
    where c.id = any(%(ids)s) and c.shop_id = any(%(shops)s)
"""
_COUNT = """
    (select count(*) from (
        select from conversations_conversation c
        where c.shop_id = any(%(shops)s) and c.joined_into_id is null and {condition} limit %(full)s
    ) counted)
"""


EVERYTHING = Filters()


def inbox(
    shop_ids: Collection[int],
    *,
    view: View,
    staff_id: int | None = None,
    filters: Filters = EVERYTHING,
    after: Place | None = None,
    limit: int = 50,
) -> Page:
    """A page of a list, the latest first. `staff_id` is who reads: whose are hers, and what she has seen."""
    values: dict[str, Any] = {"shops": list(shop_ids), "staff": staff_id, "limit": limit + 1}
    conditions = [_VIEWS[view]]
    for name, condition in _FILTERS.items():
        value = getattr(filters, name)
        if value is not None:
            conditions.append(condition)
            values[name] = value
    if filters.customer_id is not None:
        values["lineage"] = list(customers.lineage(filters.customer_id))
    if after is not None:
        conditions.append("(c.last_message_at, c.id) < (%(at)s, %(after)s)")
        values |= {"at": after.at, "after": after.id}
    sql = _PAGE.format(columns=_COLUMNS, conditions=" and ".join(conditions), seen=_SEEN)
    found = fetch(sql, values)
    shown = _rows(found[:limit], shop_ids)
    more = len(found) > limit
    return Page(tuple(shown), Place(shown[-1].last_message_at, shown[-1].id) if more else None)


def rows(ids: Sequence[int], *, shop_ids: Collection[int], staff_id: int | None = None) -> list[Row]:
    """The rows of these conversations, in the order asked for; those of other shops are left out."""
    sql = _BY_ID.format(columns=_COLUMNS, seen=_SEEN)
    found = fetch(sql, {"ids": list(ids), "shops": list(shop_ids), "staff": staff_id})
    by_id = {row.id: row for row in _rows(found, shop_ids)}
    return [by_id[row_id] for row_id in ids if row_id in by_id]


def counts(shop_ids: Collection[int], *, staff_id: int | None) -> dict[View, int]:
    """How many conversations the lists of the day hold, at most FULL. One query, of bounded cost."""
    columns = ", ".join(_COUNT.format(condition=_VIEWS[view]) for view in COUNTED)
    values = {"shops": list(shop_ids), "staff": staff_id, "full": FULL}
    return dict(zip(COUNTED, fetch(f"select {columns}", values)[0], strict=True))  # constants


def _rows(found: Iterable[tuple[Any, ...]], shop_ids: Collection[int]) -> list[Row]:
    found = list(found)
    people = customers.titles({row[4] for row in found if row[4]}, shop_ids=shop_ids) if found else {}
    staff = {row[9] for row in found if row[9]}
    names = shops.staff_names(staff) if staff else {}
    urgent = clocks.open_clocks(shop_ids, [f"conversation:{row[0]}" for row in found]) if found else {}
    return [_row(row, people, names, urgent.get(f"conversation:{row[0]}", [])) for row in found]


def _row(
    row: tuple[Any, ...],
    people: Mapping[int, str],
    names: Mapping[int, str],
    urgent: Sequence[ClockCard],
) -> Row:
    last: datetime = row[10]
    return Row(
        id=row[0],
        shop_id=row[1],
        channel=Channel(row[2]),
        state=State(row[3]),
        customer_id=row[4],
        customer=people.get(row[4], ""),
        subject=row[5],
        preview=row[6],
        preview_direction=Direction(row[7]),
        language=row[8],
        assignee_id=row[9],
        assignee=names.get(row[9], ""),
        last_message_at=last,
        waiting_since=row[11],
        snoozed_until=row[12],
        message_count=row[13],
        has_files=row[14],
        unread=row[15],
        clock=urgent[0] if urgent else None,
    )


def due_snoozed(now: datetime, *, limit: int) -> list[tuple[int, int]]:
    """(conversation, shop) of those whose time to come back is over."""
    rows = Conversation.objects.filter(state=State.SNOOZED, snoozed_until__lte=now)
    return list(rows.order_by("snoozed_until").values_list("id", "shop_id")[:limit])
