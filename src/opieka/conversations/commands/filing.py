"""Putting a message into a conversation: what the conversation then says of itself, and what is stored with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from opieka.channels.types import MessageFile, Party
from opieka.conversations.facts import ConversationReopened
from opieka.conversations.models import Attachment, Conversation, Message, Reference
from opieka.conversations.policy import states, texts
from opieka.conversations.types import Direction, MessageKind, State, Step
from opieka.customers import queries as customers
from opieka.kernel import bulk
from opieka.kernel.actor import Actor, ActorKind
from opieka.kernel.facts import Fact
from opieka.kernel.text.language import detect
from opieka.timeline.types import NewTouchpoint

_TELLING = 400
CHANGING = (
    "customer", "subject", "state", "assignee", "opened_at", "last_message_at", "last_customer_message_at",
    "waiting_since", "resolved_at", "snoozed_until", "message_count", "last_message_id", "last_incoming_id",
    "preview", "preview_direction", "has_files", "language",
)  # fmt: skip
"""The fields of a conversation that a message changes."""


def touchpoint(
    fact: Fact,
    conversation: Conversation,
    by: Actor,
    *,
    at: datetime | None = None,
    customer_id: int | None = None,
) -> NewTouchpoint:
    """A fact about a conversation, on the timeline of its customer or of the one named."""
    return NewTouchpoint(
        fact=fact,
        shop_id=conversation.shop_id,
        customer_id=customer_id or conversation.customer_id,
        subject=f"conversation:{conversation.pk}",
        by=by,
        at=at,
    )


def save(conversations: Sequence[Conversation]) -> None:
    """Store new conversations, and of known ones what a message may have changed."""
    known = [row for row in conversations if not row._state.adding]
    bulk.insert([row for row in conversations if row._state.adding])
    Conversation.objects.bulk_create(
        known, update_conflicts=True, unique_fields=["id"], update_fields=CHANGING
    )


def staff_id(by: Actor) -> int | None:
    """The staff member who acts, if it is one."""
    return by.id if by.kind is ActorKind.STAFF else None


def put_in(conversation: Conversation, message: Message, *, has_files: bool, expected: str = "") -> None:
    """Count a message, and let it change what lists show; what no person wrote is only counted.

    `expected` is the language its writer is known to speak, as far as one knows.
    """
    first = conversation.message_count == 0
    conversation.message_count += 1
    conversation.last_message_id = max(conversation.last_message_id, message.pk)
    conversation.has_files |= has_files
    if message.direction == Direction.IN and (first or message.kind == MessageKind.PERSON):
        conversation.last_incoming_id = max(conversation.last_incoming_id, message.pk)
    if message.kind != MessageKind.PERSON and not first:
        return
    if first or message.at < conversation.opened_at:
        _head(conversation, message, expected)
    if first or message.at >= conversation.last_message_at:
        conversation.last_message_at = message.at
        conversation.preview = texts.preview(texts.new_text(message.text, message.folds, message.reply_text))
        conversation.preview_direction = message.direction
    if message.direction == Direction.IN and message.kind == MessageKind.PERSON:
        before = conversation.last_customer_message_at
        conversation.last_customer_message_at = max(before, message.at) if before else message.at


def _head(conversation: Conversation, message: Message, expected: str) -> None:
    """The earliest message says what a conversation is about, and whose it is unless a person has decided."""
    conversation.opened_at = message.at
    conversation.subject = message.subject[:500] or conversation.subject
    if message.direction == Direction.IN:
        conversation.language = language(message, expected)
    if message.direction == Direction.IN and message.customer_id and not conversation.customer_by_hand:
        conversation.customer_id = message.customer_id


def recount(conversation: Conversation) -> None:
    """Say of a conversation what its messages say, as if they had just come one by one."""
    rows = Message.objects.filter(
        shop_id=conversation.shop_id, conversation_id=conversation.pk, withdrawn_at=None
    ).order_by("at", "id")
    with_files = set(
        Attachment.objects.filter(
            shop_id=conversation.shop_id, message__conversation_id=conversation.pk, inline=False
        ).values_list("message_id", flat=True)
    )
    conversation.message_count = conversation.last_message_id = conversation.last_incoming_id = 0
    conversation.last_customer_message_at = conversation.waiting_since = None
    conversation.has_files = False
    messages = list(rows.defer("html"))
    spoken = customers.languages({message.customer_id for message in messages if message.customer_id})
    for message in messages:
        expected = spoken.get(message.customer_id or 0, "")
        put_in(conversation, message, has_files=message.pk in with_files, expected=expected)
        if message.kind != MessageKind.PERSON:
            continue
        if message.direction == Direction.OUT:
            conversation.waiting_since = None
        elif conversation.state in {State.OPEN, State.SNOOZED}:
            conversation.waiting_since = conversation.waiting_since or message.at


def language(message: Message, expected: str = "") -> str:
    """The language somebody writes in, as far as the first words tell; `expected` is what she is known to speak."""
    new = texts.new_text(message.text, message.folds, message.reply_text)
    told = texts.telling(message.subject, new)[:_TELLING]
    return detect(told, expected or None).language or ""


def customer_wrote(conversation: Conversation, at: datetime) -> ConversationReopened | None:
    """The step a person's message is; what is to be announced of it."""
    was = State(conversation.state)
    move(conversation, Step.RECEIVE)
    if conversation.state != State.SPAM:
        conversation.waiting_since = min(conversation.waiting_since or at, at)
    if was in {State.RESOLVED, State.SNOOZED}:
        return ConversationReopened(conversation_id=conversation.pk, because=Step.RECEIVE)
    return None


def move(conversation: Conversation, step: Step) -> bool:
    """Let a step change the state, and what belongs to a state with it; False when it is not possible now."""
    to = states.after(State(conversation.state), step)
    if to is None:
        return False
    conversation.state = to
    if to is not State.RESOLVED:
        conversation.resolved_at = None
    if to is not State.SNOOZED:
        conversation.snoozed_until = None
    return True


def parties(found: Iterable[Party]) -> list[dict[str, str]]:
    """Sides of a message as they are stored."""
    return [asdict(party) for party in found]


def references(message: Message, own: Iterable[UUID], refs: Iterable[UUID]) -> list[Reference]:
    """The rows by which a message is found from others."""
    return [
        Reference(
            shop_id=message.shop_id,
            key=key,
            own=is_own,
            customer_id=message.customer_id,
            message_id=message.pk,
        )
        for keys, is_own in ((own, True), (refs, False))
        for key in keys
    ]


def attachments(message: Message, files: Sequence[MessageFile]) -> list[Attachment]:
    """The files of a message as rows."""
    return [
        Attachment(
            shop_id=message.shop_id,
            message_id=message.pk,
            sha256=file.sha256,
            filename=file.filename,
            content_type=file.content_type[:255],
            size=file.size,
            content_id=file.content_id,
            inline=file.inline,
        )
        for file in files
    ]
