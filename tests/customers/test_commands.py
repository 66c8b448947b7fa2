"""Recognising, merging and parting people."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from opieka.customers import commands, queries
from opieka.customers.models import Contact, Customer
from opieka.customers.types import ConsentChannel, ContactKind, ContactPoint, Purpose, Reach, Sighting
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard
from opieka.timeline import queries as timeline
from tests.customers.consents import say
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


def email(value: str) -> ContactPoint:
    return ContactPoint(ContactKind.EMAIL, value)


def phone(value: str) -> ContactPoint:
    return ContactPoint(ContactKind.PHONE, value)


def meet(shop: ShopCard, *points: ContactPoint, name: str = "") -> int:
    return commands.recognise(points, shop_id=shop.id, name=name, by=SYSTEM)


def test_a_person_is_recognised_by_any_of_her_contact_points() -> None:
    shop = make_shop()
    anna = meet(shop, email("Anna@Example.com"), phone("512 345 678"), name="Anna Nowak")
    assert meet(shop, phone("+48512345678")) == anna
    assert meet(shop, ContactPoint(ContactKind.WHATSAPP, "48512345678")) == anna
    assert meet(shop, email("anna@example.com")) == anna
    card = queries.card(anna, shop_ids=[shop.id])
    assert [point.display for point in card.points] == ["anna@example.com", "+48 512 345 678", "48512345678"]
    assert card.name == "Anna Nowak"


def test_a_name_learned_later_is_kept_and_never_overwritten() -> None:
    shop = make_shop()
    anna = meet(shop, email("anna@example.com"))
    assert queries.card(anna, shop_ids=[shop.id]).title == "anna@example.com"
    meet(shop, email("anna@example.com"), name="Anna Nowak")
    meet(shop, email("anna@example.com"), name="A. N.")
    assert queries.card(anna, shop_ids=[shop.id]).name == "Anna Nowak"


def test_shops_of_one_operator_share_customers_and_others_never_see_them() -> None:
    shop = make_shop()
    sister = make_shop(group_id=shop.group_id)
    stranger = make_shop()
    anna = meet(shop, email("anna@example.com"))
    assert meet(sister, email("anna@example.com")) == anna
    assert meet(stranger, email("anna@example.com")) != anna
    with pytest.raises(NotFound):
        queries.card(anna, shop_ids=[stranger.id])
    assert queries.find("anna", shop_ids=[stranger.id])[0].id != anna
    with pytest.raises(NotFound):
        commands.change(anna, name="Mine", shop_id=stranger.id, by=SYSTEM)


def test_nobody_is_met_without_a_usable_contact_point() -> None:
    shop = make_shop()
    with pytest.raises(commands.Unreachable) as error:
        meet(shop, phone("call me"))
    assert "call me" in str(error.value)
    sightings = [Sighting([phone("call me")]), Sighting([email("a@example.com")])]
    nobody, somebody = commands.recognise_many(sightings, shop_id=shop.id, by=SYSTEM)
    assert nobody is None
    assert somebody


def test_two_people_in_one_order_are_suspected_not_merged() -> None:
    shop = make_shop()
    anna = meet(shop, email("anna@example.com"))
    jan = meet(shop, phone("512345678"))
    assert meet(shop, email("anna@example.com"), phone("512345678")) == anna
    assert meet(shop, phone("512345678")) == jan
    assert [card.id for card in queries.suspected(anna, shop_ids=[shop.id])] == [jan]
    commands.dismiss_suspicion(jan, other_id=anna, shop_id=shop.id, by=SYSTEM)
    assert queries.suspected(anna, shop_ids=[shop.id]) == []


def test_many_sightings_of_one_person_in_one_batch_are_one_customer() -> None:
    shop = make_shop()
    sightings = [
        Sighting([email("a@example.com")]),
        Sighting([email("A@example.com"), phone("512345678")], name="Anna"),
        Sighting([phone("+48 512 345 678")]),
    ]
    ids = commands.recognise_many(sightings, shop_id=shop.id, by=SYSTEM)
    assert len(set(ids)) == 1
    assert Customer.objects.filter(group_id=shop.group_id).count() == 1
    assert len(timeline.of_customers([ids[0] or 0], shop_ids=[shop.id])) == 1


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    shop = make_shop()
    for size in (1, 300):
        sightings = [Sighting([email(f"{size}-{number}@example.com")]) for number in range(size)]
        with django_assert_max_num_queries(14):
            commands.recognise_many(sightings, shop_id=shop.id, by=SYSTEM)


def test_people_are_found_by_beginnings_of_names_addresses_and_numbers() -> None:
    shop = make_shop()
    anna = meet(shop, email("zielona@example.com"), phone("512 345 678"), name="Żaneta Łęcka")
    for text in (
        "Żan",
        "łęcka żaneta",
        "zielona@exam",
        "+48 512 345",
        "48512345678",
        "512 345 678",
        "0512-345",
        "zaneta",
    ):
        assert [card.id for card in queries.find(text, shop_ids=[shop.id])] == [anna], text
    for nothing in ("", "'; drop table", "Bożena", "&|!:*"):
        assert queries.find(nothing, shop_ids=[shop.id]) == []


def test_a_bounced_address_is_marked_and_mended() -> None:
    shop = make_shop()
    anna = meet(shop, email("anna@example.com"))
    for reach in (Reach.SOFT, Reach.HARD, Reach.HARD, Reach.OK):
        commands.mark_reach(email("ANNA@example.com"), reach=reach, shop_id=shop.id, by=SYSTEM)
        assert queries.card(anna, shop_ids=[shop.id]).points[0].reach is reach
    kinds = [entry.fact.kind for entry in timeline.of_customers([anna], shop_ids=[shop.id])]
    assert kinds == ["ContactPointFailed", "ContactPointFailed", "CustomerMet"]
    commands.mark_reach(email("nobody@example.com"), reach=Reach.HARD, shop_id=shop.id, by=SYSTEM)


def test_a_contact_point_of_somebody_else_is_refused() -> None:
    shop = make_shop()
    anna = meet(shop, email("anna@example.com"))
    meet(shop, phone("512345678"))
    with pytest.raises(commands.ContactPointTaken):
        commands.add_contact_point(anna, point=phone("512345678"), shop_id=shop.id, by=SYSTEM)
    commands.add_contact_point(anna, point=phone("600100200"), shop_id=shop.id, by=SYSTEM)
    commands.add_contact_point(anna, point=phone("600100200"), shop_id=shop.id, by=SYSTEM)
    assert len(queries.card(anna, shop_ids=[shop.id]).points) == 2


def picture(shop: ShopCard) -> list[object]:
    """All that merging could change."""
    people = Customer.objects.filter(group_id=shop.group_id).order_by("id")
    contacts = Contact.objects.filter(group_id=shop.group_id).order_by("id")
    cards = queries.cards([person.pk for person in people], shop_ids=[shop.id])
    allowed = {person.pk: queries.consents(queries.lineage(person.pk)) for person in people}
    return [list(people.values()), list(contacts.values()), cards, allowed]


def test_a_merge_joins_and_an_undo_parts() -> None:
    shop = make_shop()
    anna = meet(shop, email("anna@example.com"), name="Anna")
    caller = meet(shop, phone("512345678"))
    before = picture(shop)
    merged = commands.merge(anna, loser_id=caller, shop_id=shop.id, by=SYSTEM)
    assert meet(shop, phone("512345678")) == anna
    assert queries.card(caller, shop_ids=[shop.id]).id == anna
    assert queries.lineage(caller) == (anna, caller)
    assert queries.lineages([anna, caller]) == {anna: (anna, caller)}
    assert [entry.loser_id for entry in queries.merges(anna, shop_ids=[shop.id])] == [caller]
    with pytest.raises(commands.SamePerson):
        commands.merge(anna, loser_id=caller, shop_id=shop.id, by=SYSTEM)
    commands.unmerge(merged, shop_id=shop.id, by=SYSTEM)
    assert picture(shop) == before
    with pytest.raises(commands.AlreadyUndone):
        commands.unmerge(merged, shop_id=shop.id, by=SYSTEM)


def test_what_came_after_the_merge_stays_with_the_winner() -> None:
    shop = make_shop()
    anna, caller = meet(shop, email("anna@example.com")), meet(shop, phone("512345678"))
    merged = commands.merge(anna, loser_id=caller, shop_id=shop.id, by=SYSTEM)
    meet(shop, phone("512345678"), email("new@example.com"))
    commands.unmerge(merged, shop_id=shop.id, by=SYSTEM)
    assert meet(shop, email("new@example.com")) == anna
    assert meet(shop, phone("512345678")) == caller


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(ConsentChannel), st.booleans()), max_size=8),
    st.randoms(use_true_random=False),
)
def test_merges_undone_in_any_order_restore_everything(
    pairs: list[tuple[int, int]], words: list[tuple[int, ConsentChannel, bool]], random: object
) -> None:
    shop = make_shop()
    people = [
        meet(shop, email(f"p{number}@example.com"), name=f"{number}" * (number % 2)) for number in range(5)
    ]
    for person, channel, given_ in words:
        say(shop, people[person], given_, channel)
    before = picture(shop)
    last = {(people[person], channel): given_ for person, channel, given_ in words}
    done = []
    for winner, loser in pairs:
        try:
            done.append(commands.merge(people[winner], loser_id=people[loser], shop_id=shop.id, by=SYSTEM))
        except commands.SamePerson:
            continue
        for person in people:
            for channel in ConsentChannel:
                said = [last[one, channel] for one in queries.lineage(person) if (one, channel) in last]
                allowed = bool(said) and all(said)
                assert queries.may(person, Purpose.MARKETING, channel) is allowed, "a withdrawal of either"
    random.shuffle(done)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    for merge_id in done:
        commands.unmerge(merge_id, shop_id=shop.id, by=SYSTEM)
    assert picture(shop) == before


def in_threads(work: Callable[[int], None], count: int = 4) -> list[BaseException]:
    """Run `work` in so many threads at once; what went wrong."""
    wrong: list[BaseException] = []
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            work(number)
        except BaseException as error:  # noqa: BLE001  # reported by the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return wrong


@pytest.mark.django_db(transaction=True)
def test_the_same_stranger_met_by_four_at_once_is_one_customer() -> None:
    shop = make_shop()
    ids: list[int] = []
    wrong = in_threads(lambda number: ids.append(meet(shop, phone("512345678"), email("new@example.com"))))
    assert wrong == []
    assert len(set(ids)) == 1
    assert Customer.objects.filter(group_id=shop.group_id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_agents_merge_both_ways_at_once_and_one_wins() -> None:
    shop = make_shop()
    pair = [meet(shop, email("a@example.com")), meet(shop, email("b@example.com"))]

    def merge(number: int) -> None:
        commands.merge(pair[number % 2], loser_id=pair[1 - number % 2], shop_id=shop.id, by=SYSTEM)

    wrong = in_threads(merge, 2)
    assert len(wrong) == 1
    assert isinstance(wrong[0], commands.SamePerson | NotFound)
    assert len(queries.lineage(pair[0])) == 2
