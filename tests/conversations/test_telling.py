"""What the shop tells by itself: once, where it belongs, by a way that leads to her, never to a program."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.types import AccountDetails, Channel, DispatchState, Sending
from opieka.conversations import commands, queries
from opieka.conversations.commands.answering import EmptyDraft
from opieka.conversations.facts import MessageSent
from opieka.conversations.models import Conversation, Message
from opieka.conversations.policy import telling
from opieka.conversations.types import Draft, MessageKind, Notice, Outcome, Told, Way
from opieka.customers import commands as customers
from opieka.customers.types import (
    Consent,
    ConsentChannel,
    ConsentSource,
    ContactKind,
    ContactPoint,
    Purpose,
    Reach,
)
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard
from opieka.timeline import queries as timeline
from tests.conversations.mails import mail, one, take
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

EMAIL = ContactPoint(ContactKind.EMAIL, "anna@example.com")


@pytest.fixture
def shop() -> ShopCard:
    shop = make_shop()
    details = AccountDetails(f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY)
    channels.open_account(shop.id, details=details, by=SYSTEM)
    return shop


def make_anna(shop: ShopCard, *points: ContactPoint) -> int:
    return customers.recognise(
        list(points or [EMAIL]), shop_id=shop.id, name="Anna Nowak", language="pl", by=SYSTEM
    )


def tell(shop: ShopCard, customer_id: int, *, key: str = "late:1", **parts: Any) -> Told:
    notice = Notice(shop.id, customer_id, "Paczka w drodze", "Paczka przyjdzie w czwartek.", **parts)
    return commands.tell(notice, key=key, by=SYSTEM)


def message_of(told: Told) -> Message:
    assert told.message_id
    return Message.objects.select_related("conversation").get(id=told.message_id)


def test_a_notice_goes_to_her_in_a_conversation_that_asks_nobody_to_act(shop: ShopCard) -> None:
    told = tell(shop, make_anna(shop))
    assert (told.outcome, told.channel) == (Outcome.TOLD, Channel.EMAIL)
    message = message_of(told)
    assert (message.kind, message.text) == (MessageKind.AUTOMATIC, "Paczka przyjdzie w czwartek.")
    assert message.to == [{"kind": "email", "value": "anna@example.com", "name": "Anna Nowak"}]
    conversation = message.conversation
    assert (conversation.state, conversation.subject, conversation.language) == (
        "resolved",
        "Paczka w drodze",
        "pl",
    )
    delivery = channel_queries.deliveries([f"message:{message.pk}"], shop_id=shop.id)
    assert delivery[f"message:{message.pk}"].state is DispatchState.QUEUED  # nobody takes it back
    subject = f"conversation:{conversation.pk}"
    (sent,) = timeline.of_subjects([subject], shop_id=shop.id, kinds=["MessageSent"])
    assert sent.fact == MessageSent(
        conversation_id=conversation.pk, message_id=message.pk, channel="email", message_kind="automatic"
    )


def test_the_same_key_tells_once(shop: ShopCard) -> None:
    anna = make_anna(shop)
    assert tell(shop, anna) == tell(shop, anna)
    assert Message.objects.filter(shop_id=shop.id).count() == 1


def test_her_answer_opens_it(shop: ShopCard) -> None:
    told = tell(shop, make_anna(shop))
    reply = mail(
        shop, references=(message_of(told).external_id,), own_thread=f"conversation:{told.conversation_id}"
    )
    conversation = one(reply)
    assert (conversation.pk, conversation.state) == (told.conversation_id, "open")
    assert conversation.waiting_since is not None


def test_what_is_told_of_one_thing_stands_together(shop: ShopCard) -> None:
    anna = make_anna(shop)
    first = tell(shop, anna, about="order:17")
    other = tell(shop, anna, key="late:2", about="order:18")
    again = tell(shop, anna, key="late:3", about="order:17")
    assert first.conversation_id == again.conversation_id != other.conversation_id


def test_what_was_resolved_long_ago_is_not_taken_up_again(shop: ShopCard) -> None:
    anna = make_anna(shop)
    first = tell(shop, anna, about="order:17")
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert tell(shop, anna, key="late:2", about="order:17").conversation_id != first.conversation_id


def test_a_notice_joins_what_is_going_on_and_leaves_it_as_it_is(shop: ShopCard) -> None:
    account = channel_queries.accounts([shop.id])[0]
    conversation = one(mail(shop, account_id=account.id))
    assert conversation.customer_id
    told = tell(shop, conversation.customer_id, about="order:17")
    assert told.conversation_id == conversation.pk
    after = Conversation.objects.get(id=conversation.pk)
    assert (after.state, after.waiting_since, after.preview, after.last_message_at) == (
        "open",
        conversation.waiting_since,
        conversation.preview,
        conversation.last_message_at,
    )
    assert after.message_count == conversation.message_count + 1
    # A colleague who answers is not told that "somebody" has answered meanwhile.
    draft = Draft("Tomorrow.", seen_message_id=conversation.last_message_id)
    commands.reply(conversation.pk, draft=draft, key="k", shop_ids=[shop.id], by=SYSTEM)


def test_spam_is_not_taken_up(shop: ShopCard) -> None:
    anna = make_anna(shop)
    first = tell(shop, anna, about="order:17")
    assert first.conversation_id
    one(
        mail(
            shop,
            own_thread=f"conversation:{first.conversation_id}",
            references=(message_of(first).external_id,),
        )
    )
    commands.mark_spam(first.conversation_id, shop_ids=[shop.id], by=SYSTEM)
    assert tell(shop, anna, key="late:2", about="order:17").conversation_id != first.conversation_id


def test_an_answer_goes_where_she_wrote_and_never_to_a_program(shop: ShopCard) -> None:
    asked, robot = mail(shop, sender="a.nowak@example.org"), mail(shop, automatic=True)
    conversation, noise = take(asked, robot)
    assert conversation.customer_id
    customers.add_contact_point(
        conversation.customer_id,
        point=ContactPoint(ContactKind.EMAIL, "a@example.org"),
        shop_id=shop.id,
        by=SYSTEM,
    )
    told = tell(shop, conversation.customer_id, answers=conversation.last_message_id)
    assert told.conversation_id == conversation.pk
    assert message_of(told).to[0]["value"] == "a.nowak@example.org"
    assert noise.customer_id
    assert tell(shop, noise.customer_id, key="k2", answers=noise.last_message_id) == Told(Outcome.LOOP)


def test_two_programs_do_not_talk_for_ever(shop: ShopCard) -> None:
    conversation = one(mail(shop))
    assert conversation.customer_id
    outcomes = [
        tell(shop, conversation.customer_id, key=f"k{n}", answers=conversation.last_message_id).outcome
        for n in range(telling.MOST_ANSWERS + 1)
    ]
    assert outcomes == [Outcome.TOLD] * telling.MOST_ANSWERS + [Outcome.LOOP]
    with clock.fixed(clock.now() + telling.WINDOW):
        later = tell(shop, conversation.customer_id, key="later", answers=conversation.last_message_id)
    assert later.outcome is Outcome.TOLD


def test_who_cannot_be_reached_is_not_told(shop: ShopCard) -> None:
    by_phone = make_anna(shop, ContactPoint(ContactKind.PHONE, "+48 601 234 567"))
    assert tell(shop, by_phone) == Told(Outcome.UNREACHABLE)
    anna = make_anna(shop)
    assert tell(shop, anna, channel=Channel.SMS) == Told(Outcome.UNREACHABLE)
    customers.mark_reach(EMAIL, reach=Reach.HARD, shop_id=shop.id, by=SYSTEM)
    assert tell(shop, anna) == Told(Outcome.UNREACHABLE)
    assert not Conversation.objects.filter(shop_id=shop.id).exists()


def test_what_needs_her_yes_waits_for_it(shop: ShopCard) -> None:
    anna = make_anna(shop)
    assert tell(shop, anna, purpose=Purpose.MARKETING) == Told(Outcome.DECLINED)
    said = Consent(Purpose.MARKETING, ConsentChannel.EMAIL, given=True, source=ConsentSource.FORM)
    customers.record_consent(anna, consent=said, shop_id=shop.id, by=SYSTEM)
    assert tell(shop, anna, purpose=Purpose.MARKETING).outcome is Outcome.TOLD


def test_what_cannot_be_told_at_all(shop: ShopCard) -> None:
    anna = make_anna(shop)
    with pytest.raises(EmptyDraft):
        commands.tell(Notice(shop.id, anna, "", " "), key="k", by=SYSTEM)
    with pytest.raises(NotFound):
        tell(make_shop(), anna)
    with pytest.raises(NotFound):
        tell(shop, anna, answers=0)


def test_a_notice_stands_in_the_thread(shop: ShopCard) -> None:
    told = tell(shop, make_anna(shop))
    assert told.conversation_id
    thread = queries.thread(told.conversation_id, shop_ids=[shop.id])
    assert [item.id for item in thread.items] == [told.message_id]


MAIL = Way(Channel.EMAIL, [3, 4], ["a@example.com", "b@example.com"])
TEXT = Way(Channel.SMS, [5], ["+48601234567"])


@pytest.mark.parametrize(
    ("ways", "wanted", "last", "taken"),
    [
        ([], None, None, None),
        ([MAIL, TEXT], None, None, MAIL),
        ([MAIL, TEXT], None, Channel.SMS, TEXT),
        ([MAIL, TEXT], Channel.SMS, Channel.EMAIL, TEXT),
        ([MAIL], Channel.SMS, Channel.EMAIL, None),
        ([TEXT], None, Channel.EMAIL, TEXT),
    ],
)
def test_the_best_way(
    ways: list[Way], wanted: Channel | None, last: Channel | None, taken: Way | None
) -> None:
    assert telling.best(ways, wanted=wanted, last=last) == taken


def test_account_and_address_are_the_usual_ones_if_they_work() -> None:
    assert [telling.account(MAIL, usual=usual) for usual in (4, 9)] == [4, 3]
    assert telling.address(MAIL, wrote_from={"b@example.com"}) == "b@example.com"
    assert (
        telling.address(replace(MAIL, addresses=["a@example.com"]), wrote_from={"b@example.com"})
        == "a@example.com"
    )
