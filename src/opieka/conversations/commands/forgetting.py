"""Forgetting a person: what she said and was told goes, that something was said stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from opieka.channels import commands as channels
from opieka.conversations.commands import filing, indexing
from opieka.conversations.commands.loading import lock_rows
from opieka.conversations.facts import ConversationErased, ConversationResolved, OriginalsForgotten
from opieka.conversations.models import (
    Attachment,
    Conversation,
    Join,
    Learned,
    Message,
    Note,
    Reference,
    SearchEntry,
)
from opieka.conversations.policy import redaction, texts
from opieka.conversations.policy.threading import address
from opieka.conversations.types import Direction, MessageKind, State, Step
from opieka.customers.types import Traces
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.facts import Fact
from opieka.timeline.commands import record, record_many

_AT_ONCE = 500
_EMPTY: dict[str, Any] = {
    "external_id": "", "sender_value": "", "sender_name": "", "to": [], "cc": [], "reply_to": [], "people": [],
    "subject": "", "text": "", "folds": [], "reply_text": "", "html": "", "before": None, "raw_sha256": "",
}  # fmt: skip
_UNLEARN = """
    with gone as (
        select word, ndoc from ts_stat(format(
            'select keys from conversations_searchentry where message_id = any(%%L::bigint[]) and message_id <= %%s',
            %s::bigint[], %s::bigint)))
    update conversations_word w set messages = w.messages - gone.ndoc
    from gone where w.shop_id = %s and w.key = gone.word
"""


@dataclass(frozen=True)
class Person:
    """Whom to forget in one shop: all ids she had, by what she is found, and what came `before` that."""

    customer_ids: Collection[int]
    traces: Traces
    before: datetime
    shop_id: int

    @property
    def addresses(self) -> set[str]:
        return {address(point.kind, point.value) for point in self.traces.points}

    @property
    def words(self) -> set[str]:
        return {*self.traces.names, *(point.value for point in self.traces.points)}


@transaction.atomic
def forget_customer(person: Person, *, by: Actor) -> int:
    """Forget a person in all conversations of a shop; returns in how many she was.

    Her own are emptied, whoever else wrote in them. From those of others her messages, her addresses, quoted
    history and the raw sources go. A mail that came afterwards is somebody new's, and stays.
    """
    rows = lock_rows(_where_she_is(person))
    own = {row.pk for row in rows.values() if row.customer_id in person.customer_ids}
    for conversation in rows.values():
        if conversation.pk in own:
            _empty(conversation, person.before, by)
        else:
            _take_her_out(conversation, person, by)
    _forget_joins(own, person.shop_id)
    return len(rows)


def _where_she_is(person: Person) -> set[int]:
    here = Conversation.objects.filter(shop_id=person.shop_id)
    own = set(here.filter(customer_id__in=person.customer_ids).values_list("id", flat=True))
    said = Message.objects.filter(
        Q(customer_id__in=person.customer_ids) | Q(people__overlap=sorted(person.addresses)),
        shop_id=person.shop_id,
    )
    return own | set(said.values_list("conversation_id", flat=True))


def _empty(conversation: Conversation, before: datetime, by: Actor) -> None:
    """Nothing of what was said stays; the conversation is settled unless something came since."""
    messages = Message.objects.filter(shop_id=conversation.shop_id, conversation=conversation)
    since = Q(direction=Direction.IN, received_at__gt=before)
    forget_messages(list(messages.exclude(since)), shop_id=conversation.shop_id, by=by)
    Note.objects.filter(shop_id=conversation.shop_id, conversation=conversation).update(text="")
    later = messages.filter(since).order_by("at", "id").first()
    _describe(conversation)
    conversation.has_files = later is not None and conversation.has_files
    facts: list[Fact] = [ConversationErased(conversation_id=conversation.pk)]
    if later is not None:
        conversation.customer_id = later.customer_id
    elif filing.move(conversation, Step.RESOLVE):
        conversation.resolved_at, conversation.waiting_since = clock.now(), None
        facts.append(ConversationResolved(conversation_id=conversation.pk))
    conversation.save()
    record_many([filing.touchpoint(fact, conversation, by) for fact in facts])


def _take_her_out(conversation: Conversation, person: Person, by: Actor) -> None:
    messages = list(Message.objects.filter(shop_id=conversation.shop_id, conversation=conversation))
    hers = [
        one for one in messages if one.customer_id in person.customer_ids and one.received_at <= person.before
    ]
    forget_messages(hers, shop_id=conversation.shop_id, by=by)
    gone = {one.pk for one in hers}
    others = [one for one in messages if one.pk not in gone]
    _release([one.raw_sha256 for one in others], conversation.shop_id, by)
    for message in others:
        _redact(message, person)
    Message.objects.bulk_update(others, _REDACTED, batch_size=200)
    _unindex([one.pk for one in others], conversation.shop_id)
    indexing.index([indexing.Entry(one, conversation.language, whole=True) for one in others])
    for note in Note.objects.filter(shop_id=conversation.shop_id, conversation=conversation):
        note.text = redaction.redacted(note.text, person.words)
        note.save(update_fields=["text"])
    _describe(conversation)
    conversation.save()
    record_many([filing.touchpoint(ConversationErased(conversation_id=conversation.pk), conversation, by)])


_REDACTED = [
    "to", "cc", "reply_to", "people", "subject", "text", "folds", "reply_text", "html", "raw_sha256",
]  # fmt: skip


def _redact(message: Message, person: Person) -> None:
    """Another's message without her: what it quotes is told by the messages themselves."""
    values = {point.value for point in person.traces.points}
    for side in ("to", "cc", "reply_to"):
        setattr(message, side, redaction.without(getattr(message, side), values))
    message.people = [one for one in message.people if one not in person.addresses]
    new = texts.new_text(message.text, message.folds, message.reply_text)
    message.text, message.folds, message.reply_text = redaction.redacted(new, person.words), [], ""
    message.subject = redaction.redacted(message.subject, person.words)
    message.html, message.raw_sha256 = "", ""


def forget_messages(messages: Sequence[Message], *, shop_id: int, by: Actor) -> None:
    """Keep of messages only that they were: when, which way, by whom of ours."""
    ids = [one.pk for one in messages]
    files = Attachment.objects.filter(shop_id=shop_id, message_id__in=ids)
    released = list(files.values_list("sha256", flat=True))
    files.delete()
    _unindex(ids, shop_id)
    Reference.objects.filter(shop_id=shop_id, message_id__in=ids).delete()
    Message.objects.filter(id__in=ids).update(**_EMPTY)
    _release([one.raw_sha256 for one in messages], shop_id, by)
    channels.release_files(released, shop_id=shop_id, by=by)


def _release(raws: Iterable[str], shop_id: int, by: Actor) -> None:
    hashes = sorted(set(raws) - {""})
    for start in range(0, len(hashes), _AT_ONCE):
        fact = OriginalsForgotten(sha256s=tuple(hashes[start : start + _AT_ONCE]))
        record(fact, shop_id=shop_id, customer_id=None, subject=f"shop:{shop_id}", by=by)
    channels.release_files(hashes, shop_id=shop_id, by=by)


def _unindex(message_ids: Sequence[int], shop_id: int) -> None:
    """Make messages unfindable, and their words unknown where nobody else has used them."""
    learned = Learned.objects.select_for_update().filter(shop_id=shop_id).first()
    with connection.cursor() as cursor:
        if learned is not None:
            cursor.execute(_UNLEARN, [list(message_ids), learned.message_id, shop_id])
        cursor.execute("delete from conversations_word where shop_id = %s and messages <= 0", [shop_id])
    SearchEntry.objects.filter(message_id__in=message_ids).delete()


def _describe(conversation: Conversation) -> None:
    """What lists show of it, by what is left."""
    rows = Message.objects.filter(
        shop_id=conversation.shop_id, conversation=conversation, withdrawn_at=None
    ).exclude(text="", subject="")
    first = rows.order_by("at", "id").first()
    last = rows.filter(kind=MessageKind.PERSON).order_by("-at", "-id").first()
    conversation.subject = first.subject[:500] if first else ""
    conversation.preview = (
        texts.preview(texts.new_text(last.text, last.folds, last.reply_text)) if last else ""
    )


def _forget_joins(conversation_ids: Collection[int], shop_id: int) -> None:
    """What a parted conversation would go back to says nothing of her either."""
    found = Q(winner_id__in=conversation_ids) | Q(loser_id__in=conversation_ids)
    for row in Join.objects.select_for_update().filter(found, shop_id=shop_id):
        row.winner_before |= {"subject": "", "preview": ""}
        row.winner_after |= {"subject": "", "preview": ""}
        row.save(update_fields=["winner_before", "winner_after"])


@transaction.atomic
def forget_old_sources(shop_id: int, *, before: datetime, by: Actor) -> int:
    """Let go of some raw sources of messages that came before a moment; returns how many, 0 when all are gone."""
    rows = Message.objects.filter(shop_id=shop_id, received_at__lt=before).exclude(raw_sha256="")
    found = dict(rows.order_by("id").values_list("id", "raw_sha256")[:_AT_ONCE])
    Message.objects.filter(id__in=found).update(raw_sha256="")
    _release(found.values(), shop_id, by)
    return len(found)


@transaction.atomic
def forget_old_spam(shop_id: int, *, before: datetime, by: Actor) -> int:
    """Empty some messages of before a moment that are spam or that no person wrote; 0 when all are.

    Those whose conversation a person takes part in are emptied alone; the conversation stays as it is.
    """
    rows = Message.objects.filter(
        Q(conversation__state=State.SPAM) | ~Q(kind=MessageKind.PERSON),
        shop_id=shop_id,
        received_at__lt=before,
    )
    full = rows.exclude(text="", html="", subject="", sender_value="").order_by("id")
    ids = list(full.values_list("conversation_id", flat=True)[:_AT_ONCE])
    conversations = lock_rows(ids)
    found = list(full.filter(conversation_id__in=conversations)[:_AT_ONCE])
    forget_messages(found, shop_id=shop_id, by=by)
    for conversation in conversations.values():
        _describe(conversation)
        conversation.save(update_fields=["subject", "preview"])
    return len(found)
