"""Endpoints and deliveries in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.errors import UniqueViolation

from opieka.kernel import clock, facts, secrets
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.timeline import queries as timeline
from opieka.timeline import reacting
from opieka.timeline.commands import record
from opieka.webhooks import commands, policy, queries, reactions
from opieka.webhooks.commands import deliveries
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import DeliveryState, DisabledBecause, Step, Target
from tests.factories import make_shop
from tests.timeline.facts import Happened, HappenedToo
from tests.webhooks.conftest import World, tell
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_secret_is_told_once_and_kept_encrypted(world: World) -> None:
    row = Endpoint.objects.get(id=world.endpoint)
    assert len(policy.key_of(world.secret)) == 32
    assert world.secret not in row.secret
    assert secrets.decrypt(row.secret) == world.secret


def test_a_rotated_secret_is_good_for_a_day_more(world: World, noon: object) -> None:
    new = commands.rotate_secret(world.endpoint, shop_id=world.shop.id, by=SYSTEM)
    world.happen(1)
    (work,) = commands.claim(10)
    assert work.secrets == (new, world.secret)
    clock.advance(timedelta(hours=24))
    (work,) = commands.claim(10)
    assert work.secrets == (new,)


@pytest.mark.parametrize("url", ["http://erp.example.com/", "https://a:b@erp.example.com/", "erp"])
def test_an_address_that_cannot_be_right_is_refused(world: World, url: str) -> None:
    with pytest.raises(commands.AddressRefused):
        world.add(url)


def test_a_fact_that_is_none_is_refused_unless_it_was_one(world: World) -> None:
    with pytest.raises(commands.UnknownFact, match="Nothing"):
        world.add(kinds=("Happened", "Nothing"))
    Endpoint.objects.filter(id=world.endpoint).update(kinds=["Former"])
    target = Target(world.receiver.url, kinds=("Happened", "Former"))
    commands.change_endpoint(world.endpoint, shop_id=world.shop.id, target=target, by=SYSTEM)
    assert queries.endpoint(world.endpoint, shop_ids=[world.shop.id]).kinds == ("Former", "Happened")


def test_a_shop_has_fifty_at_most(world: World) -> None:
    for _ in range(49):
        world.add()
    with pytest.raises(commands.TooManyEndpoints):
        world.add()
    world.add(shop=make_shop())


def test_each_endpoint_gets_the_facts_it_wants_of_its_shop(world: World) -> None:
    other = make_shop()
    theirs = world.add(shop=other)
    choosy = world.add(kinds=("HappenedToo",))
    asleep = world.add()
    commands.set_active(asleep, shop_id=world.shop.id, active=False, by=SYSTEM)
    ids = world.happen(1, 2)
    with transaction.atomic():
        third = record(HappenedToo(), shop_id=world.shop.id, customer_id=None, subject="thing:3", by=SYSTEM)
    tell([third], world.shop.id)
    world.happen(4, shop=other)
    found = Delivery.objects.order_by("id").values_list("endpoint_id", "touchpoint_id")
    of = {endpoint: [t for e, t in found if e == endpoint] for endpoint in (world.endpoint, choosy, asleep)}
    assert of == {world.endpoint: [*ids, third], choosy: [third], asleep: []}
    assert [t for e, t in found if e == theirs and t in {*ids, third}] == []
    assert len(set(Delivery.objects.values_list("message_id", flat=True))) == len(found)


def test_the_reaction_hears_of_every_fact_there_is() -> None:
    (reaction,) = [one for one in reacting.reactions() if one.name == "webhooks.tell_programs"]
    assert reaction.kinds is None
    assert reaction.together is not None
    assert policy.TEST not in facts.registered()


def test_no_endpoint_gets_a_touchpoint_twice(world: World) -> None:
    (one,) = world.happen(1)
    with pytest.raises(UniqueViolation), transaction.atomic():
        tell([one], world.shop.id)


def test_a_batch_costs_the_same_number_of_statements_however_large(world: World) -> None:
    counts = set()
    for size in (1, 200):
        with transaction.atomic():
            ids = [
                record(Happened(number=n), shop_id=world.shop.id, customer_id=1, subject="a:1", by=SYSTEM)
                for n in range(size)
            ]
        entries = list(timeline.touchpoints(ids, shop_ids=[world.shop.id]).values())
        with CaptureQueriesContext(connection) as asked:
            reactions.tell_programs(entries)
        counts.add(len(asked))
    assert len(counts) == 1


def test_what_waits_at_a_disabled_endpoint_goes_on_when_it_is_enabled(world: World) -> None:
    world.happen(1)
    commands.set_active(world.endpoint, shop_id=world.shop.id, active=False, by=SYSTEM)
    world.happen(2)
    assert commands.claim(10) == []
    card = queries.endpoint(world.endpoint, shop_ids=[world.shop.id])
    assert (card.active, card.disabled_because, card.waiting) == (False, DisabledBecause.ASKED, 1)
    with pytest.raises(commands.NoLonger):
        commands.send_test(world.endpoint, shop_id=world.shop.id, by=SYSTEM)
    commands.set_active(world.endpoint, shop_id=world.shop.id, active=True, by=SYSTEM)
    assert len(commands.claim(10)) == 1


def test_other_shops_endpoints_are_not_there(world: World, receiver: Receiver) -> None:
    other = make_shop().id
    world.happen(1)
    target = Target(receiver.url)
    delivery = world.one().pk
    for act in (
        lambda: commands.change_endpoint(world.endpoint, shop_id=other, target=target, by=SYSTEM),
        lambda: commands.set_active(world.endpoint, shop_id=other, active=False, by=SYSTEM),
        lambda: commands.rotate_secret(world.endpoint, shop_id=other, by=SYSTEM),
        lambda: commands.remove_endpoint(world.endpoint, shop_id=other, by=SYSTEM),
        lambda: commands.send_test(world.endpoint, shop_id=other, by=SYSTEM),
        lambda: commands.replay(delivery, shop_id=other, by=SYSTEM),
        lambda: commands.replay_failed(world.endpoint, shop_id=other, since=clock.now(), by=SYSTEM),
        lambda: queries.endpoint(world.endpoint, shop_ids=[other]),
        lambda: queries.delivery(delivery, shop_ids=[other]),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.endpoints([other]) == []
    assert queries.deliveries(world.endpoint, shop_ids=[other]) == []


def test_an_endpoint_is_removed_with_its_log(world: World) -> None:
    world.happen(1, 2)
    commands.remove_endpoint(world.endpoint, shop_id=world.shop.id, by=SYSTEM)
    assert not Delivery.objects.exists()
    assert not Endpoint.objects.exists()


def test_the_log_is_paged_and_narrowed(world: World) -> None:
    world.happen(*range(5))
    ids = list(Delivery.objects.order_by("-id").values_list("id", flat=True))
    Delivery.objects.filter(id=ids[2]).update(state=DeliveryState.FAILED)
    shown = queries.deliveries(world.endpoint, shop_ids=[world.shop.id], limit=2)
    assert [one.id for one in shown] == ids[:2]
    older = queries.deliveries(world.endpoint, shop_ids=[world.shop.id], before_id=ids[1])
    assert [one.id for one in older] == ids[2:]
    failed = queries.deliveries(world.endpoint, shop_ids=[world.shop.id], states=[DeliveryState.FAILED])
    assert [one.id for one in failed] == [ids[2]]


def test_what_is_older_than_thirty_days_is_forgotten(
    world: World, noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "_FORGOTTEN_AT_ONCE", 2)
    world.happen(*range(5))
    clock.advance(timedelta(days=30, seconds=1))
    world.happen(6)
    assert commands.forget(by=SYSTEM) == 5
    assert Delivery.objects.count() == 1


def test_replay_begins_the_table_anew_under_the_same_message_id(world: World) -> None:
    world.happen(1)
    row = world.one()
    with pytest.raises(commands.OnItsWay):
        commands.replay(row.pk, shop_id=world.shop.id, by=SYSTEM)
    for state in (state for state, step in policy.STEPS if step is Step.REPLAY):
        Delivery.objects.update(state=state, attempts=10, next_try_at=None)
        commands.replay(row.pk, shop_id=world.shop.id, by=SYSTEM)
        again = world.one()
        assert (again.state, again.attempts, again.replayed_after) == (DeliveryState.PENDING, 10, 10)
        assert again.message_id == row.message_id


def test_all_that_failed_since_a_moment_is_replayed(world: World, noon: object) -> None:
    world.happen(1)
    Delivery.objects.update(state=DeliveryState.GAVE_UP, next_try_at=None)
    clock.advance(timedelta(hours=1))
    since = clock.now()
    world.happen(2, 3, 4)
    new = Delivery.objects.filter(created_at__gte=since).order_by("id")
    ids = list(new.values_list("id", flat=True))
    for one, state in zip(
        ids, (DeliveryState.GAVE_UP, DeliveryState.FAILED, DeliveryState.DELIVERED), strict=True
    ):
        Delivery.objects.filter(id=one).update(state=state, next_try_at=None, attempts=3)
    replayed = commands.replay_failed(world.endpoint, shop_id=world.shop.id, since=since, by=SYSTEM)
    assert replayed == 2
    assert [work.delivery_id for work in commands.claim(10)] == ids[:2]
