"""Loading and locking, so that nothing is lost when two things happen to a conversation at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection, transaction

from opieka.conversations.models import Conversation
from opieka.kernel.errors import NotFound

# The first half of the advisory locks' keys; the second is a stripe of a shop.
_SPACE = 0x0C0
_STRIPES = 64
TRIES = 10


class Restless(Exception):
    """A conversation was joined to others again and again while we tried to lock it."""


def locked(conversation_id: int, *, shop_ids: Collection[int]) -> Conversation:
    """The conversation (or the one it was joined into), locked until the transaction ends; NotFound."""
    for _ in range(TRIES):
        place = transaction.savepoint()
        rows = Conversation.objects.select_for_update(no_key=True)
        found = rows.filter(id=conversation_id, shop_id__in=shop_ids).first()
        if found is None:
            raise NotFound
        if found.joined_into_id is None:
            transaction.savepoint_commit(place)
            return found
        # Locks are taken in the order of ids, or not held at all: give this one back.
        transaction.savepoint_rollback(place)
        conversation_id = found.joined_into_id
    raise Restless


def lock_rows(ids: Iterable[int]) -> dict[int, Conversation]:
    """Conversations by id, locked in the order of their ids."""
    rows = Conversation.objects.select_for_update(no_key=True).filter(id__in=list(ids)).order_by("id")
    return {row.pk: row for row in rows}


def lock_names(names: Iterable[UUID], *, shop_id: int) -> None:
    """Wait for whoever is at a message that shares one of these names, and keep others waiting."""
    stripes = sorted({name.int % _STRIPES for name in names})
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, stripe) from unnest(%s::int[]) as stripe",
            [_SPACE, [shop_id % (1 << 24) * _STRIPES + stripe for stripe in stripes]],
        )
