"""Answering, writing first, taking back, and what a colleague or a customer did meanwhile."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.facts import DispatchFailed
from opieka.channels.types import AccountDetails, Bounce, BounceKind, DispatchState, Party, Sending
from opieka.conversations import commands, queries, reactions
from opieka.conversations.commands.answering import (
    ColleagueAnswered,
    CustomerWrote,
    EmptyDraft,
    NobodyToAnswer,
)
from opieka.conversations.facts import MessageFailed
from opieka.conversations.models import Conversation, Message
from opieka.conversations.types import Draft, MessageItem, Opening
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard
from opieka.timeline import queries as timeline
from opieka.timeline.commands import record
from tests.conversations.mails import mail, one, party, take
from tests.factories import make_shop, make_staff

pytestmark = pytest.mark.django_db


def make_account(shop: ShopCard) -> int:
    details = AccountDetails(f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY)
    return channels.open_account(shop.id, details=details, by=SYSTEM)


def answer(conversation: Conversation, by: Actor = SYSTEM, key: str = "k1", **draft: Any) -> Message:
    parts: dict[str, Any] = {"text": "Tomorrow.", "seen_message_id": conversation.last_message_id} | draft
    message_id = commands.reply(
        conversation.pk,
        draft=Draft(**parts),
        key=key,
        shop_ids=[conversation.shop_id],
        by=by,
    )
    conversation.refresh_from_db()
    return Message.objects.get(id=message_id)


def sent_item(conversation: Conversation, message: Message) -> MessageItem:
    thread = queries.thread(conversation.pk, shop_ids=[conversation.shop_id])
    return next(item for item in thread.items if isinstance(item, MessageItem) and item.id == message.pk)


def test_an_answer_goes_to_the_writer_and_makes_it_the_customers_turn() -> None:
    shop = make_shop()
    account = make_account(shop)
    ola = Actor.staff(make_staff(shop))
    first = mail(shop, account_id=account, subject="Odp: Vase", name="Anna")
    conversation = one(first)
    message = answer(conversation, ola)
    assert (conversation.state, conversation.waiting_since) == ("waiting", None)
    assert conversation.assignee_id == ola.id
    assert (message.subject, message.to) == (
        "Re: Vase",
        [{"kind": "email", "value": "anna@example.com", "name": "Anna"}],
    )
    item = sent_item(conversation, message)
    assert item.author == "Ola Nowak"
    assert item.delivery
    assert item.delivery.state is DispatchState.HELD
    assert message.external_id == item.delivery.message_id
    raw = channel_queries.deliveries([f"message:{message.pk}"], shop_id=shop.id)
    assert raw.keys() == {f"message:{message.pk}"}


def test_her_answer_to_our_answer_finds_the_conversation() -> None:
    shop = make_shop()
    first = mail(shop, account_id=make_account(shop))
    conversation = one(first)
    message = answer(conversation)
    by_id = mail(shop, references=(message.external_id,))
    by_mark = mail(shop, own_thread=f"conversation:{conversation.pk}")
    assert one(by_id, by_mark).pk == conversation.pk
    stranger = one(mail(shop, "eve@example.com", own_thread=f"conversation:{conversation.pk}"))
    assert (stranger.pk != conversation.pk, stranger.related_id) == (True, conversation.pk)
    conversation.refresh_from_db()
    assert conversation.state == "open"


def test_answers_go_where_the_customer_wants_them() -> None:
    shop = make_shop()
    account = make_account(shop)
    conversation = one(mail(shop, account_id=account, reply_to=(party("anna@work.example"),)))
    assert [side["value"] for side in answer(conversation).to] == ["anna@work.example"]
    assert [side["value"] for side in answer(conversation, key="k2", to=(party("b@x.example"),)).to] == [
        "b@x.example"
    ]


def test_the_same_key_sends_once() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    assert answer(conversation).pk == answer(conversation, text="Something else").pk
    assert Message.objects.filter(direction="out").count() == 1


def test_whoever_answers_second_is_told() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    seen = conversation.last_message_id
    first = answer(conversation)
    with pytest.raises(ColleagueAnswered) as told:
        answer(conversation, key="k2", seen_message_id=seen)
    assert told.value.data == {"message_id": first.pk}
    second = answer(conversation, key="k2", seen_message_id=seen, anyway=True)
    newest = commands.receive(mail(shop, references=(first.external_id,)), by=SYSTEM)
    with pytest.raises(CustomerWrote) as wrote:
        answer(conversation, key="k3", seen_message_id=second.pk)
    assert wrote.value.data == {"message_id": newest}


def test_what_cannot_be_sent_is_refused() -> None:
    shop = make_shop()
    account = make_account(shop)
    conversation = one(mail(shop, account_id=account))
    with pytest.raises(EmptyDraft):
        answer(conversation, text="  \n")
    nobody = one(mail(shop, "", account_id=account))
    with pytest.raises(NobodyToAnswer):
        answer(nobody)
    with pytest.raises(NotFound):
        commands.reply(conversation.pk, draft=Draft("Hi"), key="k", shop_ids=[make_shop().id], by=SYSTEM)


def test_an_answer_can_settle_the_matter() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    answer(conversation, resolve=True)
    assert conversation.state == "resolved"
    assert conversation.resolved_at


def test_an_answer_taken_back_leaves_no_trace_but_itself() -> None:
    shop = make_shop()
    ola = Actor.staff(make_staff(shop))
    conversation = one(mail(shop, account_id=make_account(shop)))
    before = Conversation.objects.filter(id=conversation.pk).values().get()
    message = answer(conversation, ola, text="Oops", resolve=True)
    draft = commands.undo_reply(message.pk, shop_ids=[shop.id], by=ola)
    assert (draft.text, draft.to) == ("Oops", (party("anna@example.com"),))
    assert Conversation.objects.filter(id=conversation.pk).values().get() == before
    assert sent_item(conversation, message).withdrawn
    assert commands.undo_reply(message.pk, shop_ids=[shop.id], by=ola) == draft
    with pytest.raises(NotFound):
        commands.undo_reply(message.pk, shop_ids=[make_shop().id], by=ola)
    assert answer(conversation, ola, key="k2", seen_message_id=draft.seen_message_id).pk > message.pk


def test_taking_back_keeps_what_was_said_since() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    message = answer(conversation)
    one(mail(shop, references=(message.external_id,), text="Wait!"))
    commands.undo_reply(message.pk, shop_ids=[shop.id], by=SYSTEM)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.preview, conversation.message_count) == ("open", "Wait!", 2)


def test_the_shop_writes_first() -> None:
    shop = make_shop()
    account = make_account(shop)
    ola = Actor.staff(make_staff(shop))
    opening = Opening(shop.id, account, Party("email", "Anna@Example.com", "Anna Nowak"), "Your vase")
    ids = {commands.start(opening, draft=Draft("It is on its way."), key="s1", by=ola) for _ in range(2)}
    message = Message.objects.select_related("conversation").get(id=ids.pop())
    assert not ids
    conversation = message.conversation
    assert (conversation.state, conversation.subject, message.subject) == (
        "waiting",
        "Your vase",
        "Your vase",
    )
    again = one(mail(shop, account_id=account, references=(message.external_id,)))
    assert (again.pk, again.state, again.customer_id) == (conversation.pk, "open", conversation.customer_id)
    with pytest.raises(NotFound):
        commands.start(replace(opening, shop_id=make_shop().id), draft=Draft("Hi"), key="s2", by=ola)


def test_a_bounce_stands_at_the_message_it_is_about() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    message = answer(conversation)
    bounce = mail(
        shop,
        "mailer-daemon@mx.example",
        automatic=True,
        bounce=Bounce(BounceKind.HARD, "5.1.1", "anna@example.com", message.external_id),
    )
    told = one(bounce)
    assert (told.pk, told.state, told.customer_id) == (conversation.pk, "waiting", conversation.customer_id)
    row = Message.objects.get(kind="bounce")
    assert (row.about_id, row.bounce) == (message.pk, "hard")
    lost = one(
        replace(bounce, external_id="other", bounce=Bounce(BounceKind.SOFT, "4.0.0", None, "unknown@x"))
    )
    assert (lost.pk != conversation.pk, lost.customer_id, lost.waiting_since) == (True, None, None)


def test_a_bounce_that_comes_with_a_mail_that_joins_its_conversation() -> None:
    shop = make_shop()
    account = make_account(shop)
    first, second = mail(shop, account_id=account), mail(shop, account_id=account)
    older, newer = take(first, second)
    message = answer(newer)
    bounce = Bounce(BounceKind.SOFT, "4.2.2", "anna@example.com", message.external_id)
    batch = [
        mail(shop, references=(first.external_id, second.external_id)),
        mail(shop, "mailer-daemon@mx.example", automatic=True, bounce=bounce),
    ]
    ids = commands.receive_many(batch, by=SYSTEM)
    assert set(Message.objects.filter(id__in=ids).values_list("conversation_id", flat=True)) == {older.pk}
    older.refresh_from_db()
    assert older.message_count == 5


def test_what_did_not_arrive_brings_the_conversation_back() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    message = answer(conversation)
    failed = DispatchFailed(dispatch_id=1, message=f"message:{message.pk}", trouble="busy")
    record(failed, shop_id=shop.id, customer_id=None, subject="dispatch:1", by=SYSTEM)
    (entry,) = timeline.of_subject("dispatch:1", shop_id=shop.id)
    reactions.bring_back_what_did_not_arrive(entry)
    conversation.refresh_from_db()
    assert conversation.state == "open"
    told = timeline.of_subject(f"conversation:{conversation.pk}", shop_id=shop.id)[-1].fact
    assert told == MessageFailed(conversation_id=conversation.pk, message_id=message.pk, delivery="failed")


@pytest.mark.django_db(transaction=True)
def test_two_agents_answer_at_once_and_one_is_told() -> None:
    shop = make_shop()
    conversation = one(mail(shop, account_id=make_account(shop)))
    together, outcomes = threading.Barrier(2), []

    def work(key: str) -> None:
        together.wait(10)
        try:
            commands.reply(
                conversation.pk,
                draft=Draft("Hi", seen_message_id=conversation.last_message_id),
                key=key,
                shop_ids=[shop.id],
                by=SYSTEM,
            )
            outcomes.append("sent")
        except ColleagueAnswered:
            outcomes.append("told")
        finally:
            connection.close()

    agents = [threading.Thread(target=work, args=(key,)) for key in ("one", "two")]
    for agent in agents:
        agent.start()
    for agent in agents:
        agent.join(20)
    assert sorted(outcomes) == ["sent", "told"]
