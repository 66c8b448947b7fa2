"""What customers decide about their parcels: what is offered, what is asked, and what comes of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries import commands, jobs, queries
from opieka.deliveries.carriers.arranging import Outcome
from opieka.deliveries.carriers.memory.client import OUTCOMES
from opieka.deliveries.models import Choice as Row
from opieka.deliveries.models import Parcel, Promise
from opieka.deliveries.policy import choosing
from opieka.deliveries.policy.choosing import STEPS, Problem, Situation, Step
from opieka.deliveries.policy.working import Week
from opieka.deliveries.types import (
    Choice,
    ChoiceKind,
    ChoiceState,
    Choosable,
    Leg,
    Offer,
    ParcelStage,
    Point,
    PromiseSource,
    Refusal,
)
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.orders.types import Address
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Touchpoint
from tests.deliveries.building import START, after, parcels, report, take, told, tracking
from tests.factories import make_shop
from tests.orders import building as ordering

K, S = ChoiceKind, ChoiceState
CUSTOMER = Actor.customer(1)
HOURS = ((time(9), time(13)), (time(17), time(20)))
MONDAY = date(2026, 11, 2)
POINT = Point(
    code="WAW01", name="Kiosk", street="Złota 1", postcode="00-019", city="Warszawa", country="PL",
    latitude=52.2319, longitude=21.0067,
)  # fmt: skip


# Rules


def situation(**changes: Any) -> Situation:
    known: dict[str, Any] = {
        "stage": ParcelStage.IN_TRANSIT,
        "leg": Leg.OUTBOUND,
        "today": MONDAY,
        "earliest": MONDAY,
        "week": Week(zone="Europe/Warsaw", country="PL"),
        "points": True,
        "connected": True,
    }
    return Situation(**known | changes)


def slot(**changes: Any) -> Choosable:
    known: dict[str, Any] = {"kind": K.SLOT, "stages": frozenset({ParcelStage.IN_TRANSIT}), "days": 4}
    return Choosable(**known | changes)


def test_days_are_working_days_from_tomorrow_on() -> None:
    (offer,) = choosing.offers([slot(days=8)], situation())
    # Wednesday the 11th is Poland's Independence Day.
    assert [day.day for day in offer.days] == [3, 4, 5, 6, 9, 10, 12, 13]
    (late,) = choosing.offers([slot()], situation(earliest=date(2026, 11, 7)))
    assert late.days[0] == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, True),
        ({"stage": ParcelStage.OUT_FOR_DELIVERY}, False),
        ({"stage": ParcelStage.DELIVERED}, False),
        ({"leg": Leg.RETURNING_TO_SENDER}, False),
        ({"leg": Leg.CUSTOMER_RETURN}, False),
    ],
)
def test_nothing_is_offered_that_the_carrier_cannot_do_at_this_stage(
    changes: dict[str, Any], offered: bool
) -> None:
    assert bool(choosing.offers([slot()], situation(**changes))) is offered


@pytest.mark.parametrize(
    ("asked", "connected", "by_hand"),
    [(True, True, False), (True, False, True), (False, True, True), (False, False, True)],
)
def test_a_person_arranges_what_no_interface_does(asked: bool, connected: bool, by_hand: bool) -> None:
    (offer,) = choosing.offers([slot(asked=asked)], situation(connected=connected))
    assert offer.by_hand is by_hand


def test_a_pickup_point_is_offered_only_where_points_are_known() -> None:
    point = Choosable(kind=K.PICKUP_POINT, stages=frozenset({ParcelStage.IN_TRANSIT}))
    assert choosing.offers([point], situation(points=False)) == ()


OFFER = Offer(kind=K.SLOT, by_hand=False, days=(MONDAY,), hours=HOURS)
HOME = Address(street="Polna 5", postcode="00-950", city="Warszawa")


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        (Choice(kind=K.SLOT, day=MONDAY), None),
        (Choice(kind=K.SLOT, day=MONDAY, hours=HOURS[1]), None),
        (Choice(kind=K.SLOT), Problem.DAY),
        (Choice(kind=K.HOLD), Problem.DAY),
        (Choice(kind=K.SLOT, day=date(2026, 11, 3)), Problem.DAY),
        (Choice(kind=K.SLOT, day=MONDAY, hours=(time(3), time(4))), Problem.HOURS),
        (Choice(kind=K.NEIGHBOUR, words="  "), Problem.WORDS),
        (Choice(kind=K.SAFE_PLACE, words="shed"), None),
        (Choice(kind=K.ADDRESS), Problem.ADDRESS),
        (Choice(kind=K.ADDRESS, address=replace(HOME, street=" ")), Problem.ADDRESS),
        (Choice(kind=K.ADDRESS, address=HOME), None),
        (Choice(kind=K.PICKUP_POINT), Problem.POINT),
        (Choice(kind=K.CANCEL), None),
    ],
)
def test_what_is_wrong_with_a_decision(choice: Choice, problem: Problem | None) -> None:
    assert choosing.problem(choice, replace(OFFER, kind=choice.kind)) == problem


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_what_is_over_stays_over(steps: list[Step]) -> None:
    """No walk leads from a refused, withdrawn or overtaken decision; a confirmed one can only be overtaken."""
    state = S.REQUESTED
    for step in steps:
        before, state = state, STEPS.get((state, step), state)
        if before in {S.REFUSED, S.WITHDRAWN, S.OVERTAKEN}:
            assert state == before
        if before == S.CONFIRMED:
            assert state in {S.CONFIRMED, S.OVERTAKEN}


def test_the_readme_shows_the_steps() -> None:
    from tests.conftest import ROOT

    assert choosing.diagram() in (ROOT / "src/opieka/deliveries/README.md").read_text()


# Commands


@pytest.fixture
def shop() -> ShopCard:
    made = make_shop()
    commands.connect(
        made.id, carrier="memory", credentials={"shelf": made.slug, "webhook_secret": "s"}, by=SYSTEM
    )
    return made


def parcel(shop: ShopCard, *stages: str, **more: Any) -> Parcel:
    reports = [report(hours, stage) for hours, stage in enumerate(stages or ("in_transit",))]
    take(shop.id, tracking(*reports, number="MEM1", carrier="memory", **more), told_by="memory")
    return parcels(shop.id)[0]


def choose(shop: ShopCard, choice: Choice, *, key: str = "k", number: int | None = None) -> int:
    row = parcels(shop.id)[0]
    return commands.choose(number or row.pk, shop_id=shop.id, choice=choice, key=key, by=CUSTOMER)


def state(choice_id: int) -> ChoiceState:
    return ChoiceState(Row.objects.values_list("state", flat=True).get(id=choice_id))


def facts(shop: ShopCard) -> list[str]:
    ours = {"DeliveryChosen", "ChoiceConfirmed", "ChoiceRefused", "ChoiceDropped", "PromiseMade"}
    return [kind for kind in told(shop.id) if kind in ours]


def tomorrow(shop: ShopCard) -> Choice:
    row = parcels(shop.id)[0]
    offer = next(one for one in queries.offers(row.pk, shop_ids=[shop.id]) if one.kind is K.SLOT)
    return Choice(kind=K.SLOT, day=offer.days[0], hours=offer.hours[-1])


@pytest.fixture
def morning() -> Any:
    with clock.fixed(after(3)):
        yield after(3)


pytestmark = pytest.mark.usefixtures("morning")
db = pytest.mark.django_db


@db
def test_a_confirmed_day_is_promised_by_the_customers_own_word(shop: ShopCard) -> None:
    ordering.apply(shop.id, ordering.report(number="1001"))
    parcel(shop, order_number="1001")
    made = choose(shop, tomorrow(shop))
    assert state(made) == S.REQUESTED
    jobs.arrange_choice(choice_id=made)
    assert state(made) == S.CONFIRMED
    row = parcels(shop.id)[0]
    # 17 to 20 in Warsaw
    assert row.promised_from == datetime(2026, 11, 3, 16, tzinfo=UTC)
    assert row.promised_to == datetime(2026, 11, 3, 19, tzinfo=UTC)
    assert Promise.objects.filter(shop_id=shop.id).latest("told_at").source == PromiseSource.CUSTOMER
    assert facts(shop)[-3:] == ["DeliveryChosen", "ChoiceConfirmed", "PromiseMade"]


@db
def test_the_same_key_is_the_same_decision(shop: ShopCard) -> None:
    parcel(shop)
    first = choose(shop, tomorrow(shop))
    assert choose(shop, Choice(kind=K.NEIGHBOUR, words="Mrs. Nowak")) == first
    assert facts(shop) == ["DeliveryChosen"]


@db
def test_of_two_decisions_about_one_matter_the_last_counts(shop: ShopCard) -> None:
    parcel(shop)
    neighbour = choose(shop, Choice(kind=K.NEIGHBOUR, words="Mrs. Nowak"), key="1")
    note = choose(shop, Choice(kind=K.INSTRUCTIONS, words="Ring twice"), key="2")
    shed = choose(shop, Choice(kind=K.SAFE_PLACE, words="The shed"), key="3")
    assert [state(one) for one in (neighbour, note, shed)] == [S.OVERTAKEN, S.REQUESTED, S.REQUESTED]
    choose(shop, Choice(kind=K.CANCEL), key="4")
    assert [state(one) for one in (note, shed)] == [S.OVERTAKEN, S.OVERTAKEN]


@db
def test_while_the_carrier_thinks_nothing_else_is_asked_of_it(shop: ShopCard) -> None:
    parcel(shop)
    OUTCOMES[shop.slug]["MEM1"] = Outcome(accepted=None, reference="r7")
    first = choose(shop, tomorrow(shop), key="1")
    jobs.arrange_choice(choice_id=first)
    assert state(first) == S.SENT
    with pytest.raises(commands.BeingAsked):
        choose(shop, tomorrow(shop), key="2")
    with pytest.raises(commands.Settled):
        commands.withdraw_choice(first, shop_id=shop.id, by=CUSTOMER)
    assert Row.objects.get(id=first).reference == "r7"
    OUTCOMES[shop.slug]["MEM1"] = Outcome(accepted=False)
    with clock.fixed(after(4)):
        assert queries.choices_due(clock.now()) == [first]
        jobs.arrange_choice(choice_id=first)
    assert state(first) == S.REFUSED
    assert queries.choice(first, shop_ids=[shop.id]).refusal is Refusal.CARRIER


@db
def test_a_carrier_that_cannot_be_reached_is_asked_again_and_then_a_person_goes_on(
    shop: ShopCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opieka.deliveries.carriers.base import Refused
    from opieka.deliveries.carriers.memory.client import Memory

    def unreachable(self: Memory, wish: object) -> Outcome:
        raise Refused("unreachable")

    monkeypatch.setattr(Memory, "arrange", unreachable)
    parcel(shop)
    made = choose(shop, tomorrow(shop))
    for attempt in range(6):
        assert state(made) == (S.SENT if attempt else S.REQUESTED)
        with clock.fixed(after(3) + attempt * timedelta(minutes=20)):
            jobs.arrange_choice(choice_id=made)
    card = queries.choice(made, shop_ids=[shop.id])
    assert (card.state, card.by_hand) == (S.REQUESTED, True)
    assert [one.id for one in queries.to_be_arranged(shop_ids=[shop.id])] == [made]
    commands.settle_choice(made, shop_id=shop.id, accepted=True, by=SYSTEM)
    assert state(made) == S.CONFIRMED


@db
def test_wrong_keys_hand_it_to_a_person_at_once(shop: ShopCard) -> None:
    parcel(shop)
    made = choose(shop, tomorrow(shop))
    (connection_card,) = queries.connections([shop.id])
    commands.disconnect(connection_card.id, shop_id=shop.id, by=SYSTEM)
    jobs.arrange_choice(choice_id=made)
    assert queries.choice(made, shop_ids=[shop.id]).by_hand


@db
def test_what_became_impossible_before_it_was_asked_is_refused_as_too_late(shop: ShopCard) -> None:
    parcel(shop)
    made = choose(shop, tomorrow(shop))
    parcel(shop, "in_transit", "in_transit", "out_for_delivery")
    jobs.arrange_choice(choice_id=made)
    assert queries.choice(made, shop_ids=[shop.id]).refusal is Refusal.TOO_LATE


@db(transaction=True)
def test_a_parcel_that_arrives_lets_go_of_what_was_still_to_be_arranged(shop: ShopCard) -> None:
    reacting.begin()
    parcel(shop)
    made = choose(shop, Choice(kind=K.NEIGHBOUR, words="Mrs. Nowak"))
    with pytest.raises(commands.NotOffered):
        choose(shop, Choice(kind=K.HOLD, day=MONDAY), key="2")
    parcel(shop, "in_transit", "delivered")
    while reacting.run_all():
        pass
    assert state(made) == S.OVERTAKEN
    with pytest.raises(commands.Settled):
        commands.settle_choice(made, shop_id=shop.id, accepted=True, by=SYSTEM)
    with pytest.raises(commands.NotOffered):
        choose(shop, Choice(kind=K.NEIGHBOUR, words="Mrs. Nowak"), key="3")


@db(transaction=True)
def test_a_parcel_that_goes_back_confirms_that_it_was_cancelled(shop: ShopCard) -> None:
    reacting.begin()
    parcel(shop)
    made = choose(shop, Choice(kind=K.CANCEL))
    parcel(shop, "in_transit", "returning")
    while reacting.run_all():
        pass
    assert state(made) == S.CONFIRMED


@db
def test_a_decision_that_is_not_asked_yet_can_be_taken_back(shop: ShopCard) -> None:
    parcel(shop)
    made = choose(shop, Choice(kind=K.ADDRESS, address=HOME))
    commands.withdraw_choice(made, shop_id=shop.id, by=CUSTOMER)
    assert state(made) == S.WITHDRAWN
    with pytest.raises(commands.Settled):
        commands.withdraw_choice(made, shop_id=shop.id, by=CUSTOMER)


@db
def test_a_pickup_point_must_be_one_of_this_carrier_in_this_shop(shop: ShopCard) -> None:
    commands.keep_points(shop.id, carrier="memory", points=[POINT], by=SYSTEM)
    other = make_shop()
    for shop_id, carrier in ((shop.id, "dpd"), (other.id, "memory")):
        commands.keep_points(shop_id, carrier=carrier, points=[replace(POINT, code="X")], by=SYSTEM)
    parcel(shop)
    (mine,) = queries.points_near(shop.id, carrier="memory", place="00-019")
    for shop_id, carrier in ((shop.id, "dpd"), (other.id, "memory")):
        (foreign,) = queries.points_near(shop_id, carrier=carrier, place="00-019")
        with pytest.raises(commands.NoSuchPoint):
            choose(shop, Choice(kind=K.PICKUP_POINT, point_id=foreign.id))
    made = choose(shop, Choice(kind=K.PICKUP_POINT, point_id=mine.id))
    card = queries.choice(made, shop_ids=[shop.id])
    assert card.point is not None
    assert card.point.code == "WAW01"


@db
def test_other_shops_know_nothing_of_it(shop: ShopCard) -> None:
    row = parcel(shop)
    made = choose(shop, Choice(kind=K.INSTRUCTIONS, words="Ring"))
    other = make_shop()
    calls: list[Any] = [
        lambda: commands.choose(row.pk, shop_id=other.id, choice=tomorrow(shop), key="x", by=SYSTEM),
        lambda: commands.withdraw_choice(made, shop_id=other.id, by=SYSTEM),
        lambda: commands.settle_choice(made, shop_id=other.id, accepted=True, by=SYSTEM),
        lambda: queries.choice(made, shop_ids=[other.id]),
        lambda: queries.offers(row.pk, shop_ids=[other.id]),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert queries.choices([row.pk], shop_ids=[other.id]) == []


@db
def test_her_words_are_encrypted_and_in_no_fact(shop: ShopCard) -> None:
    parcel(shop)
    made = choose(shop, Choice(kind=K.NEIGHBOUR, words="Zofia Wiśniewska"))
    assert queries.choice(made, shop_ids=[shop.id]).choice.words == "Zofia Wiśniewska"
    assert "Zofia" not in Row.objects.get(id=made).details
    assert not [data for data in Touchpoint.objects.values_list("data", flat=True) if "Zofia" in str(data)]


@db(transaction=True)
def test_of_two_who_decide_at_once_one_is_overtaken(shop: ShopCard) -> None:
    parcel(shop)
    wishes = [Choice(kind=K.NEIGHBOUR, words="a"), Choice(kind=K.SAFE_PLACE, words="b")]

    def decide(number: int) -> None:
        try:
            choose(shop, wishes[number], key=str(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Row.objects.values_list("state", flat=True)) == [S.OVERTAKEN, S.REQUESTED]


@db
def test_several_open_parcels_of_an_order_keep_the_later_promise(shop: ShopCard) -> None:
    ordering.apply(shop.id, ordering.report(number="1001"))
    parcel(shop, order_number="1001")
    take(shop.id, tracking(report(0, "in_transit"), number="MEM2", carrier="memory", order_number="1001"))
    order_id = parcels(shop.id)[0].order_id
    assert order_id is not None
    later = START + timedelta(days=9)
    commands.promise(order_id, shop_id=shop.id, promised_to=later, source=PromiseSource.SHOP, by=SYSTEM)
    made = choose(shop, tomorrow(shop))
    jobs.arrange_choice(choice_id=made)
    assert state(made) == S.CONFIRMED
    assert {row.promised_to for row in parcels(shop.id)} == {later}


@db
def test_an_erased_persons_words_address_and_point_are_forgotten(shop: ShopCard) -> None:
    parcel(shop)
    Parcel.objects.update(customer_id=7)
    made = choose(shop, Choice(kind=K.ADDRESS, address=HOME))
    assert [card.id for card in queries.made_by([7], shop_ids=[shop.id])] == [made]
    commands.forget_receiver([7], shop_id=shop.id, by=SYSTEM)
    card = queries.choice(made, shop_ids=[shop.id])
    assert (card.choice.kind, card.choice.address, card.choice.words) == (K.ADDRESS, None, "")
