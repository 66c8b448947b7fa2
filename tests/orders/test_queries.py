"""Orders are found by what people know of them, with few questions to the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opieka.customers import commands as customers
from opieka.customers import queries as people
from opieka.customers.types import ContactKind, ContactPoint
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.orders import queries
from opieka.orders.types import Contact, FulfilmentStatus, OrderCard, PaymentStatus, ShipmentStatus, Step
from tests.factories import make_shop
from tests.orders.building import after, apply, report, shipment

pytestmark = pytest.mark.django_db


def numbers(cards: list[OrderCard]) -> list[str]:
    return [card.number for card in cards]


def some_orders(shop_id: int, count: int, *, email: str = "anna@example.pl") -> None:
    contact = Contact(name="Anna Nowak", email=email, phone="601 234 567")
    orders = [
        report(
            number,
            external_id=f"{email}{number}",
            number=f"#{1000 + number}",
            placed_at=after(number),
            contact=contact,
        )
        for number in range(count)
    ]
    apply(shop_id, *orders)


@pytest.mark.parametrize("typed", ["#1001", "1001", " 1001 ", "nr 1001", "No. 1001", "№1001"])
def test_by_number_however_it_is_typed(typed: str) -> None:
    shop = make_shop()
    some_orders(shop.id, 3)
    assert numbers(queries.by_number(typed, shop_ids=[shop.id])) == ["#1001"]
    assert queries.by_number(typed, shop_ids=[make_shop().id]) == []
    assert queries.by_number("#", shop_ids=[shop.id]) == []


def test_by_contact_point() -> None:
    shop, sister = make_shop(), make_shop()
    some_orders(shop.id, 2)
    for point in (
        ContactPoint(ContactKind.EMAIL, "Anna@Example.PL"),
        ContactPoint(ContactKind.PHONE, "+48 601 234 567"),
    ):
        assert numbers(queries.by_contact(point, shop_id=shop.id)) == ["#1001", "#1000"]
        assert queries.by_contact(point, shop_id=sister.id) == []


def test_the_orders_of_two_who_are_one() -> None:
    shop = make_shop()
    some_orders(shop.id, 1)
    apply(shop.id, report(9, external_id="j", number="#7", contact=Contact(email="jan@example.pl")))
    anna, jan = (
        queries.by_number(number, shop_ids=[shop.id])[0].customer_id or 0 for number in ("1000", "7")
    )
    customers.merge(anna, loser_id=jan, shop_id=shop.id, by=SYSTEM)
    ids = people.lineage(anna)
    assert sorted(numbers(queries.of_customers(ids, shop_ids=[shop.id]))) == ["#1000", "#7"]
    assert queries.counts(ids, shop_ids=[shop.id]) == {anna: 1, jan: 1}


@pytest.mark.parametrize("typed", ["100", "#1002", "620001", "anna", "Nowak", "anna@example.pl"])
def test_search(typed: str) -> None:
    shop = make_shop()
    some_orders(shop.id, 3)
    apply(shop.id, report(0, external_id=f"anna@example.pl{2}", number="#1002", shipments=(shipment(),)))
    assert "#1002" in numbers(queries.search(typed, shop_ids=[shop.id]))
    assert queries.search(typed, shop_ids=[make_shop().id]) == []
    assert queries.search("nobody", shop_ids=[shop.id]) == []
    assert queries.search(" ", shop_ids=[shop.id]) == []


def test_newest_first_page_by_page() -> None:
    shop = make_shop()
    some_orders(shop.id, 5)
    first = queries.latest(shop_ids=[shop.id], limit=3)
    last = first[-1]
    rest = queries.latest(shop_ids=[shop.id], before=(last.placed_at, last.id), limit=3)
    assert numbers(first + rest) == ["#1004", "#1003", "#1002", "#1001", "#1000"]


def test_one_order_and_only_for_its_shop() -> None:
    shop = make_shop()
    some_orders(shop.id, 1)
    (card,) = queries.latest(shop_ids=[shop.id])
    assert queries.order(card.id, shop_ids=[shop.id]) == card
    with pytest.raises(NotFound):
        queries.order(card.id, shop_ids=[make_shop().id])


@pytest.mark.parametrize("count", [1, 30])
def test_five_questions_however_many_orders(count: int) -> None:
    shop = make_shop()
    some_orders(shop.id, count)
    customer_id = queries.latest(shop_ids=[shop.id])[0].customer_id
    with CaptureQueriesContext(connection) as asked:
        cards = queries.of_customers([customer_id or 0], shop_ids=[shop.id], limit=100)
    assert (len(cards), len(asked)) == (count, 5)


def strip(shop_id: int) -> str:
    """The dots, filled or empty."""
    (card,) = queries.latest(shop_ids=[shop_id])
    assert [dot.step for dot in card.strip] == list(Step)
    return "".join("●" if dot.done else "○" for dot in card.strip)


def test_the_delivery_strip_fills_dot_by_dot() -> None:
    shop = make_shop()
    apply(shop.id, report(0, payment_status=PaymentStatus.PENDING))
    assert strip(shop.id) == "●○○○○"
    apply(shop.id, report(1))
    assert strip(shop.id) == "●●○○○"
    apply(shop.id, report(2, fulfilment_status=FulfilmentStatus.PARTIAL, shipments=(shipment(),)))
    assert strip(shop.id) == "●●●○○"
    out = shipment(ShipmentStatus.OUT_FOR_DELIVERY)
    apply(shop.id, report(3, fulfilment_status=FulfilmentStatus.PARTIAL, shipments=(out,)))
    assert strip(shop.id) == "●●●●○"
    arrived = shipment(ShipmentStatus.DELIVERED, delivered_at=after(4))
    apply(shop.id, report(4, fulfilment_status=FulfilmentStatus.PARTIAL, shipments=(arrived,)))
    assert strip(shop.id) == "●●●●○"  # there is more to come
    apply(shop.id, report(5, fulfilment_status=FulfilmentStatus.FULFILLED))
    assert strip(shop.id) == "●●●●●"
    assert queries.latest(shop_ids=[shop.id])[0].strip[4].at == after(4)


def test_the_strip_of_a_shop_that_only_says_sent() -> None:
    shop = make_shop()
    apply(shop.id, report(1, fulfilment_status=FulfilmentStatus.FULFILLED))
    assert strip(shop.id) == "●●●○○"
    cancelled = shipment(ShipmentStatus.CANCELLED, shipped_at=None)
    other = make_shop()
    apply(other.id, report(1, shipments=(cancelled,)))
    assert strip(other.id) == "●●○○○"
