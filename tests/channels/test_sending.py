"""A message is fixed once, sent once, taken back in time, tried again, given up where a person sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.conf import settings
from django.urls import resolve
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from opieka.channels import commands, jobs, queries
from opieka.channels.adapters.base import ChannelError, Receipt, Refusal
from opieka.channels.adapters.memory.client import outbox
from opieka.channels.commands import CannotSend, NewFile, NoRecipient, TooLargeToSend, TooLate
from opieka.channels.facts import DispatchBounced, DispatchDelayed, DispatchFailed, MessageDispatched
from opieka.channels.models import Dispatch
from opieka.channels.policy.delivery import LEASE
from opieka.channels.types import Bounce, BounceKind, Delivery, DispatchState, Party, Sending, Trouble
from opieka.customers import commands as customers
from opieka.customers import queries as customer_queries
from opieka.customers.types import ContactKind, ContactPoint, Reach
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import Conflict, NotFound
from opieka.shops import queries as shops
from opieka.timeline import queries as timeline
from tests.channels import samples
from tests.channels.relay import Relay
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

HOLD = timedelta(seconds=8)


def state(delivery: Delivery, shop_id: int) -> Delivery:
    return queries.deliveries([delivery.message], shop_id=shop_id)[delivery.message]


def facts(shop_id: int) -> list[type]:
    return [type(entry.fact) for entry in timeline.of_subject("conversation:17", shop_id=shop_id)]


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_message_waits_to_be_taken_back_and_then_goes(noon: datetime) -> None:
    shop = make_shop()
    sent = commands.send(samples.outgoing(shop, samples.make_account(shop)), key="m1", by=SYSTEM)
    assert sent.state is DispatchState.HELD
    jobs.deliver(sent.dispatch_id)
    assert outbox == []
    clock.advance(HOLD)
    jobs.deliver(sent.dispatch_id)
    jobs.deliver(sent.dispatch_id)
    assert [letter.message_id for letter in outbox] == [sent.message_id]
    assert state(sent, shop.id).state is DispatchState.SENT
    assert facts(shop.id) == [MessageDispatched]


def test_its_job_is_there_in_the_same_transaction(noon: datetime) -> None:
    shop = make_shop()
    sent = commands.send(samples.outgoing(shop, samples.make_account(shop)), key="m1", by=SYSTEM)
    job = ProcrastinateJob.objects.get(task_name="channels.deliver", args={"dispatch_id": sent.dispatch_id})
    assert job.scheduled_at == noon + HOLD


def test_taken_back_in_time_and_too_late(noon: datetime) -> None:
    shop = make_shop()
    account = samples.make_account(shop)
    first = commands.send(samples.outgoing(shop, account), key="m1", by=SYSTEM)
    commands.cancel(first.dispatch_id, shop_id=shop.id, by=SYSTEM)
    clock.advance(HOLD)
    jobs.deliver(first.dispatch_id)
    assert outbox == []
    assert state(first, shop.id).state is DispatchState.CANCELLED
    second = commands.send(samples.outgoing(shop, account), key="m2", by=SYSTEM)
    clock.advance(HOLD)
    jobs.deliver(second.dispatch_id)
    with pytest.raises(TooLate):
        commands.cancel(second.dispatch_id, shop_id=shop.id, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.cancel(second.dispatch_id, shop_id=make_shop().id, by=SYSTEM)


def test_the_same_key_is_one_message() -> None:
    shop = make_shop()
    message = samples.outgoing(shop, samples.make_account(shop))
    first, again = (commands.send(message, key="m1", by=SYSTEM) for _ in range(2))
    assert first == again


def test_automatic_messages_are_not_held_and_say_what_they_are(noon: datetime) -> None:
    shop = make_shop()
    message = samples.outgoing(shop, samples.make_account(shop), automatic=True)
    sent = commands.send(message, key="m1", by=SYSTEM)
    assert sent.state is DispatchState.QUEUED
    jobs.deliver(sent.dispatch_id)
    assert read(outbox[0].raw)["auto-submitted"] == "auto-generated"


def test_who_cannot_send() -> None:
    shop = make_shop()
    with pytest.raises(CannotSend):
        commands.send(
            samples.outgoing(shop, samples.make_account(shop, sending=Sending.NONE)), key="a", by=SYSTEM
        )
    account = samples.make_account(shop)
    for to in ((), (Party("phone", "+48123"),), (Party("email", "a@b.c>\r\nBcc: <x@y.z"),)):
        with pytest.raises(NoRecipient):
            commands.send(samples.outgoing(shop, account, to=to), key="b", by=SYSTEM)
    with pytest.raises(NotFound):
        commands.send(samples.outgoing(make_shop(), account), key="c", by=SYSTEM)


def test_larger_than_the_mailbox_can_send(settings: Settings) -> None:
    shop = make_shop()
    settings.OPIEKA = replace(settings.OPIEKA, max_mail_bytes=1_000_000)
    account = samples.make_account(shop)
    file = commands.store_file(NewFile(bytes(800_000), "image/png", "a.png"), shop_id=shop.id)
    with pytest.raises(TooLargeToSend):
        commands.send(samples.outgoing(shop, account, files=(file,)), key="a", by=SYSTEM)


def test_files_of_another_shop_cannot_be_sent() -> None:
    shop = make_shop()
    file = commands.store_file(NewFile(b"%PDF-1.4", "application/pdf", "faktura.pdf"), shop_id=make_shop().id)
    with pytest.raises(NotFound):
        commands.send(samples.outgoing(shop, samples.make_account(shop), files=(file,)), key="a", by=SYSTEM)


def test_by_real_smtp_with_headers_that_thread(noon: datetime, smtp_relay: Relay) -> None:
    shop = make_shop()
    account = samples.make_account(
        shop, sending=Sending.SMTP, smtp=samples.smtp_server(smtp_relay.port), plus_addressing=True
    )
    file = commands.store_file(NewFile(b"%PDF-1.4", "application/pdf", "faktura żółta.pdf"), shop_id=shop.id)
    message = samples.outgoing(
        shop,
        account,
        in_reply_to="q2@example.com",
        references=("q1@example.com",),
        files=(file,),
        text=".\n..\n",
    )
    sent = commands.send(message, key="m1", by=SYSTEM)
    clock.advance(HOLD)
    jobs.deliver(sent.dispatch_id)
    got = read(smtp_relay.raw()[0])
    assert got["message-id"] == f"<{sent.message_id}>"
    assert got["in-reply-to"] == "<q2@example.com>"
    assert got["references"].split() == ["<q1@example.com>", "<q2@example.com>"]
    assert str(got["to"].addresses[0]) == "Anna Żółw <anna@example.com>"
    assert queries.own_thread([sent.message_id]) == "conversation:17"
    assert queries.own_thread([got["reply-to"].addresses[0].addr_spec]) == "conversation:17"
    assert smtp_relay.taken[0].rcpt_tos == ["anna@example.com"]
    text, html = (got.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r", "") == ".\n..\n"
    assert [part.get_filename() for part in got.iter_attachments()] == ["faktura żółta.pdf"]
    assert state(sent, shop.id).state is DispatchState.SENT


def test_an_answer_lost_after_the_content_is_repeated_recognisably(noon: datetime, smtp_relay: Relay) -> None:
    shop = make_shop()
    account = samples.make_account(shop, sending=Sending.SMTP, smtp=samples.smtp_server(smtp_relay.port))
    sent = commands.send(samples.outgoing(shop, account), key="m1", by=SYSTEM)
    clock.advance(HOLD)
    smtp_relay.hang_up_after_data = True
    jobs.deliver(sent.dispatch_id)
    waiting = state(sent, shop.id)
    assert waiting.state is DispatchState.QUEUED
    assert "twice" in waiting.error
    smtp_relay.hang_up_after_data = False
    clock.advance(timedelta(minutes=1))
    jobs.deliver(sent.dispatch_id)
    first, second = smtp_relay.raw()
    assert first == second
    assert state(sent, shop.id).state is DispatchState.SENT
    assert state(sent, shop.id).error == ""
    assert facts(shop.id) == [DispatchDelayed, MessageDispatched]


def test_a_busy_relay_is_asked_again_for_five_days(noon: datetime, smtp_relay: Relay) -> None:
    shop = make_shop()
    account = samples.make_account(shop, sending=Sending.SMTP, smtp=samples.smtp_server(smtp_relay.port))
    sent = commands.send(samples.outgoing(shop, account), key="m1", by=SYSTEM)
    clock.advance(HOLD)
    smtp_relay.data = "451 later"
    pauses = []
    while True:
        jobs.deliver(sent.dispatch_id)
        now = state(sent, shop.id)
        if now.next_try_at is None:
            break
        pauses.append(now.next_try_at - clock.now())
        clock.advance(pauses[-1])
    assert [pause.total_seconds() / 60 for pause in pauses[:6]] == [1, 5, 30, 120, 480, 480]
    assert now.state is DispatchState.FAILED
    assert sum(pauses, timedelta()) >= timedelta(days=5)
    assert facts(shop.id) == [DispatchDelayed, DispatchFailed]
    smtp_relay.data = "250 taken"
    commands.retry(sent.dispatch_id, shop_id=shop.id, by=SYSTEM)
    jobs.deliver(sent.dispatch_id)
    assert state(sent, shop.id).state is DispatchState.SENT


@pytest.mark.parametrize(
    ("answers", "data", "expected"),
    [
        ({}, "554 spam", (DispatchState.FAILED, Trouble.REFUSED_MESSAGE)),
        ({"anna@example.com": "550 unknown"}, "250 ok", (DispatchState.FAILED, Trouble.REFUSED_RECIPIENT)),
        ({"anna@example.com": "450 greylisted"}, "250 ok", (DispatchState.QUEUED, Trouble.REFUSED_RECIPIENT)),
        ({"anna@example.com": "421 go away"}, "250 ok", (DispatchState.QUEUED, Trouble.REFUSED_RECIPIENT)),
    ],
)
def test_what_a_relay_refuses(
    noon: datetime,
    smtp_relay: Relay,
    answers: dict[str, str],
    data: str,
    expected: tuple[DispatchState, Trouble],
) -> None:
    shop = make_shop()
    account = samples.make_account(shop, sending=Sending.SMTP, smtp=samples.smtp_server(smtp_relay.port))
    smtp_relay.answers, smtp_relay.data = answers, data
    sent = commands.send(samples.outgoing(shop, account, automatic=True), key="m1", by=SYSTEM)
    jobs.deliver(sent.dispatch_id)
    now = state(sent, shop.id)
    assert (now.state, now.error) == (expected[0], now.error)
    assert queries.sentence(expected[1]) in now.error


def test_one_recipient_is_served_and_the_other_later(noon: datetime, smtp_relay: Relay) -> None:
    shop = make_shop()
    account = samples.make_account(shop, sending=Sending.SMTP, smtp=samples.smtp_server(smtp_relay.port))
    cc = (Party("email", "jan@example.com"), Party("email", "nobody@example.com"))
    sent = commands.send(samples.outgoing(shop, account, cc=cc, automatic=True), key="m1", by=SYSTEM)
    smtp_relay.answers = {"jan@example.com": "450 later", "nobody@example.com": "550 unknown"}
    jobs.deliver(sent.dispatch_id)
    assert state(sent, shop.id).state is DispatchState.QUEUED
    smtp_relay.answers = {}
    clock.advance(timedelta(minutes=1))
    jobs.deliver(sent.dispatch_id)
    assert [envelope.rcpt_tos for envelope in smtp_relay.taken] == [["anna@example.com"], ["jan@example.com"]]
    assert state(sent, shop.id).state is DispatchState.SENT


def test_hosts_inside_our_network_are_not_reached(noon: datetime) -> None:
    shop = make_shop()
    account = samples.make_account(shop, sending=Sending.SMTP, smtp=samples.smtp_server(25))
    sent = commands.send(samples.outgoing(shop, account, automatic=True), key="m1", by=SYSTEM)
    jobs.deliver(sent.dispatch_id)
    assert queries.sentence(Trouble.BLOCKED_HOST) in state(sent, shop.id).error
    assert queries.account(account).send_trouble is Trouble.BLOCKED_HOST


def test_a_process_that_died_in_the_middle(noon: datetime) -> None:
    shop = make_shop()
    sent = commands.send(
        samples.outgoing(shop, samples.make_account(shop), automatic=True), key="m1", by=SYSTEM
    )
    work = commands.claim(sent.dispatch_id)
    assert work is not None
    assert commands.claim(sent.dispatch_id) is None
    jobs.sweep(0)
    assert state(sent, shop.id).state is DispatchState.SENDING
    clock.advance(LEASE)
    jobs.sweep(0)
    jobs.deliver(sent.dispatch_id)
    assert len(outbox) == 1
    # The first one was only slow: what it reports now changes nothing, in either way.
    commands.mark_failed(work, error=ChannelError(Trouble.BUSY))
    commands.mark_sent(work, receipt=Receipt())
    assert state(sent, shop.id).state is DispatchState.SENT
    assert facts(shop.id) == [MessageDispatched]


def test_a_slow_answer_counts_while_the_repeat_is_only_queued(noon: datetime) -> None:
    shop = make_shop()
    sent = commands.send(
        samples.outgoing(shop, samples.make_account(shop), automatic=True), key="m1", by=SYSTEM
    )
    work = commands.claim(sent.dispatch_id)
    assert work is not None
    clock.advance(LEASE)
    commands.release_lost(sent.dispatch_id)
    commands.mark_sent(work, receipt=Receipt())
    jobs.deliver(sent.dispatch_id)
    assert outbox == []


def test_a_lost_job_is_made_again_once(noon: datetime) -> None:
    shop = make_shop()
    sent = commands.send(
        samples.outgoing(shop, samples.make_account(shop), automatic=True), key="m1", by=SYSTEM
    )
    clock.advance(timedelta(minutes=2))
    jobs.sweep(0)
    jobs.sweep(0)
    lock = f"channels.deliver.{sent.dispatch_id}"
    assert ProcrastinateJob.objects.filter(queueing_lock=lock).count() == 1


def test_a_bounce_marks_message_and_address(noon: datetime) -> None:
    shop = make_shop()
    point = ContactPoint(ContactKind.EMAIL, "anna@example.com")
    anna = customers.recognise([point], shop_id=shop.id, by=SYSTEM)
    sent = commands.send(
        samples.outgoing(shop, samples.make_account(shop), automatic=True, customer_id=anna),
        key="m1",
        by=SYSTEM,
    )
    jobs.deliver(sent.dispatch_id)
    bounce = Bounce(BounceKind.HARD, "5.1.1", "anna@example.com", sent.message_id)
    commands.mark_bounced(sent.dispatch_id, bounce=bounce)
    commands.mark_bounced(sent.dispatch_id, bounce=bounce)
    assert state(sent, shop.id).state is DispatchState.BOUNCED
    assert facts(shop.id) == [MessageDispatched, DispatchBounced]
    assert customer_queries.card(anna, shop_ids=[shop.id]).points[0].reach is Reach.HARD
    with pytest.raises(Conflict):
        commands.retry(sent.dispatch_id, shop_id=shop.id, by=SYSTEM)


def test_a_providers_own_id_leads_to_the_thread(noon: datetime) -> None:
    shop = make_shop()
    sent = commands.send(
        samples.outgoing(shop, samples.make_account(shop), automatic=True), key="m1", by=SYSTEM
    )
    work = commands.claim(sent.dispatch_id)
    assert work is not None
    refused = {"x@y.z": Refusal(True, "", "")}
    commands.mark_sent(work, receipt=Receipt("0100@provider.example", refused))
    found = queries.threads_of(["0100@provider.example", "other@x"], shop_id=shop.id)
    assert found["0100@provider.example"] == "conversation:17"
    assert "other@x" not in found


def test_what_is_not_true_any_more_does_not_leave(noon: datetime) -> None:
    shop = make_shop()
    account = samples.make_account(shop)
    told = replace(samples.outgoing(shop, account), automatic=True, not_after=noon + timedelta(hours=1))
    in_time = commands.send(told, key="m1", by=SYSTEM)
    jobs.deliver(in_time.dispatch_id)
    late = commands.send(replace(told, message="message:98"), key="m2", by=SYSTEM)
    clock.advance(timedelta(hours=2))
    jobs.deliver(late.dispatch_id)
    assert [letter.message_id for letter in outbox] == [in_time.message_id]
    found = state(late, shop.id)
    assert (found.state, found.next_try_at) == (DispatchState.CANCELLED, None)
    assert "while it was true" in found.error


def test_what_a_shop_writes_by_itself_carries_its_look_and_a_persons_answer_does_not() -> None:
    shop = make_shop(accent="#ffcc00", name="Las & Dom")
    account = samples.make_account(shop)
    commands.set_logo(shop.id, b"\x89PNG\r\n\x1a\n" + bytes(20), by=SYSTEM)

    def html(key: str, *, automatic: bool) -> str:
        sent = commands.send(samples.outgoing(shop, account, automatic=automatic), key=key, by=SYSTEM)
        stored = Dispatch.objects.get(id=sent.dispatch_id).raw
        assert stored is not None
        body = message_from_bytes(queries.stored(stored).data, policy=default).get_body(("html",))
        assert body is not None
        return str(body.get_content())

    told = html("m1", automatic=True)
    logo = shops.shop(shop.id).logo
    assert f'src="{settings.OPIEKA.url}/my/look/{shop.slug}/{logo}/" alt="Las &amp; Dom"' in told
    assert "#ffcc00" not in told, "it could not be read on white"
    assert "<img" not in html("m2", automatic=False)
    assert resolve(f"/my/look/{shop.slug}/{logo}/").view_name == "portal:logo"
