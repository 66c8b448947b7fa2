"""What the shop tells a customer by itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from opieka.channels.types import CONTACTS, Channel, Party
from opieka.conversations import queries
from opieka.conversations.commands import filing, sending, steps
from opieka.conversations.commands.answering import EmptyDraft
from opieka.conversations.commands.loading import lock_names, locked
from opieka.conversations.facts import ConversationOpened, MessageSent
from opieka.conversations.models import HERE, LIST, Conversation, Message, Reference
from opieka.conversations.policy import quiet, states, telling, threading
from opieka.conversations.policy.threading import name_key
from opieka.conversations.types import (
    UNRESOLVED,
    Direction,
    InboxPreferences,
    MessageKind,
    Notice,
    Outcome,
    State,
    TextPreferences,
    Told,
    Way,
)
from opieka.customers import commands as customers
from opieka.customers import queries as people
from opieka.customers.types import ConsentChannel, CustomerCard
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound
from opieka.shops import queries as shops


@transaction.atomic
def tell(notice: Notice, *, key: str, by: Actor) -> Told:
    """Tell a customer something; the same `key` again tells nothing more and returns the first.

    What cannot be told is not kept (`Told.outcome` says why); asked again it is decided anew. Nobody has
    answered by it: a conversation stays in its state, and one that begins with it begins resolved.
    EmptyDraft; NotFound for somebody who is not (or no more) a customer of the shop.
    """
    if not notice.text.strip():
        raise EmptyDraft
    card = people.card(notice.customer_id, shop_ids=[notice.shop_id])
    # Of two notices at once that begin a conversation with her the second joins the first's.
    lock_names([sending.identity(key), name_key(f"told:{card.id}")], shop_id=notice.shop_id)
    sent = sending.already(notice.shop_id, key)
    if sent is not None:
        return _told(sent)
    customers.hold(card.id, shop_id=notice.shop_id)
    answered = _answered(notice)
    if answered is not None and _is_loop(answered):
        return Told(Outcome.LOOP)
    ways = queries.ways(card, shop_id=notice.shop_id)
    allowed = [way for way in ways if people.may(card.id, notice.purpose, ConsentChannel(way.channel))]
    last = answered or _last_written(card, notice.shop_id)
    spoken = Channel(last.channel) if last else None
    timely = [way for way in allowed if _is_in_time(notice, way)]
    way = telling.best(timely, wanted=notice.channel, last=spoken)
    if way is None:
        reached = [telling.best(some, wanted=notice.channel, last=spoken) for some in (allowed, ways)]
        return Told(telling.why_not(allowed=reached[0] is not None, reached=reached[1] is not None))
    address = telling.address(way, wrote_from={last.sender_value.casefold()} if last else ())
    conversation = _conversation(notice, card, way, answered, by)
    return _send(conversation, notice, way, Party(CONTACTS[way.channel], address, card.name), key, by)


def _send(conversation: Conversation, notice: Notice, way: Way, to: Party, key: str, by: Actor) -> Told:
    message = sending.outgoing(conversation, key=key, to=[to])
    message.kind, message.subject, message.text = MessageKind.AUTOMATIC, notice.subject[:500], notice.text
    message.channel, message.sender_name = way.channel, shops.shop(notice.shop_id).name
    message.account_id = telling.account(way, usual=conversation.account_id)
    if way.channel is Channel.SMS:
        message.text = notice.short or notice.text
    leaves = sending.Leaving(_not_before(notice, way), notice.not_after)
    sending.hand_over(conversation, message, known_as=_names(notice), leaves=leaves, by=by)
    filing.put_in(conversation, message, has_files=False)
    fact = MessageSent(
        conversation_id=conversation.pk,
        message_id=message.pk,
        channel=message.channel,
        message_kind=message.kind,
    )
    steps.announce(conversation, [fact], by)
    return _told(message)


def _not_before(notice: Notice, way: Way) -> datetime | None:
    """When it may leave: texts wait for the end of the quiet hours, unless they are urgent."""
    if way.channel is not Channel.SMS or notice.urgent:
        return None
    zone = ZoneInfo(shops.shop(notice.shop_id).timezone)
    return quiet.leaves_at(clock.now(), zone, shops.preferences(notice.shop_id, TextPreferences))


def _is_in_time(notice: Notice, way: Way) -> bool:
    """Whether it leaves by this way while it is still so."""
    leaves = _not_before(notice, way)
    return notice.not_after is None or (leaves or clock.now()) <= notice.not_after


def _told(message: Message) -> Told:
    return Told(Outcome.TOLD, message.pk, message.conversation_id, Channel(message.channel))


def _names(notice: Notice) -> list[str]:
    return [f"about:{notice.about}"] if notice.about else []


def _answered(notice: Notice) -> Message | None:
    """The message of hers that this answers, if it answers one."""
    if notice.answers is None:
        return None
    rows = Message.objects.filter(id=notice.answers, shop_id=notice.shop_id, direction=Direction.IN)
    found = rows.defer("html", "text").select_related("conversation").first()
    if found is None:
        raise NotFound
    return found


def _is_loop(answered: Message) -> bool:
    lately = Message.objects.filter(
        shop_id=answered.shop_id,
        conversation_id=answered.conversation_id,
        direction=Direction.OUT,
        kind=MessageKind.AUTOMATIC,
        at__gt=clock.now() - telling.WINDOW,
    ).count()
    return answered.conversation.state == State.SPAM or telling.is_loop(MessageKind(answered.kind), lately)


def _last_written(card: CustomerCard, shop_id: int) -> Message | None:
    """The last message she wrote, in her latest conversation with one."""
    rows = Conversation.objects.filter(HERE, shop_id=shop_id, customer_id__in=card.lineage)
    latest = rows.exclude(last_customer_message_at=None).order_by(*LIST).first()
    message = sending.latest(latest) if latest else None
    return message if message and message.direction == Direction.IN else None


def _conversation(
    notice: Notice, card: CustomerCard, way: Way, answered: Message | None, by: Actor
) -> Conversation:
    """Where it is told: with what it answers, with what was told of the same, in what is going on, or anew."""
    for conversation_id in _candidates(notice, card, way, answered):
        conversation = locked(conversation_id, shop_ids=[notice.shop_id])
        if answered or _goes_on(conversation):
            return conversation
    now = clock.now()
    conversation = Conversation.objects.create(
        shop_id=notice.shop_id,
        customer_id=card.id,
        channel=way.channel,
        account_id=way.account_ids[0],
        subject=notice.subject[:500],
        state=State.RESOLVED,
        resolved_at=now,
        language=notice.language or card.language,
        opened_at=now,
        last_message_at=now,
    )
    opened = ConversationOpened(conversation_id=conversation.pk, channel=conversation.channel)
    steps.announce(conversation, [opened], by)
    return conversation


def _candidates(notice: Notice, card: CustomerCard, way: Way, answered: Message | None) -> list[int]:
    """All that goes by text between her and a number is one conversation, for so her answers are read."""
    if answered is not None:
        return [answered.conversation_id]
    names = _names(notice)
    if way.channel in threading.BY_PERSON:
        parties = [Party(CONTACTS[way.channel], address) for address in way.addresses]
        names = [threading.with_person(one, party) for one in way.account_ids for party in parties] + names
    keys = {name_key(name): place for place, name in enumerate(names)}
    same = Reference.objects.filter(shop_id=notice.shop_id, key__in=keys, customer_id__in=card.lineage)
    told = same.order_by("message_id").values_list("key", "message__conversation_id")
    latest = dict(told.iterator())
    rows = Conversation.objects.filter(
        HERE, shop_id=notice.shop_id, customer_id__in=card.lineage, state__in=UNRESOLVED
    )
    going_on = rows.order_by(*LIST).values_list("id", flat=True).first()
    found = [latest[key] for key in sorted(latest, key=keys.__getitem__)]
    return [*found, going_on] if going_on else found


def _goes_on(conversation: Conversation) -> bool:
    """Whether something new may be said in it."""
    wishes = shops.preferences(conversation.shop_id, InboxPreferences)
    state = State(conversation.state)
    over = states.is_over(state, conversation.resolved_at, reopen_days=wishes.reopen_days, now=clock.now())
    return state is not State.SPAM and not over
