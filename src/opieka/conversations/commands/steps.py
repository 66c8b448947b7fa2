"""What the desk does with a conversation besides answering it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.conversations.commands import filing
from opieka.conversations.commands.loading import locked
from opieka.conversations.facts import (
    ConversationAssigned,
    ConversationMarkedSpam,
    ConversationMoved,
    ConversationReopened,
    ConversationResolved,
    ConversationSnoozed,
    NoteAdded,
)
from opieka.conversations.models import Conversation, Note
from opieka.conversations.types import State, Step
from opieka.customers import commands as customers
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid
from opieka.kernel.facts import Fact
from opieka.shops import queries as shops
from opieka.shops.types import Permission
from opieka.timeline.commands import record_many


class NotPossibleNow(Conflict):
    code = "conversation_step"
    sentence = _("This conversation is in the state “%(state)s”; that step is not possible now.")
    names: ClassVar = {
        "state": {
            State.OPEN: pgettext_lazy("conversation", "Open"),
            State.WAITING: _("Waiting for the customer"),
            State.SNOOZED: _("Snoozed"),
            State.RESOLVED: _("Resolved"),
            State.SPAM: _("Spam"),
        }
    }


class NotOnTheTeam(Invalid):
    code = "assignee_unknown"
    sentence = _("This person does not answer customers in this shop.")


class EmptyNote(Invalid):
    code = "note_empty"
    sentence = _("The note is empty. Write something first.")


class SnoozedIntoThePast(Invalid):
    code = "snooze_past"
    sentence = _("Choose a time that is still to come.")


@transaction.atomic
def resolve(conversation_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """Settle a conversation: nothing is left to do."""
    conversation = locked(conversation_id, shop_ids=shop_ids)
    announce(conversation, [settle(conversation)], by)


def settle(conversation: Conversation) -> Fact:
    """The step itself, for those who hold the conversation already."""
    _step(conversation, Step.RESOLVE)
    conversation.resolved_at = clock.now()
    conversation.waiting_since = None
    return ConversationResolved(conversation_id=conversation.pk)


@transaction.atomic
def reopen(conversation_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """Take a conversation up again; also: it was no spam."""
    conversation = locked(conversation_id, shop_ids=shop_ids)
    _step(conversation, Step.REOPEN)
    announce(conversation, [ConversationReopened(conversation_id=conversation.pk, because=Step.REOPEN)], by)


@transaction.atomic
def snooze(conversation_id: int, *, until: datetime, shop_ids: Collection[int], by: Actor) -> None:
    """Put a conversation away until a time, or until the customer writes."""
    if until <= clock.now():
        raise SnoozedIntoThePast
    conversation = locked(conversation_id, shop_ids=shop_ids)
    _step(conversation, Step.SNOOZE)
    conversation.snoozed_until = until
    fact = ConversationSnoozed(conversation_id=conversation.pk, until=until.isoformat())
    announce(conversation, [fact], by)


@transaction.atomic
def wake(conversation_id: int, *, shop_id: int, by: Actor) -> None:
    """Bring a snoozed conversation back when its time has come; nothing when it is back already."""
    conversation = locked(conversation_id, shop_ids=[shop_id])
    due = conversation.snoozed_until
    if due and due <= clock.now() and filing.move(conversation, Step.WAKE):
        announce(conversation, [ConversationReopened(conversation_id=conversation.pk, because=Step.WAKE)], by)


@transaction.atomic
def mark_spam(conversation_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """Put a conversation among the spam; what is written in it later stays there too."""
    conversation = locked(conversation_id, shop_ids=shop_ids)
    _step(conversation, Step.MARK_SPAM)
    conversation.waiting_since = None
    announce(conversation, [ConversationMarkedSpam(conversation_id=conversation.pk)], by)


@transaction.atomic
def assign(conversation_id: int, *, staff_id: int | None, shop_ids: Collection[int], by: Actor) -> None:
    """Make it somebody's, or nobody's."""
    conversation = locked(conversation_id, shop_ids=shop_ids)
    if staff_id is not None and staff_id not in shops.team(conversation.shop_id, Permission.ANSWER):
        raise NotOnTheTeam
    if conversation.assignee_id != staff_id:
        announce(conversation, [hand_over(conversation, staff_id)], by)


def hand_over(conversation: Conversation, staff_id: int | None) -> Fact:
    """The step itself, for those who hold the conversation already."""
    previous, conversation.assignee_id = conversation.assignee_id, staff_id
    return ConversationAssigned(conversation_id=conversation.pk, staff_id=staff_id, previous_id=previous)


def take(conversation_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """Make it one's own."""
    assign(conversation_id, staff_id=filing.staff_id(by), shop_ids=shop_ids, by=by)


@transaction.atomic
def note(conversation_id: int, *, text: str, shop_ids: Collection[int], by: Actor) -> int:
    """Leave a remark for colleagues; returns its id. No customer ever sees it."""
    if not text.strip():
        raise EmptyNote
    conversation = locked(conversation_id, shop_ids=shop_ids)
    made = Note.objects.create(
        shop_id=conversation.shop_id,
        conversation=conversation,
        author_id=filing.staff_id(by),
        text=text.strip(),
        at=clock.now(),
    )
    fact = NoteAdded(conversation_id=conversation.pk, note_id=made.pk)
    record_many([filing.touchpoint(fact, conversation, by)])
    return made.pk


def mark_read(conversation_id: int, *, message_id: int, shop_ids: Collection[int], by: Actor) -> None:
    """Remember how far a staff member has read; never goes back. One query."""
    reader = filing.staff_id(by)
    if reader is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [reader, message_id, conversation_id, list(shop_ids)])


_SEEN = """
    insert into conversations_seen as known (shop_id, staff_id, conversation_id, message_id)
    select c.shop_id, %s, c.id, %s from conversations_conversation c
    where c.id = %s and c.shop_id = any(%s)
    on conflict (shop_id, staff_id, conversation_id) do update set message_id = excluded.message_id
    where known.message_id < excluded.message_id
"""


@transaction.atomic
def change_customer(conversation_id: int, *, customer_id: int, shop_ids: Collection[int], by: Actor) -> None:
    """Give a conversation to the person it is really with; mails that come later do not change that."""
    conversation = locked(conversation_id, shop_ids=shop_ids)
    person = customers.hold(customer_id, shop_id=conversation.shop_id)
    previous, conversation.customer_id = conversation.customer_id, person
    conversation.customer_by_hand = True
    fact = ConversationMoved(
        conversation_id=conversation.pk, from_customer_id=previous, to_customer_id=person
    )
    announce(conversation, [fact], by)


def announce(conversation: Conversation, facts: Collection[Fact], by: Actor) -> None:
    """Save a changed conversation and record what happened to it."""
    conversation.save()
    record_many([filing.touchpoint(fact, conversation, by) for fact in facts])


def _step(conversation: Conversation, step: Step) -> None:
    state = conversation.state
    if not filing.move(conversation, step):
        raise NotPossibleNow(state=state)
