"""Search: over all that was ever said, without a window of dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opieka.conversations.models import Word
from opieka.conversations.policy import searching, texts
from opieka.conversations.queries import lists
from opieka.conversations.types import Found, Row, SearchResult
from opieka.customers import queries as customers
from opieka.kernel.rows import fetch
from opieka.kernel.text import nearest, query_keys, tokens, tsquery
from opieka.orders import queries as orders

_PEOPLE = 10
_NEAR = 3
_NEWEST, _LEAST = 4_000, 200

# The planner cannot know how often a word occurs, so it is not asked. Words that occur often enough are found
# among the newest messages, read in their order; of the others the index has so few that all can be sorted.
_RECENT = """
    select e.message_id, m.conversation_id
    from unnest(%(shops)s::bigint[]) as s(id)
    cross join lateral (
        select message_id, at, keys from conversations_searchentry
        where shop_id = s.id order by at desc, message_id desc limit %(recent)s
    ) e
    join conversations_message m on m.id = e.message_id
    where e.keys @@ %(query)s::tsquery
    order by e.at desc, e.message_id desc limit %(limit)s
"""
_ALL = """
    with hits as materialized (
        select message_id, at from conversations_searchentry
        where keys @@ %(query)s::tsquery and shop_id = any(%(shops)s)
    )
    select e.message_id, m.conversation_id
    from (select * from hits order by at desc, message_id desc limit %(limit)s) e
    join conversations_message m on m.id = e.message_id
    order by e.at desc, e.message_id desc
"""
_OF_PEOPLE = """
    select c.id, c.last_message_at
    from unnest(%(shops)s::bigint[]) as s(id)
    cross join lateral (
        select id, last_message_at from conversations_conversation
        where shop_id = s.id and customer_id = any(%(people)s) and joined_into_id is null
        order by last_message_at desc, id desc limit %(limit)s
    ) c
    order by c.last_message_at desc, c.id desc limit %(limit)s
"""
_KNOWN = "select distinct key from conversations_word where shop_id = any(%s) and key = any(%s)"
_TEXTS = "select id, subject, text, folds, reply_text from conversations_message where id = any(%s)"


@dataclass(frozen=True)
class _Query:
    """What is looked for: for each word the keys of which one must occur."""

    words: Sequence[Sequence[str]]
    read_as: Mapping[str, tuple[str, ...]]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for word in self.words for key in word)


def search(
    text: str, *, shop_ids: Collection[int], staff_id: int | None = None, limit: int = 30
) -> SearchResult:
    """Conversations whose messages hold all words of `text`, or whose customer it names (her name, a contact
    point, the number of an order of hers), the latest first."""
    query = _read(text, shop_ids)
    if not query.words:
        return SearchResult((), {})
    hits = _hits(query, shop_ids, limit)
    by_people = _of_people(text, shop_ids, limit)
    rows = lists.rows([*dict.fromkeys([*hits, *by_people])], shop_ids=shop_ids, staff_id=staff_id)
    rows.sort(key=lambda row: (row.last_message_at, row.id), reverse=True)
    shown = rows[:limit]
    passages = _texts([hits[row.id] for row in shown if row.id in hits])
    return SearchResult(tuple(_found(row, hits, passages, query.keys) for row in shown), query.read_as)


def _read(text: str, shop_ids: Collection[int]) -> _Query:
    """The words looked for, Latin ones also as Greek and Russian; one that nobody has ever written is read as
    those that look like it."""
    plain = query_keys(text)
    written = [token.text for token in tokens(text)]
    if len(written) != len(plain):  # a compound was taken apart
        written = [""] * len(plain)
    foreign = [searching.foreign(word) for word in written]
    mistypable = {key for word in plain for key in word if searching.is_learned(key)}
    asked = mistypable.union(*(maybe.learned for maybe in foreign))
    known = {key for (key,) in fetch(_KNOWN, [list(shop_ids), list(asked)])}
    words = [
        [*word, *maybe.likely, *(key for key in maybe.learned if key in known)]
        for word, maybe in zip(plain, foreign, strict=True)
    ]
    read_as: dict[str, tuple[str, ...]] = {}
    unknown = [
        place
        for place, word in enumerate(plain)
        if mistypable.issuperset(word) and known.isdisjoint(words[place])
    ]
    if unknown:
        like = _look_alikes({key for place in unknown for key in plain[place]}, shop_ids)
        for place in unknown:
            near = [other for key in plain[place] for other in nearest(like, key, _NEAR)]
            if near:
                words[place] += near
                read_as[written[place] or plain[place][0]] = tuple(dict.fromkeys(near))
    return _Query(words, read_as)


def _look_alikes(keys: Collection[str], shop_ids: Collection[int]) -> list[str]:
    wanted = sorted({variant for key in keys for variant in searching.variants(key)})
    rows = Word.objects.filter(shop_id__in=shop_ids, variants__overlap=wanted).order_by("-messages")
    return list(dict.fromkeys(rows.values_list("key", flat=True)[:200]))


def _hits(query: _Query, shop_ids: Collection[int], limit: int) -> dict[int, int]:
    """The latest message found in each conversation."""
    shops = [searching.shop_key(shop_id) for shop_id in shop_ids]
    values: dict[str, Any] = {
        "shops": list(shop_ids),
        "query": tsquery([shops, *query.words]),
        "recent": max(_LEAST, _NEWEST // max(len(shops), 1)),
        # More than are shown: several may be of one conversation.
        "limit": limit * 2,
    }
    rows = fetch(_RECENT, values)
    if len(rows) < values["limit"]:
        rows = fetch(_ALL, values)
    found: dict[int, int] = {}
    for message_id, conversation_id in rows:
        found.setdefault(conversation_id, message_id)
    return found


def _of_people(text: str, shop_ids: Collection[int], limit: int) -> list[int]:
    named = customers.find_ids(text, shop_ids=shop_ids, limit=_PEOPLE)
    numbers = [token.text for token in tokens(text) if any(map(str.isdigit, token.text))]
    if numbers:
        named += customers.persons(orders.buyers(numbers, shop_ids=shop_ids)).values()
    if not named:
        return []
    lineages = customers.lineages(named).values()
    ids = [customer_id for lineage in lineages for customer_id in lineage]
    return [row[0] for row in fetch(_OF_PEOPLE, {"shops": list(shop_ids), "people": ids, "limit": limit})]


def _texts(message_ids: Collection[int]) -> dict[int, str]:
    return {
        message_id: f"{subject}\n{texts.new_text(text, folds, reply_text)}"
        for message_id, subject, text, folds, reply_text in fetch(_TEXTS, [list(message_ids)])
    }


def _found(row: Row, hits: Mapping[int, int], passages: Mapping[int, str], keys: frozenset[str]) -> Found:
    message_id = hits.get(row.id)
    if message_id is None:
        return Found(row, None, searching.passage(row.preview, keys))
    return Found(row, message_id, searching.passage(passages[message_id], keys))
