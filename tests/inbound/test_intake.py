"""Stored first, read once, in any order, whatever one of them does to the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from opieka.channels import commands as channels
from opieka.channels import jobs as channel_jobs
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.memory.client import outbox
from opieka.channels.models import Dispatch
from opieka.channels.types import DispatchState
from opieka.conversations import commands as conversations
from opieka.conversations.models import Attachment, Message
from opieka.inbound import commands, jobs, queries
from opieka.inbound.models import Payload
from opieka.inbound.types import HOPELESS, NewPayload, Source, State
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard
from tests.channels import samples
from tests.factories import make_shop
from tests.inbound.mails import mail, read_all, subjects

pytestmark = pytest.mark.django_db


def payload(shop: ShopCard, account: int, raw: bytes, **headers: Any) -> NewPayload:
    return NewPayload(shop.id, Source.MAIL, account, raw, headers=headers)


@pytest.fixture
def feed() -> Callable[..., tuple[ShopCard, int]]:
    """Feed mails to a new mailbox, one by one, and read them."""

    def fed(*raws: bytes) -> tuple[ShopCard, int]:
        shop = make_shop()
        account = samples.make_account(shop)
        for raw in raws:
            commands.accept(payload(shop, account, raw))
        read_all()
        return shop, account

    return fed


Feed = Callable[..., tuple[ShopCard, int]]


def test_mails_become_messages(feed: Feed) -> None:
    shop, _ = feed(mail(1), mail(2))
    assert subjects(shop.id) == ["Paczka 1", "Paczka 2"]
    assert set(Payload.objects.values_list("state", flat=True)) == {State.DONE}


def test_fed_twice_and_in_any_order_it_is_the_same(feed: Feed) -> None:
    thread = [
        mail(1),
        mail(2, extra="In-Reply-To: <m1@example.com>\n"),
        mail(3, extra="References: <m1@example.com> <m2@example.com>\n"),
        mail(4, sender="jan@example.com"),
        mail(5).replace(b"Message-ID: <m5@example.com>\r\n", b""),
        mail(5).replace(b"Message-ID: <m5@example.com>\r\n", b"Received: from elsewhere\r\n"),
    ]
    for seed in range(4):
        order = thread * 2
        Random(seed).shuffle(order)
        shop, _ = feed(*order)
        rows = Message.objects.filter(shop_id=shop.id)
        groups: dict[int, set[str]] = {}
        for row in rows:
            groups.setdefault(row.conversation_id, set()).add(row.subject)
        assert rows.count() == 5
        expected = [{"Paczka 1", "Paczka 2", "Paczka 3"}, {"Paczka 4"}, {"Paczka 5"}]
        assert sorted(map(sorted, groups.values())) == sorted(map(sorted, expected))


def test_a_broken_one_never_stops_the_next(feed: Feed) -> None:
    """Neither bytes that are no mail, nor one over which the program falls."""
    receive = conversations.receive_many

    def falls(batch: Any, **options: Any) -> Any:
        if any("Paczka 2" in each.subject for each in batch):
            raise RuntimeError("bug")
        return receive(batch, **options)

    with patch.object(conversations, "receive_many", falls):
        shop, _ = feed(mail(1), mail(2), b"\x00\xff\xfe no mail at all", b"", mail(3))
    kinds = dict(Message.objects.filter(shop_id=shop.id).values_list("subject", "kind"))
    assert kinds["Paczka 1"] == kinds["Paczka 3"] == "person"
    assert Message.objects.filter(shop_id=shop.id).count() == 5
    unreadable = Message.objects.get(shop_id=shop.id, kind="unreadable")
    failed = queries.failures([shop.id]).get()
    assert failed.error == "RuntimeError"
    assert unreadable.raw_sha256 == failed.raw_sha256
    assert channel_queries.file(failed.raw_sha256, shop_ids=[shop.id]).data == mail(2)


def test_a_failed_one_is_tried_again_later_and_by_hand(feed: Feed) -> None:
    with patch.object(conversations, "receive_many", side_effect=RuntimeError):
        shop, _ = feed(mail(1))
    failed = queries.failures([shop.id]).get()
    with pytest.raises(NotFound):
        commands.retry(failed.pk, shop_ids=[make_shop().id], by=SYSTEM)
    jobs.sweep(0)
    assert read_all() == 0
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        jobs.sweep(0)
        assert read_all() == 1
    assert "Paczka 1" in subjects(shop.id)
    assert not queries.failures([shop.id]).exists()


def test_one_that_kills_its_process_is_tried_alone_and_then_shown(feed: Feed) -> None:
    """What a process did before it died is what is left of it: the attempt that was begun."""
    shop = make_shop()
    account = samples.make_account(shop)
    commands.accept_many([payload(shop, account, mail(number)) for number in (1, 2)])
    poison = Payload.objects.order_by("id")[0]
    Payload.objects.filter(id=poison.pk).update(attempts=HOPELESS)
    with transaction.atomic():
        assert poison.pk not in queries.next_waiting(1)
    assert read_all() == 2
    kinds = dict(Message.objects.filter(shop_id=shop.id).values_list("kind", "subject"))
    assert set(kinds) == {"person", "unreadable"}
    assert kinds["person"] == "Paczka 2"


def test_reading_is_woken_once_and_after_the_commit(
    feed: Feed, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    shop = make_shop()
    account = samples.make_account(shop)
    for number in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            commands.accept(payload(shop, account, mail(number)))
    assert ProcrastinateJob.objects.filter(task_name="inbound.drain", status="todo").count() == 1
    jobs.drain()
    assert len(subjects(shop.id)) == 3


def test_attachments_are_stored_for_the_shop(feed: Feed) -> None:
    raw = (
        b"From: a@example.com\r\nTo: b@c.example\r\nMessage-ID: <x@y>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n'
        b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-1.4\r\n--b--\r\n"
    )
    shop, _ = feed(raw)
    file = Attachment.objects.get(shop_id=shop.id)
    assert (file.filename, file.content_type) == ("a.pdf", "application/pdf")
    assert channel_queries.file(file.sha256, shop_ids=[shop.id]).data == b"%PDF-1.4"


def sent(shop: ShopCard, account: int) -> tuple[int, str, bytes]:
    """A message of ours that has gone out: dispatch, Message-ID, bytes."""
    made = channels.send(samples.outgoing(shop, account, automatic=True), key="k", by=SYSTEM)
    channel_jobs.deliver(made.dispatch_id)
    return made.dispatch_id, made.message_id, outbox[-1].raw


def test_a_bounce_marks_what_came_back() -> None:
    shop = make_shop()
    account = samples.make_account(shop)
    dispatch, message_id, _ = sent(shop, account)
    report = f"""From: MAILER-DAEMON@relay.example
To: sklep@las.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn@relay.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; anna@example.com
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

From: sklep@las.example
To: anna@example.com
Message-ID: <{message_id}>

text
--b--
""".replace("\n", "\r\n").encode()
    commands.accept(payload(shop, account, report, mail_from=""))
    read_all()
    assert Dispatch.objects.get(id=dispatch).state == DispatchState.BOUNCED
    assert Message.objects.get(shop_id=shop.id).kind == "bounce"


def test_a_copy_of_what_we_sent_is_not_a_message_from_anybody() -> None:
    shop = make_shop()
    account, other = samples.make_account(shop), samples.make_account(shop)
    _, _, raw = sent(shop, account)
    commands.accept(payload(shop, account, raw))
    read_all()
    assert subjects(shop.id) == []
    assert Payload.objects.get().state == State.DONE
    commands.accept(payload(shop, other, raw))
    read_all()
    assert Message.objects.get(shop_id=shop.id).kind == "automatic"
