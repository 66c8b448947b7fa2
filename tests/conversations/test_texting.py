"""Texts in conversations: where they belong, STOP and START, quiet hours, answering on another channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.models import Dispatch
from opieka.channels.types import AccountDetails, Channel, Delivery, DispatchState, Party, Sending
from opieka.conversations import commands, queries
from opieka.conversations.commands.answering import NobodyToAnswer, TextsStopped
from opieka.conversations.models import Conversation, Message
from opieka.conversations.policy import quiet
from opieka.conversations.policy.wishes import Wish, wish
from opieka.conversations.types import Draft, Notice, Opening, Outcome, TextPreferences, Told
from opieka.customers import commands as customers
from opieka.customers import queries as people
from opieka.customers.types import (
    Consent,
    ConsentChannel,
    ConsentSource,
    ContactKind,
    ContactPoint,
    Purpose,
)
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from tests.conversations.mails import mail, one, take
from tests.conversations.texts import ANNA, NUMBER, make_number, sms
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

EMAIL, PHONE = ContactPoint(ContactKind.EMAIL, "anna@example.com"), ContactPoint(ContactKind.PHONE, ANNA)


@pytest.fixture
def shop() -> ShopCard:
    return make_shop()


@pytest.fixture
def number(shop: ShopCard) -> int:
    return make_number(shop)


@pytest.fixture
def mailbox(shop: ShopCard) -> int:
    details = AccountDetails(f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY)
    return channels.open_account(shop.id, details=details, by=SYSTEM)


def make_anna(shop: ShopCard, *points: ContactPoint) -> int:
    return customers.recognise(
        list(points or [EMAIL, PHONE]), shop_id=shop.id, name="Anna", language="pl", by=SYSTEM
    )


def tell(shop: ShopCard, customer_id: int, key: str = "n1", **parts: Any) -> Told:
    notice = Notice(shop.id, customer_id, "Paczka", "Paczka przyjdzie w czwartek.", **parts)
    return commands.tell(notice, key=key, by=SYSTEM)


def reply(conversation: Conversation, key: str = "r1", **parts: Any) -> Message:
    conversation.refresh_from_db()
    draft = replace(Draft("W czwartek.", seen_message_id=conversation.last_message_id), **parts)
    made = commands.reply(conversation.pk, draft=draft, key=key, shop_ids=[conversation.shop_id], by=SYSTEM)
    return Message.objects.get(id=made)


def delivery(shop: ShopCard, message_id: int | None) -> Delivery:
    name = f"message:{message_id}"
    return channel_queries.deliveries([name], shop_id=shop.id)[name]


def test_a_text_joins_what_is_going_on_by_mail(shop: ShopCard, number: int) -> None:
    anna = make_anna(shop)
    written = one(mail(shop))
    assert written.customer_id == anna
    texted = one(sms(shop, number, "A gdzie paczka?"))
    assert (texted.pk, texted.channel) == (written.pk, "email")


def test_without_anything_going_on_a_text_begins_a_conversation(shop: ShopCard, number: int) -> None:
    first = one(sms(shop, number, "Gdzie paczka?"))
    assert (first.channel, first.state, first.subject) == ("sms", "open", "")
    assert one(sms(shop, number, "Halo?")).pk == first.pk
    assert one(sms(shop, number, "Dzień dobry", sender="+48600000001")).pk != first.pk


def test_her_answer_to_a_notice_comes_back_to_it(shop: ShopCard, number: int) -> None:
    anna = make_anna(shop, PHONE)
    told = tell(shop, anna, about="order:17")
    assert told.channel is Channel.SMS
    conversation = one(sms(shop, number, "Proszę w piątek"))
    assert (conversation.pk, conversation.state) == (told.conversation_id, "open")
    # All that is told by text stands in the one conversation her answers come to.
    assert tell(shop, anna, "n2", about="order:18").conversation_id == told.conversation_id


def test_a_notice_goes_by_text_when_she_texts_and_says_it_in_few_words(
    shop: ShopCard, number: int, mailbox: int
) -> None:
    anna = make_anna(shop)
    assert tell(shop, anna).channel is Channel.EMAIL
    conversation = one(sms(shop, number, "Gdzie paczka?"))
    told = tell(shop, anna, "n2", short="Paczka w czw.", answers=conversation.last_message_id)
    message = Message.objects.get(id=told.message_id or 0)
    assert (told.channel, message.text, message.to[0]["value"]) == (Channel.SMS, "Paczka w czw.", ANNA)


@pytest.mark.parametrize("number_of_day", [23])
def test_texts_wait_for_the_morning_unless_they_are_urgent(
    shop: ShopCard, number: int, number_of_day: int
) -> None:
    anna = make_anna(shop, PHONE)
    night = datetime(2026, 11, number_of_day, 22, 30, tzinfo=UTC)  # 23:30 in Warsaw
    with clock.fixed(night):
        waits, leaves = tell(shop, anna), tell(shop, anna, "n2", urgent=True)
        assert delivery(shop, waits.message_id).next_try_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
        assert delivery(shop, leaves.message_id).next_try_at == night
        row = Dispatch.objects.get(message=f"message:{waits.message_id}")
        assert channels.claim(row.pk) is None
    with clock.fixed(datetime(2026, 11, 24, 7, 0, tzinfo=UTC)):
        assert channels.claim(row.pk) is not None


def test_a_mail_does_not_wait(shop: ShopCard, mailbox: int) -> None:
    night = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    with clock.fixed(night):
        assert delivery(shop, tell(shop, make_anna(shop)).message_id).next_try_at == night


def test_stop_is_heard_at_once_and_confirmed_once(shop: ShopCard, number: int) -> None:
    anna = make_anna(shop, PHONE)
    said = Consent(Purpose.MARKETING, ConsentChannel.SMS, given=True, source=ConsentSource.FORM)
    customers.record_consent(anna, consent=said, shop_id=shop.id, by=SYSTEM)
    with clock.fixed(datetime(2026, 11, 24, 22, 30, tzinfo=UTC)):
        waiting = tell(shop, anna)
        conversation = one(sms(shop, number, " Stop. "), sms(shop, number, "STOP"))
        assert tell(shop, anna, "n2") == Told(Outcome.DECLINED)
    assert not people.may(anna, Purpose.MARKETING, ConsentChannel.SMS)
    assert delivery(shop, waiting.message_id).state is DispatchState.CANCELLED
    assert (conversation.state, conversation.waiting_since) == ("resolved", None)
    out = Message.objects.filter(conversation=conversation, direction="out").exclude(
        id=waiting.message_id or 0
    )
    (confirmed,) = out
    assert "START" in confirmed.text
    assert delivery(shop, confirmed.pk).state is DispatchState.QUEUED


def test_start_brings_service_back_but_no_marketing(shop: ShopCard, number: int) -> None:
    anna = make_anna(shop, PHONE)
    take(sms(shop, number, "СТОП"))
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        take(sms(shop, number, "start"))
        assert tell(shop, anna).outcome is Outcome.TOLD
        assert not people.may(anna, Purpose.MARKETING, ConsentChannel.SMS)


def test_who_stopped_texts_is_told_by_mail(shop: ShopCard, number: int, mailbox: int) -> None:
    anna = make_anna(shop)
    take(sms(shop, number, "ΣΤΟΠ"))
    assert tell(shop, anna).channel is Channel.EMAIL
    assert tell(shop, anna, "n2", channel=Channel.SMS).outcome is Outcome.DECLINED


def test_a_stop_among_other_words_is_a_message(shop: ShopCard, number: int) -> None:
    conversation = one(sms(shop, number, "Please stop the delivery"))
    assert (conversation.state, conversation.waiting_since is None) == ("open", False)
    assert people.stopped_at([conversation.customer_id or 0], ConsentChannel.SMS) is None


def test_a_person_may_text_who_has_stopped_only_when_she_texts_again(shop: ShopCard, number: int) -> None:
    conversation = one(sms(shop, number, "Gdzie paczka?"))
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        take(sms(shop, number, "stop"))
        with pytest.raises(TextsStopped):
            reply(conversation)
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        take(sms(shop, number, "Ale gdzie ta paczka?"))
        assert reply(conversation).channel == "sms"


def test_an_agent_answers_by_text_or_by_mail(shop: ShopCard, number: int, mailbox: int) -> None:
    make_anna(shop)
    conversation = one(mail(shop, account_id=mailbox))
    by_text = reply(conversation, channel=Channel.SMS)
    assert (by_text.channel, by_text.account_id, by_text.to[0]["value"]) == ("sms", number, ANNA)
    by_mail = reply(conversation, "r2")
    assert (by_mail.channel, by_mail.to[0]["value"]) == ("email", "anna@example.com")
    assert one(sms(shop, number, "Dziękuję")).pk == conversation.pk
    assert reply(conversation, "r3").channel == "sms"


def test_a_channel_that_does_not_lead_to_her_is_refused(shop: ShopCard, number: int, mailbox: int) -> None:
    conversation = one(mail(shop, account_id=mailbox))
    with pytest.raises(NobodyToAnswer):
        reply(conversation, channel=Channel.SMS)


def test_taking_back_a_text_gives_the_draft_with_its_channel(
    shop: ShopCard, number: int, mailbox: int
) -> None:
    make_anna(shop)
    conversation = one(mail(shop, account_id=mailbox))
    message = reply(conversation, channel=Channel.SMS)
    draft = commands.undo_reply(message.pk, shop_ids=[shop.id], by=SYSTEM)
    assert (draft.channel, draft.to[0].value) == (Channel.SMS, ANNA)
    assert reply(conversation, "again", channel=draft.channel, to=draft.to).channel == "sms"


def test_writing_first_by_text(shop: ShopCard, number: int) -> None:
    opening = Opening(shop.id, number, Party("phone", "601 234 567", "Anna"), "")
    made = commands.start(opening, draft=Draft("Dzień dobry"), key="s1", by=SYSTEM)
    message = Message.objects.get(id=made)
    assert (message.channel, message.to[0]["value"]) == ("sms", ANNA)
    assert one(sms(shop, number, "Dzień dobry")).pk == message.conversation_id


def test_the_ways_that_lead_to_her(shop: ShopCard, number: int, mailbox: int) -> None:
    card = people.card(make_anna(shop), shop_ids=[shop.id])
    assert [(way.channel, way.account_ids) for way in queries.ways(card, shop_id=shop.id)] == [
        (Channel.EMAIL, [mailbox]),
        (Channel.SMS, [number]),
    ]
    channels.set_active(number, shop_id=shop.id, active=False, by=SYSTEM)
    assert [way.channel for way in queries.ways(card, shop_id=shop.id)] == [Channel.EMAIL]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOP", (Wish.STOP, "")),
        ("stop!", (Wish.STOP, "")),
        ("Stop.", (Wish.STOP, "")),
        ("СТОП", (Wish.STOP, "ru")),
        ("Отписаться", (Wish.STOP, "ru")),
        ("ΣΤΟΠ", (Wish.STOP, "el")),
        ("στοπ", (Wish.STOP, "el")),
        ("Τέλος", (Wish.STOP, "el")),
        ("REZYGNUJĘ", (Wish.STOP, "pl")),
        ("rezygnuje", (Wish.STOP, "pl")),
        ("unsubscribe", (Wish.STOP, "en")),
        ("S T O P", (Wish.STOP, "")),
        ("START", (Wish.START, "")),
        ("СТАРТ", (Wish.START, "ru")),
        ("ΣΤΑΡΤ", (Wish.START, "el")),
        ("stop the delivery", None),
        ("nie stop", None),
        ("", None),
        ("?", None),
        ("NIE", None),
        ("no", None),
    ],
)
def test_the_words(text: str, meant: tuple[Wish, str] | None) -> None:
    assert wish(text) == meant


WARSAW = ZoneInfo("Europe/Warsaw")
MINUTES = st.integers(0, 1439)


@given(st.timedeltas(timedelta(0), timedelta(days=730)), MINUTES, MINUTES)
def test_nothing_leaves_in_the_quiet_hours(since: timedelta, start: int, end: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + since
    wishes = TextPreferences(start, end)
    at = quiet.leaves_at(now, WARSAW, wishes)
    assert now <= at <= now + timedelta(hours=26)
    assert quiet.leaves_at(at, WARSAW, wishes) == at
    local = at.astimezone(WARSAW)
    minute = local.hour * 60 + local.minute
    quiet_then = start != end and (start <= minute < end if start < end else minute >= start or minute < end)
    assert not quiet_then


def test_a_shop_chooses_its_quiet_hours(shop: ShopCard, number: int) -> None:
    shops.set_preferences(shop.id, value=TextPreferences(0, 0), by=SYSTEM)
    night = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    with clock.fixed(night):
        told = tell(shop, make_anna(shop, PHONE))
        assert delivery(shop, told.message_id).next_try_at == night


def test_what_our_own_number_sends_is_no_customer(shop: ShopCard, number: int) -> None:
    conversation = one(sms(shop, number, "echo", sender=NUMBER))
    assert conversation.customer_id is None
