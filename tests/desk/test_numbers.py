"""Texts at the desk: numbers in the settings, writing first, answering by text or by mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from opieka.channels import commands as channels
from opieka.channels import jobs as channel_jobs
from opieka.channels import queries as channel_queries
from opieka.channels.models import Dispatch
from opieka.channels.types import Channel, Reported, Sending, TextDetails, Trouble
from opieka.conversations import commands as conversations
from opieka.conversations.models import Message
from opieka.conversations.types import Notice, TextPreferences
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops
from opieka.shops.types import Role
from tests.desk.conftest import World

ANNA = "+48601234567"
KANNEL = {
    "option_gateway_send_url": "http://kannel.example/cgi-bin/sendsms",
    "option_gateway_parameters": "to={to}&text={text}",
}


@pytest.fixture
def owner(world: World) -> Client:
    return world.client(Role.OWNER)


@pytest.fixture
def home(world: World) -> str:
    return f"/settings/{world.shop.slug}/numbers/"


def make_number(world: World) -> int:
    details = TextDetails("+48500100200", "Las", sending=Sending.MEMORY)
    return channels.open_number(world.shop.id, details=details, by=SYSTEM)


def test_a_number_is_added_changed_and_put_to_rest(owner: Client, world: World, home: str) -> None:
    given = {"address": "500 100 200", "name": "Las", "sending": "provider", "provider": "gateway"}
    answer = owner.post(f"{home}new/", given | KANNEL, follow=True)
    (account,) = channel_queries.accounts([world.shop.id], Channel.SMS)
    page = answer.content.decode()
    assert account.address == "+48500100200"
    assert channel_queries.hook_url(account.token) in page
    # Nobody listens at that address: the page says so.
    assert account.send_trouble is Trouble.UNREACHABLE
    assert channel_queries.sentence(Trouble.UNREACHABLE) in page
    changed = given | {"name": "Sklep", "option_gateway_send_url": KANNEL["option_gateway_send_url"]}
    assert owner.post(f"{home}{account.id}/", changed).status_code == 302
    details = channel_queries.text_details(account.id)
    assert (details.name, details.options["parameters"]) == ("Sklep", "to={to}&text={text}")
    owner.post(f"{home}{account.id}/rest/", {"active": "0"})
    assert "Rests" in owner.get(home).content.decode()


def test_keys_are_never_shown(owner: Client, world: World, home: str) -> None:
    keys = {"option_smsapi_token": "very-secret", "option_smsapi_username": "las"}
    given = {"address": "LasIDom", "name": "Las", "sending": "provider", "provider": "smsapi"}
    details = TextDetails("LasIDom", "Las", Sending.PROVIDER, "smsapi", {"token": "very-secret"})
    account = channels.open_number(world.shop.id, details=details, by=SYSTEM)
    page = owner.get(f"{home}{account}/").content.decode()
    assert "very-secret" not in page
    # Nobody can answer to a name, so there is no address to be called at.
    assert "/inbound/sms/" not in page
    refused = owner.post(f"{home}new/", given | keys)
    assert (refused.status_code, "already" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "wrong", [{"address": "Las i Dom Sp. z o.o."}, {"provider": "gateway"}, {"provider": ""}]
)
def test_what_cannot_be_is_said(owner: Client, home: str, wrong: dict[str, str]) -> None:
    given = {"address": "500100200", "name": "Las", "sending": "provider", "provider": "twilio"}
    answer = owner.post(f"{home}new/", given | wrong)
    assert (answer.status_code, "cannot be right" in answer.content.decode()) == (422, True)


def test_quiet_hours_are_the_shop_s(owner: Client, world: World, home: str) -> None:
    assert owner.post(home, {"quiet_from": "22:30", "quiet_until": "07:15"}).status_code == 302
    assert shops.preferences(world.shop.id, TextPreferences) == TextPreferences(22 * 60 + 30, 7 * 60 + 15)
    assert "22:30" in owner.get(home).content.decode()


def test_an_agent_writes_first_by_text(world: World) -> None:
    number = make_number(world)
    client = world.client()
    form = {
        "account": number,
        "to": "601 234 567",
        "name": "Anna",
        "language": "pl",
        "text": "Dzień dobry",
        "key": "k",
    }
    assert client.post("/inbox/new/", form).status_code == 302
    message = Message.objects.get(shop_id=world.shop.id, text="Dzień dobry")
    assert (message.channel, message.to[0]["value"]) == ("sms", ANNA)
    by_mail = form | {"account": world.account, "key": "k2"}
    assert client.post("/inbox/new/", by_mail).status_code == 422


def test_the_composer_offers_both_ways(world: World) -> None:
    make_number(world)
    client = world.client()
    path = f"/conversations/{world.conversation}/"
    assert 'value="sms"' not in client.get(path).content.decode()
    point = ContactPoint(ContactKind.PHONE, ANNA)
    customers.add_contact_point(world.customer, point=point, shop_id=world.shop.id, by=SYSTEM)
    page = client.get(path).content.decode()
    assert re.search(r'<option value="sms" data-limit="10">[^<]*601[^<]*</option>', page)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    form = {"mode": "reply", "text": "W czwartek", "channel": "sms", "key": "k3", "seen": seen[1], "then": ""}
    assert client.post(f"{path}send/", form).status_code in {200, 302}
    assert Message.objects.get(text="W czwartek").channel == "sms"


def test_the_thread_says_how_far_a_text_has_come(world: World) -> None:
    number = make_number(world)
    point = ContactPoint(ContactKind.PHONE, ANNA)
    anna = customers.recognise([point], shop_id=world.shop.id, by=SYSTEM)
    night = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    with clock.fixed(night):
        told = conversations.tell(Notice(world.shop.id, anna, "Paczka", "Jutro."), key="n", by=SYSTEM)
        row = Dispatch.objects.get(message=f"message:{told.message_id}", account_id=number)
        client, path = world.client(), f"/conversations/{told.conversation_id}/"
        assert "Leaves" in client.get(path).content.decode()
    with clock.fixed(night + timedelta(hours=12)):
        channel_jobs.deliver(row.pk)
        channels.mark_reported(row.pk, reported=Reported.UNKNOWN, word="moonstruck")
        page = client.get(path).content.decode()
    assert "is not understood" in page
    assert "moonstruck" in page
