"""Webhooks: only genuine calls are kept, and what is kept is read later."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from opieka.channels import commands as channels
from opieka.channels import jobs as channel_jobs
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.memory.client import outbox
from opieka.channels.models import Dispatch
from opieka.channels.types import AccountCard, DispatchState, Receiving
from opieka.conversations.models import Message
from opieka.inbound import commands, jobs, queries
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source, State
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as order_commands
from opieka.orders.connectors import CONNECTORS
from tests.channels import samples
from tests.factories import make_shop
from tests.inbound.mails import mail, read_all, subjects

pytestmark = pytest.mark.django_db


def mailbox(provider: str, **options: str) -> AccountCard:
    shop = make_shop()
    account = samples.make_account(shop, receiving=Receiving.WEBHOOK, provider=provider, options=options)
    return channel_queries.account(account)


def post(
    account: AccountCard, data: Any, *, events: bool = False, secret: str | None = None, **headers: str
) -> int:
    """Call as the provider does; with the mailbox's password unless another is given."""
    secret = secret or channel_queries.account_details(account.id).options.get("webhook_secret", "")
    words = base64.b64encode(secret.encode()).decode()
    path = f"/inbound/mail/{account.token}/{account.provider}/{'events/' if events else ''}"
    body: dict[str, Any] = {"data": data}
    if not isinstance(data, dict) or events or "RawEmail" in data or "FromFull" in data:
        body = {"data": json.dumps(data), "content_type": "application/json"}
    answer = Client().post(path, **body, headers={"Authorization": f"Basic {words}"} | headers)
    status: int = answer.status_code
    return status


POSTMARK = {"FromFull": {"Email": "anna@example.com"}, "MessageID": "u", "RawEmail": mail(1).decode()}


def test_a_mail_by_postmark() -> None:
    account = mailbox("postmark", server_token="t")
    assert [post(account, POSTMARK) for _ in range(2)] == [200, 200]
    assert Payload.objects.get().state == State.FETCHING
    jobs.fetch()
    read_all()
    assert subjects(account.shop_id) == ["Paczka 1"]
    assert set(Payload.objects.values_list("state", flat=True)) == {State.DONE}


def test_a_mail_by_postmark_without_its_source() -> None:
    account = mailbox("postmark", server_token="t")
    parsed = {
        "FromFull": {"Email": "anna@example.com", "Name": "Anna"},
        "ToFull": [{"Email": "sklep@las.example"}],
        "Subject": "Żółta paczka",
        "TextBody": "Gdzie?",
        "Headers": [{"Name": "Message-ID", "Value": "<p@example.com>"}],
        "Attachments": [{"Name": "a.pdf", "ContentType": "application/pdf", "Content": "JVBERi0="}],
    }
    assert post(account, parsed) == 200
    jobs.fetch()
    read_all()
    assert subjects(account.shop_id) == ["Żółta paczka"]


def test_a_mail_by_mailgun_is_signed() -> None:
    account = mailbox("mailgun", webhook_signing_key="key", api_key="k", sender_domain="las.example")
    good = hmac.new(b"key", b"1700000000tok", hashlib.sha256).hexdigest()
    form = {
        "timestamp": "1700000000",
        "token": "tok",
        "body-mime": mail(1).decode(),
        "recipient": "sklep@las.example",
    }
    assert post(account, form | {"signature": "0" * 64}) == 403
    assert Payload.objects.count() == 0
    assert post(account, form | {"signature": good}) == 200
    jobs.fetch()
    read_all()
    assert subjects(account.shop_id) == ["Paczka 1"]


def test_who_is_not_let_in() -> None:
    account = mailbox("postmark", server_token="t")
    assert post(account, POSTMARK, secret="opieka:wrong") == 403
    other = mailbox("sendgrid", api_key="k")
    assert Client().post(f"/inbound/mail/{account.token}/sendgrid/").status_code == 403
    assert Client().post(f"/inbound/mail/{other.token}/nobody/").status_code == 403
    assert Client().post("/inbound/mail/unknown/postmark/").status_code == 404
    assert Client().get(f"/inbound/mail/{account.token}/postmark/").status_code == 405
    assert Client().head(f"/inbound/mail/{account.token}/postmark/").status_code == 200
    assert Payload.objects.count() == 0


def test_what_a_provider_says_and_we_cannot_read_is_seen() -> None:
    account = mailbox("postmark", server_token="t")
    assert post(account, {"RawEmail": 5, "FromFull": 3}) == 200
    jobs.fetch()
    assert queries.failures([account.shop_id]).count() == 1


def test_the_provider_tells_of_a_bounce() -> None:
    account = mailbox("postmark", server_token="t")
    shop_id = account.shop_id
    made = channels.send(
        samples.outgoing(make_shop(), account.id, shop_id=shop_id, automatic=True), key="k", by=SYSTEM
    )
    channel_jobs.deliver(made.dispatch_id)
    assert len(outbox) == 1
    event = {
        "RecordType": "Bounce", "Type": "HardBounce", "Email": "anna@example.com", "MessageID": "uuid",
        "Metadata": {"message_id": made.message_id}, "BouncedAt": "2026-11-23T12:00:00Z",
    }  # fmt: skip
    delivered = {"RecordType": "Delivery", "MessageID": "uuid", "Recipient": "anna@example.com"}
    assert post(account, delivered, events=True) == 200
    jobs.fetch()
    assert Dispatch.objects.get().state == DispatchState.SENT
    assert post(account, event, events=True) == 200
    jobs.fetch()
    assert Dispatch.objects.get().state == DispatchState.BOUNCED


def test_the_provider_tells_what_became_of_a_message_in_any_order() -> None:
    account = mailbox("postmark", server_token="t")
    outgoing = samples.outgoing(make_shop(), account.id, shop_id=account.shop_id, automatic=True)
    made = channels.send(outgoing, key="k", by=SYSTEM)
    channel_jobs.deliver(made.dispatch_id)
    told = {"MessageID": "uuid", "Recipient": "anna@example.com", "Metadata": {"message_id": made.message_id}}
    events = (("Open", "opened"), ("Delivery", "opened"), ("Open", "opened"), ("SpamComplaint", "complained"))
    for kind, known in (("Delivery", "delivered"), *events, ("Open", "complained")):
        assert post(account, {"RecordType": kind, **told}, events=True) == 200
        jobs.fetch()
        row = Dispatch.objects.get()
        assert (row.reported, row.state) == (known, DispatchState.SENT)


def test_an_orders_webhook() -> None:
    shop = make_shop()
    keys = dict.fromkeys(CONNECTORS["shopify"].capabilities.credentials, "k") | {"webhook_secret": "s"}
    connection = order_commands.connect(shop.id, connector="shopify", credentials=keys, by=SYSTEM)
    body = json.dumps({"id": 1}).encode()
    signature = base64.b64encode(hmac.new(b"s", body, hashlib.sha256).digest()).decode()
    headers = {
        "X-Shopify-Hmac-Sha256": signature, "X-Shopify-Topic": "orders/create", "X-Shopify-Webhook-Id": "w1",
    }  # fmt: skip
    address = f"/inbound/orders/{connection}/"

    def call(address: str, **changes: str) -> int:
        answer = Client().post(address, body, "application/json", headers=headers | changes)
        return int(answer.status_code)

    assert call(address, **{"X-Shopify-Hmac-Sha256": "x"}) == 401
    assert call("/inbound/orders/999999/") == 404
    assert [call(address) for _ in range(2)] == [200, 200]
    with patch.object(order_commands, "receive") as receive:
        assert read_all() == 1
    receive.assert_called_once_with(connection, topic="orders/create", raw=body, by=SYSTEM)


def test_a_webhook_over_which_the_orders_fall_stops_nothing() -> None:
    shop = make_shop()
    account = samples.make_account(shop)
    commands.accept(NewPayload(shop.id, Source.ORDERS, 1, b"{}", "application/json", headers={"topic": "t"}))
    commands.accept(NewPayload(shop.id, Source.MAIL, account, mail(1)))
    with patch.object(order_commands, "receive", side_effect=RuntimeError):
        read_all()
    assert Message.objects.filter(shop_id=shop.id).count() == 1
    assert queries.failures([shop.id]).get().source == Source.ORDERS
