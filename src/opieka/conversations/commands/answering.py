"""Answering customers, writing to them first, and taking an answer back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.types import CONTACTS, Channel, MessageFile, Party
from opieka.conversations import queries
from opieka.conversations.commands import filing, sending, steps
from opieka.conversations.commands.loading import lock_names, locked
from opieka.conversations.facts import ConversationOpened, MessageFailed, MessageSent, MessageWithdrawn
from opieka.conversations.models import Attachment, Conversation, Message
from opieka.conversations.policy import telling, texts
from opieka.conversations.types import Direction, Draft, MessageKind, Opening, Step, Way
from opieka.customers import commands as customers
from opieka.customers import queries as people
from opieka.customers.types import ContactKind, ContactPoint, CustomerCard
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.kernel.facts import Fact
from opieka.shops import queries as shops


class EmptyDraft(Invalid):
    code = "draft_empty"
    sentence = _("There is nothing to send yet. Write something first.")


class NobodyToAnswer(Invalid):
    code = "nobody_to_answer"
    sentence = _("This conversation has no address to answer to. Add one.")


class TextsStopped(Conflict):
    code = "texts_stopped"
    sentence = _(
        "The customer has asked to get no more texts. Answer by mail, or wait until she texts again."
    )


class ColleagueAnswered(Conflict):
    code = "colleague_answered"
    sentence = _(
        "A colleague has answered meanwhile. Read the answer, then send yours if it is still needed."
    )


class CustomerWrote(Conflict):
    code = "customer_wrote"
    sentence = _("The customer has written again meanwhile. Read the message, then send your answer.")


@transaction.atomic
def reply(conversation_id: int, *, draft: Draft, key: str, shop_ids: Collection[int], by: Actor) -> int:
    """Answer; returns the message's id. The same `key` again returns the first.

    EmptyDraft, NobodyToAnswer, TextsStopped; ColleagueAnswered or CustomerWrote (with `message_id`) when the draft was
    written without knowing of a newer message and not meant `anyway`.
    """
    conversation = locked(conversation_id, shop_ids=shop_ids)
    sent = sending.already(conversation.shop_id, key)
    if sent is not None:
        return sent.pk
    if not draft.anyway:
        _no_surprise(conversation, draft.seen_message_id)
    return _send(conversation, draft, key, by)


@transaction.atomic
def start(opening: Opening, *, draft: Draft, key: str, by: Actor) -> int:
    """Write to a customer first; returns the message's id. The same `key` again returns the first."""
    lock_names([sending.identity(key)], shop_id=opening.shop_id)
    sent = sending.already(opening.shop_id, key)
    if sent is not None:
        return sent.pk
    account = channel_queries.account(opening.account_id, shop_ids=[opening.shop_id])
    kind, country = CONTACTS[account.channel], shops.shop(opening.shop_id).country
    number = channel_queries.phone_number(opening.to.value, country) if kind is ContactKind.PHONE else ""
    to = replace(opening.to, kind=kind, value=number or opening.to.value)
    point = ContactPoint(kind, to.value)
    customer = customers.recognise(
        [point], shop_id=opening.shop_id, name=opening.to.name, language=opening.language, by=by
    )
    now = clock.now()
    conversation = Conversation.objects.create(
        shop_id=opening.shop_id,
        customer_id=customer,
        channel=account.channel,
        account_id=account.id,
        subject=opening.subject[:500],
        language=opening.language,
        opened_at=now,
        last_message_at=now,
    )
    opened = ConversationOpened(conversation_id=conversation.pk, channel=conversation.channel)
    steps.announce(conversation, [opened], by)
    return _send(conversation, replace(draft, to=(to,)), key, by)


@transaction.atomic
def undo_reply(message_id: int, *, shop_ids: Collection[int], by: Actor) -> Draft:
    """Take an answer back before it leaves, and return it to be written on; TooLate when it has left."""
    found = Message.objects.filter(id=message_id, shop_id__in=shop_ids, direction=Direction.OUT).first()
    if found is None:
        raise NotFound
    conversation = locked(found.conversation_id, shop_ids=shop_ids)
    message = Message.objects.select_for_update(no_key=True).get(id=message_id)
    if message.withdrawn_at is None:
        name = f"message:{message_id}"
        delivery = channel_queries.deliveries([name], shop_id=conversation.shop_id)[name]
        channels.cancel(delivery.dispatch_id, shop_id=conversation.shop_id, by=by)
        message.withdrawn_at = clock.now()
        message.save(update_fields=["withdrawn_at"])
        _go_back(conversation, message)
        fact = MessageWithdrawn(conversation_id=conversation.pk, message_id=message_id)
        steps.announce(conversation, [fact], by)
    return _as_draft(message)


@transaction.atomic
def note_failure(message_id: int, *, delivery: str, shop_id: int, by: Actor) -> None:
    """Bring a conversation back to the desk when what was sent in it did not arrive."""
    message = Message.objects.filter(id=message_id, shop_id=shop_id).first()
    if message is None:
        raise NotFound
    conversation = locked(message.conversation_id, shop_ids=[shop_id])
    filing.move(conversation, Step.FAIL)
    fact = MessageFailed(conversation_id=conversation.pk, message_id=message_id, delivery=delivery)
    steps.announce(conversation, [fact], by)


def _no_surprise(conversation: Conversation, seen_message_id: int) -> None:
    rows = Message.objects.filter(
        shop_id=conversation.shop_id,
        conversation=conversation,
        id__gt=seen_message_id,
        kind=MessageKind.PERSON,
        withdrawn_at=None,
    )
    newest = rows.order_by("-id").values_list("id", "direction").first()
    if newest is None:
        return
    error = ColleagueAnswered if newest[1] == Direction.OUT else CustomerWrote
    raise error(message_id=newest[0])


def _send(conversation: Conversation, draft: Draft, key: str, by: Actor) -> int:
    if not draft.text.strip() and not draft.files:
        raise EmptyDraft
    message = _message(conversation, draft, key, by)
    if message.channel == Channel.SMS:
        _not_stopped(conversation)
    sending.hand_over(conversation, message, files=draft.files, by=by)
    steps.announce(conversation, _answered(conversation, message, draft, by), by)
    return message.pk


def _message(conversation: Conversation, draft: Draft, key: str, by: Actor) -> Message:
    answers = sending.latest(conversation)
    way = _other_way(conversation, answers, draft)
    to = draft.to or (_there(conversation, way) if way else _back(answers))
    message = sending.outgoing(conversation, key=key, to=to, cc=draft.cc)
    message.kind, message.author_id = MessageKind.PERSON, filing.staff_id(by)
    message.text, message.html = draft.text, draft.html
    message.subject = conversation.subject
    if answers:
        message.subject = texts.reply_subject(conversation.subject)
        message.channel, message.account_id = answers.channel, answers.account_id
    if way:
        message.channel = way.channel
        message.account_id = telling.account(way, usual=conversation.account_id)
    message.before = {
        "state": conversation.state,
        "assignee_id": conversation.assignee_id,
        "snoozed_until": conversation.snoozed_until and conversation.snoozed_until.isoformat(),
        "resolved_at": conversation.resolved_at and conversation.resolved_at.isoformat(),
    }
    return message


def _not_stopped(conversation: Conversation) -> None:
    card = _card(conversation)
    known = card.lineage if card else ()
    if queries.texts_stopped(known, conversation_id=conversation.pk, shop_id=conversation.shop_id):
        raise TextsStopped


def _other_way(conversation: Conversation, answers: Message | None, draft: Draft) -> Way | None:
    """The chosen way when it is not the one of the last message; NobodyToAnswer when it leads nowhere."""
    if draft.channel is None or draft.channel == (answers or conversation).channel:
        return None
    card = _card(conversation)
    found = queries.ways(card, shop_id=conversation.shop_id) if card else []
    way = next((one for one in found if one.channel is draft.channel), None)
    if way is None:
        raise NobodyToAnswer
    return way


def _there(conversation: Conversation, way: Way) -> tuple[Party, ...]:
    card = _card(conversation)
    return (Party(CONTACTS[way.channel], way.addresses[0], card.name if card else ""),)


def _card(conversation: Conversation) -> CustomerCard | None:
    if conversation.customer_id is None:
        return None
    return people.card(conversation.customer_id, shop_ids=[conversation.shop_id])


def _back(last: Message | None) -> tuple[Party, ...]:
    """Whom it is for: where the last message came from or went to."""
    if last is None:
        raise NobodyToAnswer
    sides = last.to if last.direction == Direction.OUT else last.reply_to
    sender = Party(last.sender_kind, last.sender_value, last.sender_name)
    return tuple(Party(**side) for side in sides) or (sender,)


def _answered(conversation: Conversation, message: Message, draft: Draft, by: Actor) -> list[Fact]:
    """What an answer changes: it is the customer's turn, and nobody's conversation becomes the writer's."""
    filing.put_in(conversation, message, has_files=bool(draft.files))
    filing.move(conversation, Step.ANSWER)
    conversation.waiting_since = None
    facts: list[Fact] = [
        MessageSent(
            conversation_id=conversation.pk,
            message_id=message.pk,
            channel=message.channel,
            message_kind=message.kind,
        )
    ]
    if conversation.assignee_id is None and message.author_id is not None:
        facts.append(steps.hand_over(conversation, message.author_id))
    if draft.resolve:
        facts.append(steps.settle(conversation))
    return facts


def _go_back(conversation: Conversation, message: Message) -> None:
    """Make a conversation what it was before an answer, unless something has been said since."""
    before = message.before or {}
    if conversation.last_message_id == message.pk and before:
        conversation.state = before["state"]
        conversation.assignee_id = before["assignee_id"]
        for name in ("snoozed_until", "resolved_at"):
            setattr(conversation, name, before[name] and datetime.fromisoformat(before[name]))
    filing.recount(conversation)


def _as_draft(message: Message) -> Draft:
    rows = Attachment.objects.filter(shop_id=message.shop_id, message=message).order_by("id")
    return Draft(
        text=message.text,
        html=message.html,
        to=tuple(Party(**side) for side in message.to),
        cc=tuple(Party(**side) for side in message.cc),
        files=tuple(MessageFile(f.sha256, f.filename, f.content_type, f.size) for f in rows),
        channel=Channel(message.channel),
        seen_message_id=message.pk,
    )
