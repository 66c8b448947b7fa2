"""Handing a message of ours to its channel, and keeping what others find it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from opieka.channels import commands as channels
from opieka.channels.types import Channel, MessageFile, Outgoing, Party
from opieka.conversations.commands import filing, indexing
from opieka.conversations.models import Attachment, Conversation, Message, Reference
from opieka.conversations.policy import threading
from opieka.conversations.policy.threading import name_key
from opieka.conversations.types import Direction, MessageKind
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor


@dataclass(frozen=True)
class Leaving:
    """Between which moments a message may leave."""

    not_before: datetime | None = None
    not_after: datetime | None = None


ANYTIME = Leaving()


def identity(key: str) -> UUID:
    """By what a message of ours is known, before it is sent for the first time."""
    return name_key(f"sent\0{key}")


def already(shop_id: int, key: str) -> Message | None:
    """The message that was sent under this key."""
    return Message.objects.filter(shop_id=shop_id, identity=identity(key)).first()


def latest(conversation: Conversation) -> Message | None:
    """The last message of a person on the other side, or else ours."""
    rows = Message.objects.filter(
        shop_id=conversation.shop_id, conversation=conversation, withdrawn_at=None
    ).defer("html", "text")
    rows = rows.exclude(direction=Direction.IN, sender_value="").exclude(kind=MessageKind.BOUNCE)
    by_time = rows.order_by("-at", "-id")
    written = by_time.filter(direction=Direction.IN, kind=MessageKind.PERSON).first()
    return written or by_time.first()


def outgoing(
    conversation: Conversation, *, key: str, to: Sequence[Party], cc: Sequence[Party] = ()
) -> Message:
    """A message of ours in a conversation, not stored yet; channel and account are the conversation's."""
    now = clock.now()
    return Message(
        id=bulk.new_ids(Message, 1)[0],
        shop_id=conversation.shop_id,
        conversation=conversation,
        identity=identity(key),
        direction=Direction.OUT,
        channel=conversation.channel,
        account_id=conversation.account_id,
        customer_id=conversation.customer_id,
        to=filing.parties(to),
        cc=filing.parties(cc),
        people=threading.people_of(*to, *cc),
        at=now,
        received_at=now,
    )


def hand_over(
    conversation: Conversation,
    message: Message,
    *,
    files: Sequence[MessageFile] = (),
    known_as: Sequence[str] = (),
    leaves: Leaving = ANYTIME,
    by: Actor,
) -> None:
    """Give a message to its channel and store it; `known_as` are further names it is found by.

    It leaves when it can no more be taken back, and within the time told.
    """
    names = _names(conversation, message)
    sent = _outgoing(conversation, message, names)
    delivery = channels.send(
        replace(sent, files=tuple(files), not_before=leaves.not_before, not_after=leaves.not_after),
        key=sent.message,
        by=by,
    )
    message.external_id = delivery.message_id
    message.save(force_insert=True)
    own = [name_key(delivery.message_id), name_key(sent.thread)]
    if sent.to and Channel(message.channel) in threading.BY_PERSON:
        known_as = [*known_as, threading.with_person(message.account_id, sent.to[0])]
    refs = map(name_key, [*threading.nearest_references(names[::-1]), *known_as])
    Reference.objects.bulk_create(filing.references(message, own, refs))
    Attachment.objects.bulk_create(filing.attachments(message, files))
    indexing.index([indexing.Entry(message, conversation.language, whole=True)])


def _outgoing(conversation: Conversation, message: Message, names: Sequence[str]) -> Outgoing:
    last = latest(conversation)
    return Outgoing(
        shop_id=message.shop_id,
        account_id=message.account_id,
        customer_id=conversation.customer_id,
        thread=f"conversation:{conversation.pk}",
        message=f"message:{message.pk}",
        to=tuple(Party(**side) for side in message.to),
        cc=tuple(Party(**side) for side in message.cc),
        subject=message.subject,
        text=message.text,
        html=message.html,
        in_reply_to=last.external_id if last and last.external_id in names else "",
        references=tuple(names),
        language=conversation.language,
        automatic=message.kind == MessageKind.AUTOMATIC,
    )


def _names(conversation: Conversation, message: Message) -> list[str]:
    """The Message-IDs of a conversation's latest messages on the same channel, oldest first."""
    rows = Message.objects.filter(
        shop_id=conversation.shop_id,
        conversation=conversation,
        channel=message.channel,
        withdrawn_at=None,
    ).exclude(external_id__startswith="sha256:")
    by_time = rows.exclude(kind=MessageKind.BOUNCE).order_by("-at", "-id")
    return list(by_time.values_list("external_id", flat=True)[: threading.MOST_REFERENCES])[::-1]
