"""The stored messages that new ones may belong to, with their conversations locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from opieka.conversations.commands.loading import TRIES, Restless, lock_rows
from opieka.conversations.models import HERE, Conversation, Join, Message, Reference
from opieka.conversations.policy import states, threading
from opieka.conversations.policy.threading import Known, Mail
from opieka.conversations.types import UNRESOLVED, Direction, State
from opieka.customers import queries as customers

Names = Mapping[int, Sequence[tuple[UUID, bool]]]


@dataclass(frozen=True)
class Candidates:
    """Messages that share a name with a new one, and their conversations by id, locked.

    `going_on` are the latest unresolved conversations of those who wrote on channels without references.
    """

    known: Sequence[Known]
    conversations: dict[int, Conversation]
    apart: Collection[frozenset[int]]
    going_on: Mapping[int, int]


def candidates(mails: Sequence[Mail], *, shop_id: int, reopen_days: int, now: datetime) -> Candidates:
    """What these may belong to. Their names must be locked."""
    lineages = customers.lineages({mail.person for mail in mails if mail.person})
    person_of = {other: person for person, line in lineages.items() for other in line}
    names, conversations, going_on = _locked(mails, person_of, shop_id)
    over = {
        row.pk
        for row in conversations.values()
        if states.is_over(State(row.state), row.resolved_at, reopen_days=reopen_days, now=now)
    }
    known = _known(names, conversations, person_of, over)
    return Candidates(known, conversations, _apart(conversations, shop_id), going_on)


def _locked(
    mails: Sequence[Mail], person_of: Mapping[int, int], shop_id: int
) -> tuple[Names, dict[int, Conversation], dict[int, int]]:
    for _ in range(TRIES):
        names = _sharing(mails, person_of, shop_id)
        going_on = _going_on(mails, person_of, shop_id)
        ids = _conversation_ids(names) | set(going_on.values())
        if not ids:
            return names, {}, {}
        place = transaction.savepoint()
        conversations = lock_rows(ids)
        # While we waited, somebody may have joined, parted or resolved them.
        going_on = _going_on(mails, person_of, shop_id)
        if _conversation_ids(names) | set(going_on.values()) == ids:
            transaction.savepoint_commit(place)
            return names, conversations, going_on
        transaction.savepoint_rollback(place)
    raise Restless


def _sharing(mails: Sequence[Mail], person_of: Mapping[int, int], shop_id: int) -> Names:
    """Message ids with the names they share: those that may vouch for a new one, or be vouched for by it."""
    own = {name for mail in mails for name in mail.own}
    refs = {name for mail in mails for name in mail.refs}
    here = Reference.objects.filter(shop_id=shop_id).values_list("message_id", "key", "own")
    found = here.filter(key__in=own).union(
        here.filter(key__in=refs, own=True),
        here.filter(key__in=own | refs, customer_id__in=person_of),
    )
    names: dict[int, list[tuple[UUID, bool]]] = defaultdict(list)
    for message_id, key, is_own in found:
        names[message_id].append((key, is_own))
    return names


def _conversation_ids(names: Names) -> set[int]:
    if not names:
        return set()
    return set(Message.objects.filter(id__in=names).values_list("conversation_id", flat=True))


def _going_on(mails: Sequence[Mail], person_of: Mapping[int, int], shop_id: int) -> dict[int, int]:
    people = {mail.person for mail in mails if mail.by_person and mail.person}
    ids = [other for other, person in person_of.items() if person in people]
    if not ids:
        return {}
    rows = Conversation.objects.filter(HERE, shop_id=shop_id, customer_id__in=ids, state__in=UNRESOLVED)
    found = rows.order_by("last_message_at", "id").values_list("customer_id", "id")
    return {person_of[customer_id]: row_id for customer_id, row_id in found if customer_id}


def _known(
    names: Names,
    conversations: Mapping[int, Conversation],
    person_of: Mapping[int, int],
    over: Collection[int],
) -> list[Known]:
    rows = Message.objects.filter(id__in=names).values_list(
        "id", "conversation_id", "direction", "customer_id", "sender_kind", "sender_value", "people"
    )
    made = []
    for row_id, conversation_id, direction, wrote, kind, value, people in rows if names else []:
        from_us = direction == Direction.OUT
        customer_id = conversations[conversation_id].customer_id if from_us else wrote
        mail = Mail(
            own=frozenset(name for name, own in names[row_id] if own),
            refs=tuple(name for name, own in names[row_id] if not own),
            sender="" if from_us else threading.address(kind, value),
            person=person_of.get(customer_id or 0, customer_id),
            people=frozenset(people),
        )
        made.append(Known(row_id, conversation_id, mail, from_us, conversation_id in over))
    return made


def _apart(conversations: Collection[int], shop_id: int) -> set[frozenset[int]]:
    """Pairs that a person has parted after they had been joined."""
    if len(conversations) < 2:  # a pair
        return set()
    rows = Join.objects.filter(
        shop_id=shop_id, undone_at__isnull=False, winner__in=conversations, loser__in=conversations
    )
    return {frozenset(pair) for pair in rows.values_list("winner_id", "loser_id")}
