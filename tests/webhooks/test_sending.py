"""Sending to a real HTTP server: what arrives, what is repeated, and who is spared."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook

from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.timeline.models import Touchpoint
from opieka.webhooks import commands, jobs, policy, queries
from opieka.webhooks.jobs import Sender
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import AttemptTrouble, DeliveryState, DisabledBecause, Outcome, Target, Work
from tests.webhooks.conftest import World, send
from tests.webhooks.receiver import receiving

pytestmark = pytest.mark.django_db


def test_a_fact_arrives_signed(world: World) -> None:
    (touchpoint,) = world.happen(42)
    send()
    (taken,) = world.receiver.taken
    verified = Webhook(world.secret).verify(taken.body, taken.headers)
    assert verified["type"] == "Happened"
    assert verified["data"]["fact"] == {"number": 42}
    assert verified["data"]["touchpoint_id"] == touchpoint
    assert taken.headers["content-type"] == "application/json"
    row = world.one()
    assert (row.state, row.attempts, row.status, row.next_try_at) == (DeliveryState.DELIVERED, 1, 204, None)
    assert taken.id == row.message_id
    card = queries.delivery(row.pk, shop_ids=[world.shop.id])
    assert queries.body(card, shop_ids=[world.shop.id]) == taken.body
    assert [(one.number, one.status, one.trouble) for one in card.log] == [(1, 204, None)]


def test_a_failure_is_repeated_by_the_table_under_the_same_id_until_patience_ends(
    world: World, noon: object
) -> None:
    world.receiver.answer(500, b"no room")
    world.happen(1)
    waits = []
    for _ in range(20):
        send()
        row = world.one()
        if row.next_try_at is None:
            break
        waits.append(row.next_try_at - clock.now())
        clock.advance(waits[-1])
    assert [
        round(one / least, 6) for one, least in zip(waits, policy.DELAYS[1:], strict=True)
    ] == pytest.approx([1.1] * 9, abs=0.1)
    assert (row.state, row.attempts, row.status, row.trouble) == (
        DeliveryState.GAVE_UP,
        10,
        500,
        AttemptTrouble.ANSWER,
    )
    assert {one.id for one in world.receiver.taken} == {row.message_id}
    log = queries.delivery(row.pk, shop_ids=[world.shop.id]).log
    assert [one.number for one in log] == list(range(1, 11))
    assert log[0].excerpt == "no room"
    world.receiver.answer(200)
    commands.replay(row.pk, shop_id=world.shop.id, by=SYSTEM)
    send()
    again = world.one()
    assert (again.state, again.attempts) == (DeliveryState.DELIVERED, 11)
    assert world.receiver.taken[-1].id == row.message_id


def test_retry_after_gives_the_whole_endpoint_rest(world: World, noon: object) -> None:
    world.receiver.answer(429, retry_after="600")
    world.happen(1)
    send()
    world.happen(2)
    send()
    assert len(world.receiver.taken) == 1
    clock.advance(timedelta(seconds=599))
    send()
    assert len(world.receiver.taken) == 1
    world.receiver.answer(200)
    clock.advance(timedelta(seconds=1))
    send()
    assert {row.state for row in Delivery.objects.all()} == {DeliveryState.DELIVERED}
    assert Endpoint.objects.get(id=world.endpoint).resting_until is None


def test_gone_disables_the_endpoint(world: World) -> None:
    world.receiver.answer(410)
    world.happen(1)
    send()
    card = queries.endpoint(world.endpoint, shop_ids=[world.shop.id])
    assert (card.active, card.disabled_because) == (False, DisabledBecause.GONE)
    assert world.one().state == DeliveryState.GAVE_UP
    world.happen(2)
    assert Delivery.objects.count() == 1


def test_after_failing_for_days_an_endpoint_is_disabled(world: World, noon: object) -> None:
    world.receiver.answer(500)
    world.happen(1)
    send()
    clock.advance(timedelta(days=2))
    assert [one.id for one in queries.troubled(clock.now())] == [world.endpoint]
    send()
    assert queries.endpoint(world.endpoint, shop_ids=[world.shop.id]).active
    clock.advance(timedelta(days=3))
    send()
    card = queries.endpoint(world.endpoint, shop_ids=[world.shop.id])
    assert (card.active, card.disabled_because) == (False, DisabledBecause.FAILING)
    assert [one.id for one in queries.troubled(clock.now())] == [world.endpoint]


def test_one_success_ends_a_time_of_failures(world: World, noon: object) -> None:
    world.receiver.answer(500)
    world.happen(1)
    send()
    assert Endpoint.objects.get().failing_since == noon
    world.receiver.answer(200)
    world.happen(2)
    send()
    assert Endpoint.objects.get().failing_since is None


def test_redirects_are_not_followed(world: World) -> None:
    with receiving() as elsewhere:
        world.receiver.answer(307, location=elsewhere.url)
        world.happen(1)
        send()
        assert elsewhere.taken == []
    assert world.one().trouble == AttemptTrouble.REDIRECT


def test_inner_addresses_are_not_reached(world: World, settings: Settings) -> None:
    from dataclasses import replace

    settings.OPIEKA = replace(settings.OPIEKA, internal_hosts=frozenset())
    Endpoint.objects.update(url=world.receiver.url.replace("http:", "https:"))
    world.happen(1)
    send()
    assert world.receiver.taken == []
    assert world.one().trouble == AttemptTrouble.BLOCKED


def test_nobody_there_is_a_failure_like_any_other(world: World) -> None:
    with receiving() as gone:
        url = gone.url
    target = Target(url)
    commands.change_endpoint(world.endpoint, shop_id=world.shop.id, target=target, by=SYSTEM)
    world.happen(1)
    send()
    row = world.one()
    assert (row.state, row.status, row.trouble) == (DeliveryState.FAILED, 0, AttemptTrouble.UNREACHABLE)
    assert "ConnectError" in row.log[0]["excerpt"]


def test_an_endless_answer_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_BYTES", 1000)
    world.receiver.answer(200, b"x" * 5000)
    world.happen(1)
    send()
    assert world.one().trouble == AttemptTrouble.TOO_LARGE


def test_who_does_not_answer_in_time_has_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "TIMEOUT", 0.2)
    world.receiver.hold.clear()
    world.happen(1)
    send()
    world.receiver.hold.set()
    assert world.one().trouble == AttemptTrouble.TOO_SLOW


@pytest.mark.parametrize("answer", [b"\0\xff\xfe nul", "Γειά".encode(), b"a" * 5000])
def test_any_answer_can_be_kept(world: World, answer: bytes) -> None:
    world.receiver.answer(400, answer)
    world.happen(1)
    send()
    (attempt,) = queries.delivery(world.one().pk, shop_ids=[world.shop.id]).log
    assert len(attempt.excerpt) <= policy.EXCERPT
    assert "\0" not in attempt.excerpt


def test_what_cannot_be_made_or_signed_any_more_is_a_visible_failure(world: World) -> None:
    ids = world.happen(1, 2)
    Touchpoint.objects.filter(id=ids[0]).delete()
    send()
    failed, fine = Delivery.objects.order_by("id")
    assert (failed.trouble, fine.state) == (AttemptTrouble.UNREADABLE, DeliveryState.DELIVERED)
    Endpoint.objects.update(secret="stored under another key")
    world.happen(3)
    send()
    assert Delivery.objects.latest("id").trouble == AttemptTrouble.UNREADABLE
    assert len(world.receiver.taken) == 1


def test_a_test_is_sent_once_and_is_no_fact(world: World) -> None:
    world.receiver.answer(500)
    commands.send_test(world.endpoint, shop_id=world.shop.id, by=SYSTEM)
    send()
    (taken,) = world.receiver.taken
    assert Webhook(world.secret).verify(taken.body, taken.headers)["type"] == "WebhookTest"
    assert world.one().state == DeliveryState.GAVE_UP
    assert json.loads(
        queries.body(queries.delivery(world.one().pk, shop_ids=[world.shop.id]), shop_ids=[])
    ) == (json.loads(taken.body))


def test_a_slow_endpoint_gets_eight_at_once_and_holds_no_other(world: World) -> None:
    with receiving() as quick:
        other = world.add(quick.url)
        world.receiver.hold.clear()
        world.happen(*range(20))
        sender = Sender()
        while Delivery.objects.filter(endpoint_id=other, state=DeliveryState.DELIVERED).count() < 20:
            sender.step()
        assert world.receiver.most == policy.AT_ONCE
        assert len(world.receiver.taken) == policy.AT_ONCE
        world.receiver.hold.set()
        while sender.step():
            pass
        sender.close()
    assert {row.state for row in Delivery.objects.all()} == {DeliveryState.DELIVERED}
    assert world.receiver.most == policy.AT_ONCE


def test_a_failing_endpoint_gets_one_at_a_time_and_comes_last(world: World) -> None:
    healthy = world.add()
    Endpoint.objects.filter(id=world.endpoint).update(failing_since=clock.now())
    world.happen(*range(5))
    assert [work.endpoint_id for work in commands.claim(4)] == [healthy] * 4
    assert {work.endpoint_id for work in commands.claim(10)} == {healthy, world.endpoint}
    assert commands.claim(10) == []


def test_a_killed_sender_is_replaced_under_the_same_message_id(world: World, noon: object) -> None:
    """Whoever claimed it never came back: did the receiver get it? It does again, and can tell by the id."""
    world.happen(1)
    (dead,) = commands.claim(10)
    clock.advance(policy.LEASE - timedelta(seconds=1))
    assert commands.claim(10) == []
    clock.advance(timedelta(seconds=2))
    send()
    (taken,) = world.receiver.taken
    assert taken.id == dead.message_id
    row = world.one()
    assert (row.state, row.attempts) == (DeliveryState.DELIVERED, 2)
    assert [one["trouble"] for one in row.log] == [AttemptTrouble.LOST, None]


def test_a_delivery_that_kills_its_senders_is_given_up(world: World, noon: object) -> None:
    world.happen(1)
    for _ in policy.DELAYS:
        assert len(commands.claim(10)) == 1
        clock.advance(policy.LEASE)
    assert commands.claim(10) == []
    assert (world.one().state, world.one().trouble) == (DeliveryState.GAVE_UP, AttemptTrouble.LOST)


def test_an_outcome_that_comes_too_late_changes_nothing(world: World, noon: object) -> None:
    world.receiver.answer(500)
    world.happen(1)
    (slow,) = commands.claim(10)
    late = jobs.post(Sender()._client, slow)
    clock.advance(policy.LEASE)
    world.receiver.answer(200)
    send()
    commands.note([(slow, late)])
    assert world.one().state == DeliveryState.DELIVERED


def test_requests_are_made_without_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[bool] = []
    post = jobs.post

    def watched(client: httpx.Client, work: Work) -> Outcome:
        outcome = post(client, work)
        used.append(connection.connection is not None)  # of this thread
        return outcome

    monkeypatch.setattr(jobs, "post", watched)
    world.happen(1)
    send()
    assert used == [False]


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_make_the_same_attempt(world: World) -> None:
    world.happen(*range(120))

    def work() -> None:
        sender = Sender()
        while sender.step() or Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists():
            pass
        sender.close()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.receiver.taken) == 120
    assert len({one.id for one in world.receiver.taken}) == 120
    assert world.receiver.most <= policy.AT_ONCE
