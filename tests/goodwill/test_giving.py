"""Coupons: within the budgets whoever gives at once, one currency, once, and what came of them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from opieka.goodwill import commands, queries
from opieka.goodwill.commands.giving import BadGift, CouponOver, OtherCurrency, OverBudget
from opieka.goodwill.models import Coupon, Month
from opieka.goodwill.policy import giving
from opieka.goodwill.types import CouponState, Gift, GiftReason, GoodwillPreferences
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from tests.factories import make_shop
from tests.goodwill.test_balances import customer


def giving_shop(**changes: int) -> ShopCard:
    shop = make_shop()
    told = {"per_month": 10_000, "per_customer": 5_000} | changes
    shops.set_preferences(shop.id, value=GoodwillPreferences(**told), by=SYSTEM)
    return shop


def grant(shop: ShopCard, customer_id: int, amount: int = 2_000, *, key: str = "a", **more: object) -> int:
    gift = Gift(**{"reason": GiftReason.LATE, "amount": amount, "currency": "PLN"} | more)  # type: ignore[arg-type]  # test data
    return commands.grant(customer_id, gift=gift, key=key, shop_id=shop.id, by=SYSTEM)


@pytest.mark.django_db
def test_a_coupon_is_given_once_and_used_once(noon: datetime) -> None:
    shop = giving_shop()
    anna = customer(shop)
    made = grant(shop, anna)
    assert grant(shop, anna) == made
    card = queries.coupon(made, shop_ids=[shop.id])
    assert (card.amount, card.cost, card.state, card.valid_until) == (
        2_000, 2_000, CouponState.GRANTED, noon + timedelta(days=90),
    )  # fmt: skip
    assert commands.use(card.code.lower().replace("-", " "), shop_id=shop.id, by=SYSTEM) == made
    with pytest.raises(CouponOver):
        commands.use(card.code, shop_id=shop.id, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.use(card.code, shop_id=make_shop().id, by=SYSTEM)


@pytest.mark.django_db
def test_budgets_hold_per_month_and_per_customer(noon: datetime) -> None:
    shop = giving_shop()
    anna, beata = customer(shop), customer(shop, "beata")
    grant(shop, anna, 5_000)
    with pytest.raises(OverBudget):
        grant(shop, anna, 1, key="b")
    grant(shop, beata, 4_000, key="c")
    assert queries.purse([beata], shop_id=shop.id).amount == 1_000
    with pytest.raises(OverBudget):
        grant(shop, beata, 1_001, key="d")
    with clock.fixed(noon + timedelta(days=30)):  # another month, the same year
        with pytest.raises(OverBudget):
            grant(shop, anna, 1, key="e")
        grant(shop, beata, 1_000, key="f")
    with clock.fixed(noon + timedelta(days=366)):
        grant(shop, anna, 5_000, key="g")


@pytest.mark.django_db
def test_without_a_budget_nothing_is_given(noon: datetime) -> None:
    shop = make_shop()
    with pytest.raises(OverBudget):
        grant(shop, customer(shop), 1)


@pytest.mark.django_db
def test_what_is_no_gift_is_refused(noon: datetime) -> None:
    shop = giving_shop()
    anna = customer(shop)
    for wrong in ({"amount": 0}, {"amount": -5}, {"per_cent": 10}, {"amount": 0, "per_cent": 101}):
        with pytest.raises(BadGift):
            grant(shop, anna, **{"amount": 2_000} | wrong)  # type: ignore[arg-type]  # test data
    with pytest.raises(OtherCurrency):
        grant(shop, anna, currency="EUR")


@pytest.mark.django_db
def test_a_percentage_costs_what_an_order_usually_comes_to(noon: datetime) -> None:
    shop = giving_shop(usual_order=33_333)
    made = grant(shop, customer(shop), 0, per_cent=10, currency="")
    assert queries.coupon(made, shop_ids=[shop.id]).cost == 3_334


@pytest.mark.django_db
def test_what_is_withdrawn_is_in_its_month_again(noon: datetime) -> None:
    shop = giving_shop()
    anna = customer(shop)
    made = grant(shop, anna, 5_000)
    with clock.fixed(noon + timedelta(days=30)):
        commands.withdraw(made, shop_id=shop.id, by=SYSTEM)
    assert Month.objects.get(shop_id=shop.id).spent == 0
    assert queries.purse([anna], shop_id=shop.id).amount == 5_000
    with pytest.raises(CouponOver):
        commands.withdraw(made, shop_id=shop.id, by=SYSTEM)


@pytest.mark.django_db
def test_a_coupon_ends_with_its_time_and_its_effect_is_counted(noon: datetime) -> None:
    shop = giving_shop()
    anna = customer(shop)
    made = grant(shop, anna)
    code = queries.coupon(made, shop_ids=[shop.id]).code
    commands.note_orders([(anna, noon - timedelta(days=1))], shop_id=shop.id, by=SYSTEM)
    commands.note_orders([(anna, noon + timedelta(days=9))], shop_id=shop.id, by=SYSTEM)
    found = queries.coupon_effect(shop.id)
    assert (found.granted, found.used, found.ordered, found.cost) == (1, 0, 1, 2_000)
    with clock.fixed(noon + timedelta(days=90)), pytest.raises(CouponOver):
        commands.use(code, shop_id=shop.id, by=SYSTEM)
    commands.forget_coupons([anna], shop_id=shop.id, by=SYSTEM)
    assert Coupon.objects.get().customer_id is None


@pytest.mark.django_db(transaction=True)
def test_two_who_give_at_once_do_not_overdraw() -> None:
    shop = giving_shop()
    people = [customer(shop, f"c{n}") for n in range(6)]
    start, refused = threading.Barrier(len(people)), []

    def give(number: int) -> None:
        try:
            start.wait()
            grant(shop, people[number], 3_000, key=str(number))
        except OverBudget:
            refused.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=[n]) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert Month.objects.get(shop_id=shop.id).spent == 9_000
    assert Coupon.objects.filter(shop_id=shop.id).count() == 3


def test_codes_are_readable_and_stay_what_they_are() -> None:
    code = giving.code(lambda letters: letters[0])
    assert code == "2222-2222-2222"
    assert giving.normal("7kqx b2mrtd9w") == "7KQX-B2MR-TD9W"
    assert not set("01ILOUAEY") & set(giving.ALPHABET)
    assert len(giving.ALPHABET) ** (giving.GROUPS * giving.LETTERS) > 2**57
