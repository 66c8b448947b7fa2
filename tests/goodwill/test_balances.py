"""Balances as they are kept: exactly once, the same as read anew, right after merging and parting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.customers import commands as customers
from opieka.customers import queries as people
from opieka.customers.types import ContactKind, ContactPoint
from opieka.deliveries import facts as parcels
from opieka.goodwill import commands, queries
from opieka.goodwill.models import Movement
from opieka.goodwill.types import Balance, BalancePreferences
from opieka.kernel.actor import SYSTEM
from opieka.kernel.facts import Fact
from opieka.orders.facts import OrderPlaced
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.commands import record_many
from opieka.timeline.types import Entry, NewTouchpoint
from tests.factories import make_shop


def customer(shop: ShopCard, name: str = "anna") -> int:
    point = ContactPoint(ContactKind.EMAIL, f"{name}@{shop.slug}.example")
    return customers.recognise([point], name=name, shop_id=shop.id, by=SYSTEM)


def parcel(number: int, order: int | None = None) -> dict[str, Any]:
    return {"parcel_id": number, "order_id": order, "carrier": "dpd"}


def placed(order: int) -> Fact:
    return OrderPlaced(order_id=order, total=1000, currency="PLN", pieces=1)


def happen(shop: ShopCard, customer_id: int, *told: Fact, at: datetime | None = None) -> None:
    record_many(NewTouchpoint(fact, shop.id, customer_id, "x:1", SYSTEM, at) for fact in told)


def rows(shop: ShopCard) -> list[tuple[object, ...]]:
    columns = ("key", "experience", "customer_id", "touchpoint_id", "at")
    return sorted(Movement.objects.filter(shop_id=shop.id).values_list(*columns))


def stands(shop: ShopCard, customer_id: int) -> Balance:
    return queries.balance(people.lineage(customer_id), shop_ids=[shop.id])


@pytest.mark.django_db(transaction=True)
def test_reactions_keep_what_a_rebuild_reads(noon: datetime) -> None:
    from django.db import transaction

    shop = make_shop()
    reacting.begin()
    with transaction.atomic():
        anna, beata = customer(shop), customer(shop, "beata")
        late = parcels.ParcelLate(**parcel(1, 7), promised_to=noon)
        also = parcels.ParcelLate(**parcel(2, 7), promised_to=noon)
        happen(shop, anna, placed(7), late, also)
        happen(shop, beata, placed(8), parcels.ParcelLost(**parcel(3, 8)))
    while reacting.run_all(batch=2):
        pass
    kept = rows(shop)
    assert [key for key, *_ in kept] == [
        "late:order_id:7:2026-11-23T12:00:00+00:00",
        "lost:parcel_id:3",
        "ordered:order_id:7",
        "ordered:order_id:8",
    ]
    assert commands.rebuild(shop.id, by=SYSTEM) == 4
    assert rows(shop) == kept
    assert stands(shop, anna) == Balance(points=-11, good=1, bad=1, to_restore=11)
    customers.erase(anna, shop_id=shop.id, by=SYSTEM)
    while reacting.run_all():
        pass
    assert {row[2] for row in rows(shop)} == {beata}
    assert commands.rebuild(shop.id, by=SYSTEM) == 2


FACTS = st.one_of(
    st.builds(placed, st.integers(1, 3)),
    st.builds(lambda n, o: parcels.ParcelDelivered(**parcel(n, o)), st.integers(1, 3), st.integers(1, 3)),
    st.builds(lambda n, o: parcels.ParcelDamaged(**parcel(n, o)), st.integers(1, 3), st.integers(1, 3)),
    st.builds(lambda n: parcels.ParcelAttemptFailed(**parcel(n), attempt=n), st.integers(1, 3)),
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(FACTS, max_size=12), data=st.data())
def test_neither_order_nor_repetition_matters(
    told: Sequence[Fact], data: st.DataObject, noon: datetime
) -> None:
    shop = make_shop()
    anna = customer(shop)
    entries = [
        Entry(n, shop.id, anna, "x:1", fact, SYSTEM, noon + timedelta(hours=n))
        for n, fact in enumerate(told, 1)
    ]
    commands.feel(entries, by=SYSTEM)
    straight = rows(shop)
    Movement.objects.filter(shop_id=shop.id).delete()
    shuffled = data.draw(st.permutations([*entries, *entries[::2]]))
    for entry in shuffled:
        commands.feel([entry], by=SYSTEM)
    assert rows(shop) == straight


@pytest.mark.django_db
def test_merging_joins_balances_and_parting_parts_them(noon: datetime) -> None:
    shop = make_shop()
    anna, again = customer(shop), customer(shop, "again")

    def feel(number: int, customer_id: int, fact: Fact) -> None:
        commands.feel([Entry(number, shop.id, customer_id, "x:1", fact, SYSTEM, noon)], by=SYSTEM)

    feel(1, anna, placed(1))
    feel(2, again, parcels.ParcelDamaged(**parcel(4)))
    merge = customers.merge(anna, loser_id=again, shop_id=shop.id, by=SYSTEM)
    assert stands(shop, anna).points == -11
    customers.unmerge(merge, shop_id=shop.id, by=SYSTEM)
    assert (stands(shop, anna).points, stands(shop, again).points) == (1, -12)


@pytest.mark.django_db
def test_a_shops_weights_count_at_once(noon: datetime) -> None:
    shop = make_shop()
    anna = customer(shop)
    damaged = parcels.ParcelDamaged(**parcel(4))
    commands.feel([Entry(1, shop.id, anna, "x:1", damaged, SYSTEM, noon - timedelta(days=365))], by=SYSTEM)
    assert stands(shop, anna).points == -6
    tuned = BalancePreferences(weights={"damaged": -30}, half_life_days=0)
    shops.set_preferences(shop.id, value=tuned, by=SYSTEM)
    assert stands(shop, anna).points == -30
    moved = queries.movements([anna], shop_ids=[shop.id])
    assert [(one.experience.value, one.weight) for one in moved] == [("damaged", -30.0)]
    assert queries.movements([anna], shop_ids=[shop.id], before_id=moved[0].id) == []
