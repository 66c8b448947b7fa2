"""Coupons and the shop's system, through the worker: written there, used, taken out, or done by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from opieka.goodwill import commands, queries
from opieka.goodwill.types import CouponCard, CouponState, InShop
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.orders import commands as orders
from opieka.orders import jobs
from opieka.orders.connectors.base import Refused
from opieka.orders.connectors.memory.client import Shelf
from opieka.orders.models import DiscountRequest
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Failure, Touchpoint
from tests.factories import make_shop, make_staff
from tests.goodwill.test_balances import customer
from tests.goodwill.test_giving import giving_shop, grant
from tests.orders.building import report

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _reactions() -> None:
    reacting.begin()


def work() -> None:
    """Let the shop's system answer, and what is announced be heard."""
    for pk in DiscountRequest.objects.filter(outcome="").values_list("id", flat=True):
        jobs.write_code(request_id=pk)
    while reacting.run_all():
        pass
    assert not Failure.objects.exists()


def selling() -> ShopCard:
    shop = giving_shop()
    orders.connect(shop.id, connector="memory", credentials={"shelf": "las"}, by=SYSTEM)
    return shop


def seen(shop: ShopCard, coupon_id: int) -> CouponCard:
    return queries.coupon(coupon_id, shop_ids=[shop.id])


def test_a_coupon_works_in_the_shop_and_its_use_is_learned_from_the_order(
    shelf: Shelf, noon: datetime
) -> None:
    shop = selling()
    made, spare = grant(shop, customer(shop)), grant(shop, customer(shop, "beata"), key="b")
    assert seen(shop, made).in_shop is InShop.WAITING
    work()
    code = seen(shop, made).code
    assert shelf.discounts[code].amount == 2_000
    assert seen(shop, made).in_shop is InShop.DONE
    paid = report(24 * 30, discount_codes=(code.lower(), "SUMMER"))
    orders.apply_orders([paid], shop_id=shop.id, source="memory", by=SYSTEM)
    orders.apply_orders([paid], shop_id=shop.id, source="memory", by=SYSTEM)
    work()
    used = seen(shop, made)
    assert (used.state, used.used_at) == (CouponState.USED, paid.updated_at)
    assert Touchpoint.objects.filter(kind="CouponUsed").count() == 1
    commands.withdraw(spare, shop_id=shop.id, by=SYSTEM)
    work()
    assert (list(shelf.discounts), seen(shop, spare).in_shop) == ([code], InShop.DONE)


def test_what_the_shop_refuses_is_done_by_hand(shelf: Shelf, noon: datetime) -> None:
    shop = selling()
    shelf.trouble = Refused("not_allowed", "write_discounts")
    made = grant(shop, customer(shop))
    work()
    assert (seen(shop, made).in_shop, seen(shop, made).why) == (InShop.BY_HAND, "not_allowed")
    agent = Actor.staff(make_staff(shop))
    for _ in range(2):
        commands.confirm_in_shop(made, shop_id=shop.id, by=agent)
    assert (seen(shop, made).in_shop, seen(shop, made).why) == (InShop.DONE, "")
    told = Touchpoint.objects.filter(kind="CouponInShop", subject=f"coupon:{made}").order_by("id")
    assert [one.data["by_hand"] for one in told] == [True, False]
    assert {one.customer_id for one in told} == {seen(shop, made).customer_id}


def test_without_a_system_a_person_enters_and_takes_out_what_was_entered(noon: datetime) -> None:
    shop = giving_shop()
    never, entered = grant(shop, customer(shop)), grant(shop, customer(shop, "b"), key="b")
    assert (seen(shop, never).in_shop, seen(shop, never).why) == (InShop.BY_HAND, "no_connector")
    commands.confirm_in_shop(entered, shop_id=shop.id, by=SYSTEM)
    for coupon_id in (never, entered):
        commands.withdraw(coupon_id, shop_id=shop.id, by=SYSTEM)
    assert [seen(shop, one).in_shop for one in (never, entered)] == [InShop.DONE, InShop.BY_HAND]
    with pytest.raises(NotFound):
        commands.confirm_in_shop(entered, shop_id=make_shop().id, by=SYSTEM)


def test_a_coupon_taken_back_while_it_is_written_is_taken_out(shelf: Shelf, noon: datetime) -> None:
    shop = selling()
    made = grant(shop, customer(shop))
    commands.withdraw(made, shop_id=shop.id, by=SYSTEM)
    work()
    assert (list(shelf.discounts), seen(shop, made).in_shop) == ([], InShop.DONE)
    assert noon + timedelta(days=90) == seen(shop, made).valid_until
