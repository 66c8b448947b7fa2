"""A plan that gives: by itself within budget, limit and balance, told when the code works; else a person is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from opieka.care import commands, queries
from opieka.care.types import CarePreferences, IncidentKind, PlanCard, Playbook, StepCard, StepKind, StepState
from opieka.conversations.models import Message
from opieka.goodwill import commands as goodwill
from opieka.goodwill import queries as gifts
from opieka.goodwill.commands import OverBudget
from opieka.goodwill.models import Movement
from opieka.goodwill.types import GoodwillPreferences
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.orders import commands as orders
from opieka.orders import jobs
from opieka.orders.connectors.memory.client import Shelf
from opieka.orders.models import DiscountRequest, Order
from opieka.orders.types import OrderPart
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Failure
from tests.care.test_noticing import HOUR, shop_with_mail
from tests.care.test_plans import late, only_plan, tell
from tests.factories import make_staff
from tests.orders.building import refund

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _reactions() -> None:
    reacting.begin()


def work() -> None:
    """Let the shop's system answer, and what is announced be heard, until nothing is left."""
    for _ in range(2):
        for pk in DiscountRequest.objects.filter(outcome="").values_list("id", flat=True):
            jobs.write_code(request_id=pk)
        while reacting.run_all():
            pass
    assert not Failure.objects.exists()


def giving_shop(*, gift: int = 2_000, limit: int = 4, connected: bool = True, **budget: int) -> ShopCard:
    shop = shop_with_mail()
    if connected:
        orders.connect(shop.id, connector="memory", credentials={"shelf": "las"}, by=SYSTEM)
    told = GoodwillPreferences(**{"per_month": 10_000, "per_customer": 5_000} | budget)
    shops.set_preferences(shop.id, value=told, by=SYSTEM)
    book = Playbook(kind=IncidentKind.LATE, steps=(StepKind.GOODWILL,), by_itself_to=limit, gift=gift)
    commands.save_playbook(shop.id, playbook=book, by=SYSTEM)
    return shop


def live(shop: ShopCard, customer_id: int, word: str, key: str, *, ago: timedelta) -> None:
    at = clock.now() - ago
    Movement.objects.create(
        shop_id=shop.id, customer_id=customer_id, experience=word, key=key, touchpoint_id=1, at=at
    )


def let_down(shop: ShopCard, points: int = 0, **changes: Any) -> PlanCard:
    """A parcel of hers is late, after so many good experiences."""
    parcel_id = late(shop, **changes)
    customer_id = Order.objects.get(shop_id=shop.id).customer_id or 0
    for number in range(points):
        live(shop, customer_id, "on_time", str(number), ago=HOUR)
    # What it is about itself may have been felt already.
    live(shop, customer_id, "late", "this", ago=timedelta(0))
    tell(shop, parcel_id)
    return only_plan(shop)


def gift_step(shop: ShopCard) -> StepCard:
    return next(step for step in only_plan(shop).steps if step.kind is StepKind.GOODWILL)


def test_she_is_given_a_coupon_and_told_its_code_when_it_works(shelf: Shelf, noon: datetime) -> None:
    shop = giving_shop()
    let_down(shop)
    assert (gift_step(shop).state, gift_step(shop).trouble) == (StepState.PLANNED, "")
    assert not Message.objects.filter(shop_id=shop.id).exists()
    work()
    step = gift_step(shop)
    assert (step.state, step.by_itself) == (StepState.DONE, True)
    message = Message.objects.get(shop_id=shop.id)
    assert message.pk == step.message_id
    [code] = shelf.discounts
    assert code in message.text
    assert "20,00" in message.text
    assert gifts.coupon(step.coupon_id or 0, shop_ids=[shop.id]).matter.startswith("order:")


@pytest.mark.parametrize(
    ("shop", "points", "trouble"),
    [
        ({"per_month": 1_000}, 0, "over_budget"),
        ({"per_customer": 1_000}, 0, "over_budget"),
        ({}, 12, "made_up"),
        ({"gift": 0}, 0, ""),
        ({"limit": 1}, 0, ""),
    ],
)
def test_beyond_budget_balance_and_limit_a_person_is_asked(
    shelf: Shelf, noon: datetime, shop: dict[str, int], points: int, trouble: str
) -> None:
    made = giving_shop(**shop)  # type: ignore[arg-type]  # test data
    let_down(made, points)
    work()
    step = gift_step(made)
    assert (step.state, step.trouble, step.coupon_id) == (StepState.PLANNED, trouble, None)
    assert only_plan(made).clock is not None


def test_a_person_gives_what_the_playbook_names(shelf: Shelf, noon: datetime) -> None:
    shop = giving_shop(limit=0)
    agent = Actor.staff(make_staff(shop))
    let_down(shop)
    commands.do_step(gift_step(shop).id, shop_id=shop.id, by=agent)
    work()
    step = gift_step(shop)
    assert (step.state, step.by_itself, step.staff_id) == (StepState.DONE, False, agent.id)
    assert gifts.coupon(step.coupon_id or 0, shop_ids=[shop.id]).granted_by == agent.id
    poor = giving_shop(limit=0, per_month=1)
    let_down(poor)
    with pytest.raises(OverBudget):
        commands.do_step(gift_step(poor).id, shop_id=poor.id, by=agent)


def test_without_a_system_the_code_is_entered_first(noon: datetime) -> None:
    shop = giving_shop(connected=False)
    let_down(shop)
    work()
    step = gift_step(shop)
    assert (step.state, step.trouble) == (StepState.PLANNED, "enter_code")
    goodwill.confirm_in_shop(step.coupon_id or 0, shop_id=shop.id, by=SYSTEM)
    work()
    assert gift_step(shop).state is StepState.DONE
    assert Message.objects.filter(shop_id=shop.id).count() == 1


def test_a_coupon_taken_back_is_not_told(shelf: Shelf, noon: datetime) -> None:
    shop = giving_shop()
    let_down(shop)
    goodwill.withdraw(gift_step(shop).coupon_id or 0, shop_id=shop.id, by=SYSTEM)
    work()
    assert gift_step(shop).state is StepState.SKIPPED
    assert not Message.objects.filter(shop_id=shop.id).exists()


def test_who_was_drawn_to_be_left_alone_is_given_nothing(shelf: Shelf, noon: datetime) -> None:
    shop = giving_shop()
    shops.set_preferences(shop.id, value=CarePreferences(hold_out=100), by=SYSTEM)
    let_down(shop)
    assert (gift_step(shop).state, gift_step(shop).coupon_id) == (StepState.SKIPPED, None)


def test_the_delivery_is_refunded_when_the_shop_reports_it(noon: datetime) -> None:
    shop = shop_with_mail()
    book = Playbook(kind=IncidentKind.LATE, steps=(StepKind.REFUND_DELIVERY, StepKind.CALL))
    commands.save_playbook(shop.id, playbook=book, by=SYSTEM)
    tell(shop, late(shop))
    now = clock.now()
    part = OrderPart(external_id="A1", updated_at=now, refunds=(refund(1_500, issued_at=now),))
    orders.apply_orders([part], shop_id=shop.id, source="csv", by=SYSTEM)
    work()
    states = {step.kind: step.state for step in queries.plan(only_plan(shop).id, shop_ids=[shop.id]).steps}
    assert states == {StepKind.REFUND_DELIVERY: StepState.DONE, StepKind.CALL: StepState.PLANNED}
