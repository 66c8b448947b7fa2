"""What search reads: the keys of each message, and the words a shop's customers use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from opieka.conversations.models import Learned, Message, SearchEntry
from opieka.conversations.policy import searching, texts
from opieka.conversations.types import Direction
from opieka.kernel.actor import Actor
from opieka.kernel.text import keys, tsvector

_STORE = """
    insert into conversations_searchentry (message_id, shop_id, at, keys)
    select * from unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[]::tsvector[])
"""
_COUNT = """
    select word, ndoc from ts_stat(format(
        'select keys from conversations_searchentry where shop_id = %%s and message_id > %%s and message_id <= %%s',
        %s::bigint, %s::bigint, %s::bigint))
"""
_LEARN = """
    insert into conversations_word (shop_id, key, messages, variants) values (%s, %s, %s, %s)
    on conflict (shop_id, key) do update set messages = conversations_word.messages + excluded.messages
"""
_STRETCH = 20_000


@dataclass(frozen=True)
class Entry:
    """A message to be found. Of an answer not the `whole` is searched: its history is in those before."""

    message: Message
    language: str
    whole: bool


def index(entries: Sequence[Entry]) -> None:
    """Store the keys of new messages."""
    columns = zip(*map(_row, entries), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [list(column) for column in columns])


def _row(entry: Entry) -> tuple[int, int, datetime, str]:
    message, language = entry.message, entry.language
    text = message.text if entry.whole else texts.new_text(message.text, message.folds, message.reply_text)
    # Incoming mail is all to the shop: only whom an answer goes to tells something.
    to = message.to if message.direction == Direction.OUT else []
    sides = [{"name": message.sender_name, "value": message.sender_value}, *to]
    people = " ".join(f"{side['name']} {side['value']}" for side in sides)
    vector = tsvector(
        [
            ("A", [searching.shop_key(message.shop_id), *keys(message.subject, language or None)]),
            ("B", keys(people)),
            ("D", keys(text[: searching.LONGEST], language or None)),
        ]
    )
    return message.pk, message.shop_id, message.at, vector


@transaction.atomic
def learn_words(shop_id: int, *, by: Actor) -> int:
    """Count the words of the messages since the last time; returns how many messages there were at most."""
    Learned.objects.get_or_create(shop_id=shop_id)
    learned = Learned.objects.select_for_update().get(shop_id=shop_id)
    newest = SearchEntry.objects.filter(shop_id=shop_id).aggregate(newest=Max("message_id"))["newest"] or 0
    until = min(newest, learned.message_id + _STRETCH)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [shop_id, learned.message_id, until])
        found = cursor.fetchall()
        cursor.executemany(_LEARN, list(_words(shop_id, found)))
    done = until - learned.message_id
    learned.message_id = until
    learned.save()
    return done


def _words(shop_id: int, found: Iterable[tuple[str, int]]) -> Iterable[tuple[int, str, int, list[str]]]:
    for word, messages in sorted(found):
        if searching.is_learned(word):
            yield shop_id, word, messages, searching.variants(word)
