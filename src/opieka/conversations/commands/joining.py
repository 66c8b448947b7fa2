"""Joining two conversations that are one, and parting them exactly as they were."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.conversations.commands import filing
from opieka.conversations.commands.loading import lock_rows
from opieka.conversations.facts import ConversationsJoined, ConversationsParted
from opieka.conversations.models import Conversation, Join, Message, Note
from opieka.conversations.types import State
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.timeline.commands import record_many


class JoinedWithItself(Invalid):
    code = "joined_with_itself"
    sentence = _("These two are one conversation already.")


class AlreadyParted(Conflict):
    code = "already_parted"
    sentence = _("These conversations are apart already.")


class JoinedSince(Conflict):
    code = "joined_since"
    sentence = _("These conversations have become part of a third one since. Part that one first.")


_FIELDS = {
    field.attname: field for field in Conversation._meta.concrete_fields if field.name in filing.CHANGING
}
_URGENCY = (State.OPEN, State.WAITING, State.SNOOZED, State.RESOLVED, State.SPAM)


@transaction.atomic
def join(conversation_id: int, *, other_id: int, shop_ids: Collection[int], by: Actor) -> int:
    """Make two conversations of one shop one; returns the id of the join, by which it can be undone."""
    winner, loser = _both(conversation_id, other_id, shop_ids)
    made = join_rows(winner, loser, by=by, at=clock.now())
    winner.save()
    return made.pk


@transaction.atomic
def part(join_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """Undo a join: the messages and notes that moved go back, and the two are not joined again by themselves."""
    row = Join.objects.select_for_update(no_key=True).filter(id=join_id, shop_id__in=shop_ids).first()
    if row is None:
        raise NotFound
    rows = Conversation.objects.select_for_update(no_key=True).filter(id__in=[row.winner_id, row.loser_id])
    found = {conversation.pk: conversation for conversation in rows.order_by("id")}
    winner, loser = found[row.winner_id], found[row.loser_id]
    if row.undone_at is not None:
        raise AlreadyParted
    if winner.joined_into_id is not None:
        raise JoinedSince
    Message.objects.filter(shop_id=row.shop_id, id__in=row.message_ids).update(conversation=loser)
    Note.objects.filter(shop_id=row.shop_id, id__in=row.note_ids).update(conversation=loser)
    row.undone_at = clock.now()
    row.save()
    loser.joined_into = None
    loser.state = row.loser_state
    loser.save()
    _go_back(winner, row)
    winner.save()
    fact = ConversationsParted(join_id=row.pk, winner_id=winner.pk, loser_id=loser.pk)
    record_many([filing.touchpoint(fact, conversation, by) for conversation in (winner, loser)])


def join_rows(winner: Conversation, loser: Conversation, *, by: Actor, at: datetime) -> Join:
    """Move everything of the loser; both are locked, and the winner is left to the caller to save."""
    moved = Message.objects.filter(shop_id=loser.shop_id, conversation=loser)
    noted = Note.objects.filter(shop_id=loser.shop_id, conversation=loser)
    made = Join(
        shop_id=winner.shop_id,
        winner=winner,
        loser=loser,
        message_ids=list(moved.values_list("id", flat=True)),
        note_ids=list(noted.values_list("id", flat=True)),
        loser_state=loser.state,
        winner_before=_state_of(winner),
        actor_kind=by.kind,
        actor_id=by.id,
        joined_at=at,
    )
    moved.update(conversation=winner)
    noted.update(conversation=winner)
    _absorb(winner, loser)
    made.winner_after = _state_of(winner)
    made.save()
    loser.joined_into = winner
    loser.state = State.RESOLVED
    loser.save()
    fact = ConversationsJoined(join_id=made.pk, winner_id=winner.pk, loser_id=loser.pk)
    record_many([filing.touchpoint(fact, conversation, by) for conversation in (winner, loser)])
    return made


def _absorb(winner: Conversation, loser: Conversation) -> None:
    """What the winner says of itself once the loser's messages are its own."""
    winner.message_count += loser.message_count
    winner.last_message_id = max(winner.last_message_id, loser.last_message_id)
    winner.last_incoming_id = max(winner.last_incoming_id, loser.last_incoming_id)
    winner.has_files |= loser.has_files
    if loser.opened_at < winner.opened_at:
        winner.opened_at, winner.subject = loser.opened_at, loser.subject
        if not winner.customer_by_hand and loser.customer_id:
            winner.customer_id = loser.customer_id
    if loser.last_message_at > winner.last_message_at:
        winner.last_message_at = loser.last_message_at
        winner.preview, winner.preview_direction = loser.preview, loser.preview_direction
    written = [at for at in (winner.last_customer_message_at, loser.last_customer_message_at) if at]
    winner.last_customer_message_at = max(written, default=None)
    waiting = [at for at in (winner.waiting_since, loser.waiting_since) if at]
    winner.waiting_since = min(waiting, default=None)
    if _URGENCY.index(State(loser.state)) < _URGENCY.index(State(winner.state)):
        winner.state = loser.state
        winner.snoozed_until, winner.resolved_at = loser.snoozed_until, loser.resolved_at
    winner.assignee_id = winner.assignee_id or loser.assignee_id


def _state_of(conversation: Conversation) -> dict[str, object]:
    return {name: getattr(conversation, name) for name in _FIELDS}


def _go_back(winner: Conversation, row: Join) -> None:
    """What the winner was before, in all that nothing has changed since; after new messages, what they say."""
    now = json.loads(json.dumps(_state_of(winner), cls=DjangoJSONEncoder))
    if now["message_count"] != row.winner_after["message_count"]:
        filing.recount(winner)
        return
    for name, field in _FIELDS.items():
        if now[name] == row.winner_after[name]:
            setattr(winner, name, field.to_python(row.winner_before[name]))


def _both(one: int, other: int, shop_ids: Collection[int]) -> tuple[Conversation, Conversation]:
    """Two conversations of one shop, locked; the older is the winner."""
    if one == other:
        raise JoinedWithItself
    found = lock_rows([one, other])
    rows = [row for row in found.values() if row.shop_id in shop_ids and row.joined_into_id is None]
    if len(rows) != 2 or rows[0].shop_id != rows[1].shop_id:  # both
        raise NotFound
    return rows[0], rows[1]
