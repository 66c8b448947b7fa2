"""A customer's STOP and START: kept as her word, confirmed once, nobody has to act."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.types import Channel, Party
from opieka.conversations.commands import filing, sending, steps
from opieka.conversations.commands.loading import locked
from opieka.conversations.facts import MessageSent
from opieka.conversations.models import Conversation, Message
from opieka.conversations.policy.wishes import Wish, wish
from opieka.conversations.types import MessageKind, State
from opieka.customers import commands as customers
from opieka.customers import queries as people
from opieka.customers.types import Consent, ConsentChannel, ConsentSource, Purpose
from opieka.kernel.actor import SYSTEM, Actor
from opieka.shops import queries as shops

WORDING = "sms/stop"
_ASKED = (Purpose.MARKETING, Purpose.SURVEYS)


def heed(message_ids: Collection[int]) -> None:
    """Do what texts ask that are such a word, in the transaction that takes them in."""
    rows = Message.objects.filter(id__in=message_ids, channel=Channel.SMS).exclude(customer_id=None)
    for message in rows.order_by("id"):
        asked = wish(message.text)
        if asked and message.customer_id:
            _heed(message, message.customer_id, *asked)


@transaction.atomic
def stop_texts(message_id: int, *, language: str, shop_id: int, by: Actor) -> None:
    """Do the same for a text that asks in a sentence of its own for no more texts; confirmed in this language."""
    message = Message.objects.filter(id=message_id, shop_id=shop_id, channel=Channel.SMS).first()
    if message is not None and message.customer_id:
        _heed(message, message.customer_id, Wish.STOP, language)


def _heed(message: Message, customer_id: int, asked: Wish, language: str) -> None:
    person = customers.hold(customer_id, shop_id=message.shop_id)
    conversation = locked(message.conversation_id, shop_ids=[message.shop_id])
    stopped = people.stopped_at(people.lineage(person), ConsentChannel.SMS) is not None
    if stopped != (asked is Wish.STOP):
        by = Actor.customer(person)
        (_stop if asked is Wish.STOP else _start)(person, message.shop_id, by)
        _confirm(conversation, message, asked, language)
    if conversation.state == State.OPEN and conversation.waiting_since is None and _is_all(conversation):
        steps.announce(conversation, [steps.settle(conversation)], SYSTEM)


def _stop(person: int, shop_id: int, by: Actor) -> None:
    """From now on; what waited for its time is not sent either, in no shop of the operator."""
    _say(person, Purpose.SERVICE, shop_id, by, given=False)
    for purpose in _ASKED:
        if people.may(person, purpose, ConsentChannel.SMS):
            _say(person, purpose, shop_id, by, given=False)
    known = people.lineage(person)
    for each in shops.group_shop_ids(shops.shop(shop_id).group_id):
        channels.withhold(known, channel=Channel.SMS, shop_id=each, by=by)


def _start(person: int, shop_id: int, by: Actor) -> None:
    """Texts about her orders may come again; what needs her yes she has to allow anew."""
    _say(person, Purpose.SERVICE, shop_id, by, given=True)


def _say(person: int, purpose: Purpose, shop_id: int, by: Actor, *, given: bool) -> None:
    said = Consent(purpose, ConsentChannel.SMS, given, ConsentSource.CUSTOMER, WORDING)
    customers.record_consent(person, consent=said, shop_id=shop_id, by=by)


def _confirm(conversation: Conversation, asked: Message, done: Wish, language: str) -> None:
    """The one text that still leaves after a STOP: that it was heard."""
    shop = shops.shop(asked.shop_id)
    account = channel_queries.account(asked.account_id, shop_ids=[asked.shop_id])
    to = Party(asked.sender_kind, asked.sender_value, asked.sender_name)
    message = sending.outgoing(conversation, key=f"{done}:{asked.pk}", to=[to])
    message.kind, message.sender_name = MessageKind.AUTOMATIC, shop.name
    message.channel, message.account_id = asked.channel, account.id
    with override(language or conversation.language or shop.languages[0]):
        if done is Wish.STOP:
            text = _("You will get no more texts from %(shop)s. Reply START to get them again.")
        else:
            text = _("You will get texts about your orders from %(shop)s again. Reply STOP to stop them.")
        message.text = text % {"shop": shop.name}
    sending.hand_over(conversation, message, by=SYSTEM)
    filing.put_in(conversation, message, has_files=False)
    fact = MessageSent(
        conversation_id=conversation.pk,
        message_id=message.pk,
        channel=message.channel,
        message_kind=message.kind,
    )
    steps.announce(conversation, [fact], SYSTEM)


def _is_all(conversation: Conversation) -> bool:
    """Whether no person has ever written in it."""
    return not Message.objects.filter(
        shop_id=conversation.shop_id, conversation_id=conversation.pk, kind=MessageKind.PERSON
    ).exists()
