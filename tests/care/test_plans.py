"""Incidents and plans: one for a matter, run up to a limit, drawn before anything is done, ended by what ends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opieka.care import commands, queries
from opieka.care.commands.playbooks import NoSteps
from opieka.care.commands.running import NothingToSay, NotTold
from opieka.care.commands.stepping import StepOver
from opieka.care.models import Incident, Plan, PlanStep, Storm
from opieka.care.types import (
    Arm,
    CarePreferences,
    IncidentKind,
    PlanCard,
    Playbook,
    Severity,
    StepKind,
    StepState,
    Trouble,
    Wanted,
)
from opieka.clocks import queries as clocks
from opieka.conversations.models import Message
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.deliveries import commands as deliveries
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import ParcelStage
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.shops import commands as shops
from opieka.shops.types import Role, ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Touchpoint
from tests.care.test_noticing import HOUR, ordered, report, shop_with_mail
from tests.factories import make_shop, make_staff

pytestmark = pytest.mark.django_db


def late(shop: ShopCard, **changes: Any) -> int:
    """A parcel that should have been there an hour ago; returns its id."""
    ordered(shop, **{"promised_at": clock.now() - HOUR} | changes)
    parcel_id = report(shop, ParcelStage.IN_TRANSIT)
    Parcel.objects.filter(id=parcel_id).update(late_at=clock.now())
    return parcel_id


def tell(shop: ShopCard, parcel_id: int, kind: IncidentKind = IncidentKind.LATE) -> int | None:
    return commands.report_parcel(parcel_id, kind=kind, at=clock.now(), shop_id=shop.id, by=SYSTEM)


def by_itself(shop: ShopCard, kind: IncidentKind, limit: Severity = Severity.GRAVE) -> None:
    book = replace(queries.playbook(shop.id, kind), by_itself_to=int(limit))
    commands.save_playbook(shop.id, playbook=book, by=SYSTEM)


def only_plan(shop: ShopCard) -> PlanCard:
    return queries.plan(Plan.objects.get(shop_id=shop.id).pk, shop_ids=[shop.id])


def states(plan: PlanCard) -> dict[StepKind, StepState]:
    return {step.kind: step.state for step in plan.steps}


def kinds(shop: ShopCard) -> list[str]:
    rows = Touchpoint.objects.filter(shop_id=shop.id).order_by("id").values_list("kind", flat=True)
    return [kind for kind in rows if kind.startswith(("Incident", "Plan", "Storm"))]


def test_a_person_is_asked_unless_the_shop_says_otherwise(noon: datetime) -> None:
    shop = shop_with_mail()
    tell(shop, late(shop))
    plan = only_plan(shop)
    assert (plan.kind, plan.severity, plan.arm) == (IncidentKind.LATE, Severity.MIDDLE, Arm.NONE)
    assert set(states(plan).values()) == {StepState.PLANNED}
    assert plan.clock is not None
    assert Message.objects.filter(shop_id=shop.id).count() == 0


def test_up_to_the_limit_the_customer_is_told_at_once(noon: datetime) -> None:
    shop = shop_with_mail()
    by_itself(shop, IncidentKind.LATE)
    parcel_id = late(shop)
    Parcel.objects.filter(id=parcel_id).update(expected_from=noon + 24 * HOUR, expected_to=noon + 48 * HOUR)
    tell(shop, parcel_id)
    message = Message.objects.get(shop_id=shop.id)
    assert "1001" in message.subject
    assert "24 listopada" in message.text
    plan = only_plan(shop)
    assert set(states(plan).values()) == {StepState.DONE}
    assert all(step.by_itself and step.message_id == message.pk for step in plan.steps)
    assert (plan.clock, plan.closed_at) == (None, None)
    assert kinds(shop) == ["PlanOpened", "IncidentOpened", *["PlanStepDone"] * 3]


def test_beyond_the_limit_a_person_is_asked(noon: datetime) -> None:
    shop = shop_with_mail()
    by_itself(shop, IncidentKind.LATE, Severity.LOW)
    tell(shop, late(shop))
    assert set(states(only_plan(shop)).values()) == {StepState.PLANNED}


def test_the_same_trouble_is_one_incident_and_the_same_matter_one_plan(noon: datetime) -> None:
    shop = shop_with_mail()
    parcel_id = late(shop)
    first = tell(shop, parcel_id)
    assert tell(shop, parcel_id) == first
    tell(shop, parcel_id, IncidentKind.DAMAGED)
    plan = only_plan(shop)
    assert [(one.kind, one.times) for one in plan.incidents] == [
        (IncidentKind.LATE, 2),
        (IncidentKind.DAMAGED, 1),
    ]
    assert (plan.kind, plan.severity) == (IncidentKind.DAMAGED, Severity.HIGH)
    assert StepKind.REPLACE in states(plan)


def test_what_is_no_longer_so_opens_nothing(noon: datetime) -> None:
    shop = shop_with_mail()
    parcel_id = late(shop)
    report(shop, ParcelStage.DELIVERED, ago=timedelta(0))
    assert tell(shop, parcel_id) is None
    long_ago = Trouble(kind=IncidentKind.PARTLY, at=noon - timedelta(days=30), customer_id=1, order_id=1)
    assert commands.report(long_ago, shop_id=shop.id, by=SYSTEM) is None
    assert Plan.objects.count() == 0


def test_the_delivery_ends_the_plan_but_not_what_is_owed(noon: datetime) -> None:
    shop = shop_with_mail()
    book = Playbook(kind=IncidentKind.LATE, steps=(StepKind.NEW_DATE, StepKind.GOODWILL))
    commands.save_playbook(shop.id, playbook=book, by=SYSTEM)
    parcel_id = late(shop)
    tell(shop, parcel_id)
    commands.delivered([parcel_id], shop_id=shop.id, by=SYSTEM)
    plan = only_plan(shop)
    assert states(plan) == {StepKind.NEW_DATE: StepState.SKIPPED, StepKind.GOODWILL: StepState.PLANNED}
    assert plan.closed_at is None
    agent = make_staff(shop)
    commands.do_step(plan.steps[1].id, shop_id=shop.id, by=Actor.staff(agent))
    done = only_plan(shop)
    assert done.closed_at == noon
    assert done.steps[1].staff_id == agent
    assert clocks.open_clocks([shop.id], [f"plan:{plan.id}"]) == {}
    tell(shop, parcel_id, IncidentKind.DAMAGED)
    assert Plan.objects.filter(shop_id=shop.id).count() == 2


def test_a_person_sends_all_that_is_to_be_written_at_once(noon: datetime) -> None:
    shop = shop_with_mail()
    tell(shop, late(shop))
    plan = only_plan(shop)
    commands.do_step(plan.steps[0].id, shop_id=shop.id, by=SYSTEM)
    assert Message.objects.filter(shop_id=shop.id).count() == 1
    assert set(states(only_plan(shop)).values()) == {StepState.DONE}
    with pytest.raises(StepOver):
        commands.do_step(plan.steps[1].id, shop_id=shop.id, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.skip_step(plan.steps[1].id, shop_id=make_shop().id, by=SYSTEM)


def test_somebody_who_cannot_be_reached_is_left_to_a_person(noon: datetime) -> None:
    shop = make_shop()  # without any way to write
    by_itself(shop, IncidentKind.LATE)
    tell(shop, late(shop))
    plan = only_plan(shop)
    assert {step.trouble for step in plan.steps} == {"unreachable"}
    assert plan.clock is not None
    with pytest.raises(NotTold):
        commands.do_step(plan.steps[0].id, shop_id=shop.id, by=SYSTEM)
    commands.close_plan(plan.id, shop_id=shop.id, by=SYSTEM)
    assert only_plan(shop).closed_at == noon


def test_without_a_date_nothing_is_said_of_it(noon: datetime) -> None:
    shop = shop_with_mail()
    book = Playbook(kind=IncidentKind.LATE, steps=(StepKind.NEW_DATE,), by_itself_to=4)
    commands.save_playbook(shop.id, playbook=book, by=SYSTEM)
    tell(shop, late(shop))
    [step] = only_plan(shop).steps
    assert (step.state, step.trouble) == (StepState.PLANNED, "nothing")
    with pytest.raises(NothingToSay):
        commands.do_step(step.id, shop_id=shop.id, by=SYSTEM)
    with pytest.raises(NoSteps):
        commands.save_playbook(shop.id, playbook=replace(book, steps=()), by=SYSTEM)


def test_who_is_drawn_is_not_contacted_and_that_is_written_down_first(noon: datetime) -> None:
    shop = shop_with_mail()
    shops.set_preferences(shop.id, value=CarePreferences(hold_out=100), by=SYSTEM)
    by_itself(shop, IncidentKind.LATE)
    parcel_id = late(shop)
    tell(shop, parcel_id)
    plan = only_plan(shop)
    assert plan.arm is Arm.HOLD_OUT
    assert Message.objects.filter(shop_id=shop.id).count() == 0
    assert set(states(plan).values()) == {StepState.SKIPPED}
    assert kinds(shop)[0] == "PlanOpened"
    by_itself(shop, IncidentKind.LOST)
    Parcel.objects.filter(id=parcel_id).update(lost_at=noon)
    tell(shop, parcel_id, IncidentKind.LOST)  # what is owed is done, and she stays in her share
    plan = only_plan(shop)
    assert plan.arm is Arm.HOLD_OUT
    assert states(plan)[StepKind.REPLACE] is StepState.PLANNED


def test_nobody_is_drawn_where_something_is_owed(noon: datetime) -> None:
    shop = shop_with_mail()
    shops.set_preferences(shop.id, value=CarePreferences(hold_out=100), by=SYSTEM)
    parcel_id = late(shop)
    tell(shop, parcel_id, IncidentKind.DAMAGED)
    assert only_plan(shop).arm is Arm.NONE


def test_many_parcels_of_one_depot_are_one_storm_with_a_plan_each(noon: datetime) -> None:
    shop = shop_with_mail()
    shops.set_preferences(shop.id, value=CarePreferences(storm_from=3), by=SYSTEM)
    late(shop)
    anna = Parcel.objects.get(shop_id=shop.id).customer_id
    for order_id in range(100, 105):
        trouble = Trouble(
            kind=IncidentKind.LATE, at=noon, customer_id=anna, order_id=order_id, carrier="dpd", depot="WAW3"
        )
        commands.report(trouble, shop_id=shop.id, by=SYSTEM)
    elsewhere = replace(trouble, order_id=200, depot="KRK1")
    commands.report(elsewhere, shop_id=shop.id, by=SYSTEM)
    [storm] = queries.storms([shop.id])
    assert (storm.depot, storm.parcels, storm.kind) == ("WAW3", 5, IncidentKind.LATE)
    assert len(queries.plans(shop_ids=[shop.id], wanted=Wanted(storm_id=storm.id))) == 5
    assert kinds(shop).count("StormBegan") == 1
    with clock.fixed(noon + timedelta(hours=12)):
        commands.report(replace(trouble, order_id=300, at=clock.now()), shop_id=shop.id, by=SYSTEM)
        assert Storm.objects.get(shop_id=shop.id).closed_at == clock.now()
    assert Incident.objects.filter(shop_id=shop.id, storm=None).count() == 2


def test_what_she_does_afterwards_is_measured_once(noon: datetime) -> None:
    shop = shop_with_mail()
    tell(shop, late(shop))
    customer_id = only_plan(shop).customer_id
    assert customer_id
    done = [(customer_id, noon + hours * HOUR) for hours in (2, -1, 1)]
    for _ in range(2):
        commands.note_messages(done, shop_id=shop.id, by=SYSTEM)
        commands.note_orders(done, shop_id=shop.id, by=SYSTEM)
    plan = only_plan(shop)
    assert (plan.wrote_at, plan.ordered_at) == (noon + HOUR, noon + HOUR)


def test_the_effect_counts_only_those_drawn_and_seen_long_enough(noon: datetime) -> None:
    shop = make_shop()
    for arm, wrote, days in [
        *[(Arm.CONTACT, True, 20)] * 2,
        *[(Arm.CONTACT, False, 20)] * 8,
        *[(Arm.HOLD_OUT, True, 20)] * 5,
        *[(Arm.HOLD_OUT, False, 20)] * 5,
        (Arm.CONTACT, True, 3),
        (Arm.NONE, True, 20),
    ]:
        opened = noon - timedelta(days=days)
        Plan.objects.create(
            shop_id=shop.id, matter=f"order:{Plan.objects.count()}", kind="late", severity=2, arm=arm,
            opened_at=opened, wrote_at=opened + HOUR if wrote else None,
        )  # fmt: skip
    found = queries.effect([shop.id])
    assert (found.wrote.contact_k, found.wrote.contact_n) == (2, 10)
    assert (found.wrote.hold_out_k, found.wrote.hold_out_n) == (5, 10)
    assert found.ordered.contact_n == 0
    assert found.ordered.low is None


def test_a_plan_is_taken_by_those_who_may_answer(noon: datetime) -> None:
    shop = shop_with_mail()
    tell(shop, late(shop))
    plan = only_plan(shop)
    agent, analyst = make_staff(shop), make_staff(shop, Role.ANALYST)
    commands.take_plan(plan.id, staff_id=agent, shop_id=shop.id, by=SYSTEM)
    assert only_plan(shop).owner_id == agent
    with pytest.raises(NotFound):
        commands.take_plan(plan.id, staff_id=analyst, shop_id=shop.id, by=SYSTEM)


def test_an_erased_customer_leaves_only_figures(noon: datetime) -> None:
    shop = shop_with_mail()
    tell(shop, late(shop))
    plan = only_plan(shop)
    assert plan.customer_id
    commands.forget([plan.customer_id], shop_id=shop.id, by=SYSTEM)
    assert only_plan(shop).customer_id is None
    with pytest.raises(NothingToSay):
        commands.do_step(plan.steps[0].id, shop_id=shop.id, by=SYSTEM)


def test_merging_changes_nothing_of_whose_plan_it_is(noon: datetime) -> None:
    shop = shop_with_mail()
    parcel_id = late(shop)
    anna = Parcel.objects.get(id=parcel_id).customer_id
    point = ContactPoint(ContactKind.EMAIL, f"ania@{shop.slug}.example")
    other = customers.recognise([point], shop_id=shop.id, name="Ania", by=SYSTEM)
    assert anna
    customers.merge(other, loser_id=anna, shop_id=shop.id, by=SYSTEM)
    tell(shop, parcel_id)
    assert only_plan(shop).customer_id == other


def test_a_list_of_plans_costs_the_same_however_long(noon: datetime) -> None:
    shop = shop_with_mail()
    late(shop)
    anna = Parcel.objects.get(shop_id=shop.id).customer_id

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.plans(shop_ids=[shop.id])
        return len(asked)

    counts = []
    for order_id in (100, 101, 102):
        trouble = Trouble(kind=IncidentKind.PARTLY, at=noon, customer_id=anna, order_id=order_id)
        commands.report(trouble, shop_id=shop.id, by=SYSTEM)
        counts.append(cost())
    assert counts == [4, 4, 4]
    assert PlanStep.objects.filter(shop_id=shop.id).count() == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "stage", "said"),
    [
        (IncidentKind.LATE, ParcelStage.IN_TRANSIT, "Your order 1001 is late"),
        (IncidentKind.LOST, ParcelStage.LOST, "Your order 1001 seems to be lost"),
    ],
)
def test_late_and_lost_are_told_through_the_worker(
    kind: IncidentKind, stage: ParcelStage, said: str, noon: datetime
) -> None:
    reacting.begin()
    shop = shop_with_mail(languages=("en",))
    by_itself(shop, kind)
    ordered(shop, promised_at=clock.now() - HOUR)
    report(shop, stage)
    while deliveries.sweep(100, by=SYSTEM):
        pass
    while reacting.run_all():
        pass
    assert said in [message.subject for message in Message.objects.filter(shop_id=shop.id)]
