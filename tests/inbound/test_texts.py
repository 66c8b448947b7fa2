"""Texts by webhook: believed when they are signed, stored first, made messages once, reports only forward."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from httpx import QueryParams
from twilio.request_validator import RequestValidator

from opieka.channels import commands as channels
from opieka.channels import jobs as channel_jobs
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.base import ChannelError, Receipt
from opieka.channels.adapters.sms.base import Call
from opieka.channels.models import Dispatch
from opieka.channels.types import (
    AccountCard,
    Delivery,
    DispatchState,
    Reported,
    Sending,
    TextDetails,
    Trouble,
)
from opieka.conversations import commands as conversations
from opieka.conversations.models import Conversation, Message
from opieka.conversations.types import Notice
from opieka.customers import commands as customers
from opieka.customers.models import Contact
from opieka.customers.types import ContactKind, ContactPoint
from opieka.inbound import commands
from opieka.inbound.models import Payload
from opieka.inbound.types import PART_PATIENCE, NewPayload, Source, State
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.timeline.models import Touchpoint
from tests.channels import gateways
from tests.channels.gateways import OPTIONS, answering, network
from tests.factories import make_shop
from tests.inbound.mails import read_all
from tests.inbound.test_killed import READ, eventually, process

pytestmark = pytest.mark.django_db

ANNA = "+48601234567"
PROVIDERS = ["twilio", "smsapi", "gateway"]


def number(provider: str, **options: str) -> AccountCard:
    shop = make_shop()
    details = TextDetails(
        "+48500100200", shop.name, Sending.PROVIDER, provider, {**OPTIONS[provider], **options}
    )
    return channel_queries.account(channels.open_number(shop.id, details=details, by=SYSTEM))


def here(account: AccountCard, call: Call) -> Call:
    """A recorded call as the provider makes it to this number."""
    url = call.url.replace(gateways.HOOK, channel_queries.hook_url(account.token))
    made = replace(call, url=url)
    if account.provider == "twilio":
        made = replace(made, headers={**made.headers, "x-twilio-signature": signature(made)})
    return made


def signature(call: Call) -> str:
    return str(RequestValidator(OPTIONS["twilio"]["auth_token"]).compute_signature(call.url, dict(call.form)))


def make(call: Call) -> Any:
    path = call.url.removeprefix(settings.OPIEKA.url)
    headers = {name: value for name, value in call.headers.items() if name != "content-type"}
    if call.method == "GET":
        return Client().get(path, headers=headers)
    return Client().post(path, call.body, content_type=call.headers["content-type"], headers=headers)


def kannel(account: AccountCard, text: str, **fields: str) -> Call:
    told = {"from": ANNA, "to": "48500100200", "text": text} | fields
    return Call("GET", f"{channel_queries.hook_url(account.token)}?{QueryParams(told)}")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_text_becomes_a_message_once(provider: str) -> None:
    account = number(provider)
    call = here(account, gateways.RECEIVED[provider])
    for _ in range(2):
        answer = make(call)
        assert answer.status_code == 200
    content_type, body = channel_queries.gateway(account.id).reply
    assert (answer.content.decode(), answer["Content-Type"].split(";")[0]) == (body, content_type)
    read_all()
    message = Message.objects.get(shop_id=account.shop_id)
    assert (message.text, message.sender_value, message.channel) == ("Proszę w piątek", ANNA, "sms")
    assert Contact.objects.get(customer_id=message.customer_id or 0).value == ANNA
    assert Payload.objects.get(shop_id=account.shop_id).state == State.DONE


def test_a_forged_call_is_not_kept() -> None:
    account = number("twilio")
    call = here(account, gateways.RECEIVED["twilio"])
    assert make(replace(call, headers={**call.headers, "x-twilio-signature": "forged"})).status_code == 403
    assert make(replace(call, body=call.body + b"&Body=another")).status_code == 403
    assert make(replace(call, url=call.url.replace(account.token, "0" * 32))).status_code == 404
    assert make(replace(call, body=b"\xff\xfe=%ff")).status_code == 403
    assert not Payload.objects.exists()
    assert make(call).status_code == 200


def test_a_number_at_rest_takes_nothing() -> None:
    account = number("gateway")
    channels.set_active(account.id, shop_id=account.shop_id, active=False, by=SYSTEM)
    assert make(kannel(account, "Halo", id="1")).status_code == 404


def test_the_same_words_twice_are_two_messages() -> None:
    account = number("gateway")
    for call in (
        kannel(account, "ok", id="1"),
        kannel(account, "ok", id="2"),
        kannel(account, "ok"),
        kannel(account, "ok"),
    ):
        make(call)
    read_all()
    assert Message.objects.filter(shop_id=account.shop_id).count() == 4


def test_a_machine_s_text_asks_nobody_to_act() -> None:
    account = number("gateway")
    make(kannel(account, "Twoja faktura", id="1", **{"from": "PLAY"}))
    read_all()
    message = Message.objects.get(shop_id=account.shop_id)
    assert (message.kind, message.customer_id, message.sender_value) == ("automatic", None, "PLAY")


def test_what_cannot_be_read_becomes_visible() -> None:
    account = number("gateway")
    call = Call("POST", channel_queries.hook_url(account.token), b"nothing=here", gateways.FORM)
    assert make(call).status_code == 200
    make(kannel(account, "Halo", id="1"))
    read_all()
    kinds = Message.objects.filter(shop_id=account.shop_id).values_list("kind", flat=True)
    assert sorted(kinds) == ["person", "unreadable"]
    assert Payload.objects.filter(shop_id=account.shop_id, state=State.FAILED).count() == 1


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_the_parts_of_a_longer_text_are_joined_in_their_order(order: tuple[int, ...]) -> None:
    account = number("gateway")
    for part in order:
        make(kannel(account, f"part {part}. ", id=f"p{part}", udh=f"0500037F03{part:02X}"))
        read_all()
    message = Message.objects.get(shop_id=account.shop_id)
    assert message.text == "part 1. part 2. part 3. "
    assert set(Payload.objects.values_list("state", flat=True)) == {State.DONE}


def test_what_is_missing_is_not_waited_for_for_ever() -> None:
    account = number("gateway")
    for part in (1, 3):
        make(kannel(account, f"part {part}.", id=f"p{part}", udh=f"0500037F03{part:02X}"))
    read_all()
    assert not Message.objects.exists()
    with clock.fixed(clock.now() + PART_PATIENCE):
        commands.retry_due()
        read_all()
    assert Message.objects.get(shop_id=account.shop_id).text == "part 1. […] part 3."
    assert set(Payload.objects.values_list("state", flat=True)) == {State.DONE}


def tell(account: AccountCard) -> Dispatch:
    point = ContactPoint(ContactKind.PHONE, ANNA)
    anna = customers.recognise([point], shop_id=account.shop_id, by=SYSTEM)
    notice = Notice(account.shop_id, anna, "", "Kod 4711 do paczkomatu", urgent=True)
    told = conversations.tell(notice, key="n1", by=SYSTEM)
    return Dispatch.objects.get(message=f"message:{told.message_id}")


def state(row: Dispatch) -> Delivery:
    return channel_queries.deliveries([row.message], shop_id=row.shop_id)[row.message]


def deliver(row: Dispatch, provider: str) -> None:
    with network(answering(gateways.TAKEN[provider])):
        channel_jobs.deliver(row.pk)
    row.refresh_from_db()


def report(account: AccountCard, row: Dispatch, word: str) -> None:
    provider = account.provider
    call = gateways.reported_as(provider, word)
    ours = row.provider_id or row.message_id
    made = replace(
        call,
        url=call.url.replace(gateways.REPORTED_ID[provider], ours),
        body=call.body.replace(gateways.REPORTED_ID[provider].encode(), ours.encode()),
    )
    assert make(here(account, made)).status_code == 200
    read_all()


ARRIVED = {"twilio": "delivered", "smsapi": "404", "gateway": "1"}
LOST = {"twilio": "undelivered", "smsapi": "405", "gateway": "2"}
ON_ITS_WAY = {"twilio": "sent", "smsapi": "403", "gateway": "8"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_reports_only_go_forward(provider: str) -> None:
    account = number(provider)
    row = tell(account)
    deliver(row, provider)
    assert state(row).state is DispatchState.SENT
    for word in (ON_ITS_WAY, ARRIVED, ON_ITS_WAY, LOST):
        report(account, row, word[provider])
    assert (state(row).state, state(row).reported) == (DispatchState.SENT, Reported.DELIVERED)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_did_not_arrive_says_so(provider: str) -> None:
    account = number(provider)
    row = tell(account)
    deliver(row, provider)
    for word in (LOST, ARRIVED, ON_ITS_WAY):
        report(account, row, word[provider])
    assert (state(row).state, state(row).reported) == (DispatchState.BOUNCED, Reported.NOTHING)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_word_nobody_knows_is_shown(provider: str) -> None:
    account = number(provider)
    row = tell(account)
    deliver(row, provider)
    report(account, row, "moonstruck")
    assert state(row).reported is Reported.UNKNOWN
    assert "moonstruck" in state(row).error.lower()
    report(account, row, ARRIVED[provider])
    assert (state(row).reported, state(row).error) == (Reported.DELIVERED, "")


def test_what_a_gateway_may_have_taken_is_not_sent_again_by_itself() -> None:
    account = number("gateway")
    row = tell(account)
    work = channels.claim(row.pk)
    assert work
    channels.mark_failed(work, error=ChannelError(Trouble.IN_DOUBT, "cut", in_doubt=True))
    row.refresh_from_db()
    assert (row.state, row.trouble, row.next_try_at) == (DispatchState.FAILED, Trouble.UNSURE, None)
    report(account, row, "1")
    assert (state(row).state, state(row).reported, state(row).error) == (
        DispatchState.SENT,
        Reported.DELIVERED,
        "",
    )


def test_what_died_on_its_way_to_a_gateway_is_not_sent_again_by_itself() -> None:
    account = number("gateway")
    row = tell(account)
    assert channels.claim(row.pk)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        channels.release_lost(row.pk)
        assert channels.claim(row.pk) is None
    assert state(row).state is DispatchState.FAILED


def test_twilio_is_asked_before_it_is_sent_again() -> None:
    account = number("twilio")
    row = tell(account)
    work = channels.claim(row.pk)
    assert work
    assert work.letter.in_doubt_since is None
    channels.mark_failed(work, error=ChannelError(Trouble.IN_DOUBT, "cut", in_doubt=True))
    with clock.fixed(clock.now() + timedelta(hours=1)):
        again = channels.claim(row.pk)
    assert again
    assert again.letter.in_doubt_since == Dispatch.objects.get(id=row.pk).first_try_at
    channels.mark_sent(again, receipt=Receipt("SM1"))
    assert state(row).state is DispatchState.SENT


def test_no_text_in_logs_facts_or_jobs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = number("twilio")
    deliver(tell(account), "twilio")
    make(here(account, gateways.RECEIVED["twilio"]))
    read_all()
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(string_agg(args::text, ' '), '') from procrastinate_jobs")
        (jobs,) = cursor.fetchone()
    facts = " ".join(str(row) for row in Touchpoint.objects.values_list("data", "subject"))
    ours = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("django.db"))
    for where in (ours, facts, jobs):
        for word in ("4711", "piątek", "pi%C4%85tek", "601234567"):
            assert word not in where


@pytest.mark.django_db(transaction=True)
def test_a_storm_with_the_reader_killed_in_the_middle() -> None:
    account = number("gateway")
    calls = [
        kannel(account, "STOP" if n % 10 == 0 else f"Tekst {n}", id=str(n), **{"from": f"+4860100{n:04d}"})
        for n in range(100)
    ]
    commands.accept_many(
        [
            NewPayload(
                account.shop_id,
                Source.TEXTS,
                account.id,
                call.query.encode(),
                "text/plain",
                str(n),
                {"method": "GET", "url": call.url.partition("?")[0], "content_type": ""},
            )
            for n, call in enumerate(calls)
        ]
    )
    done = Payload.objects.filter(state=State.DONE)
    with process(READ):
        eventually(lambda: done.count() > 0)
    read_all()
    assert done.count() == 100
    assert Message.objects.filter(direction="in").count() == 100
    assert Conversation.objects.count() == 100
    # Each STOP was heard once: one confirmation each.
    assert Message.objects.filter(direction="out").count() == 10
    assert Dispatch.objects.count() == 10
