"""The demo goes in whole, once, each thing at its own moment, and stays between its operators' walls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from rich.console import Console

from opieka.catalogue import queries as catalogue
from opieka.catalogue.types import Wanted
from opieka.customers import queries as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.kernel import clock
from opieka.orders import queries as orders
from opieka.project.demo import load
from opieka.project.demo.content import Demo
from opieka.project.demo.reading import read
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard
from opieka.timeline import queries as timeline
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def quiet() -> Console:
    return Console(file=StringIO())


@pytest.fixture
def demo(quiet: Console) -> Iterator[Demo]:
    with clock.fixed(NOW):
        assert load.fill(quiet)
        yield read(NOW)


def shop(slug: str) -> ShopCard:
    return shops.shop_by_slug(slug)


def owner(kind: ContactKind, value: str, slug: str) -> int:
    found = customers.recognised([ContactPoint(kind, value)], shop_id=shop(slug).id)
    assert found is not None, value
    return found


def test_it_goes_in_once(demo: Demo, quiet: Console) -> None:
    assert not load.fill(quiet)
    assert not load.fill_if_empty(quiet)
    assert len(shops.shops()) == len(demo.shops)


def test_serve_leaves_an_installation_in_use_alone(quiet: Console) -> None:
    make_shop()
    assert not load.fill_if_empty(quiet)
    assert len(shops.shops()) == 1


@pytest.mark.usefixtures("demo")
def test_the_demo_login_opens_the_desk() -> None:
    person = authenticate(None, username=load.LOGIN, password=load.PASSWORD)
    assert person is not None
    assert len(shops.permissions(person.pk)) == 2


def test_every_customer_is_known_by_all_her_contact_points(demo: Demo) -> None:
    """Also by a number of Cyprus typed without its country code, in a shop of Greece."""
    for slug, value in (("xefoto", "+357 22 000027"), ("polana", "k.brzezicka@pracownia-brzezicka.example")):
        kind = ContactKind.EMAIL if "@" in value else ContactKind.PHONE
        assert owner(kind, value, slug)
    ioannou = owner(ContactKind.PHONE, "+357 99 000024", "xefoto")
    card = customers.card(ioannou, shop_ids=[shop("xefoto").id])
    assert (card.name, card.language, len(card.points)) == ("Κώστας Ιωάννου", "el", 5)
    assert card.since == demo.customer["ioannou"].since


def test_nobody_is_suspected_to_be_somebody_else(demo: Demo) -> None:
    for customer in demo.customers:
        home = demo.home(customer).slug
        found = owner(ContactKind.EMAIL, customer.email, home)
        assert customers.suspected(found, shop_ids=[shop(home).id]) == [], customer.key


def test_every_order_is_its_buyers(demo: Demo) -> None:
    for order in demo.orders:
        here = shop(order.shop)
        (found,) = orders.by_number(order.number, shop_ids=[here.id])
        email = demo.customer[order.customer].email
        assert found.customer_id == owner(ContactKind.EMAIL, email, order.shop), order.number
        assert (found.total, found.placed_at) == (order.total, order.placed), order.number


@pytest.mark.usefixtures("demo")
def test_operators_know_one_person_each_on_their_own() -> None:
    james = "james.oconnell@example.com"
    here, there = (owner(ContactKind.EMAIL, james, slug) for slug in ("polana", "otter"))
    assert here != there
    seen = orders.of_customers([here, there], shop_ids=[shop("otter").id])
    assert {order.number[:2] for order in seen} == {"OI"}


def test_the_timeline_tells_when_it_happened(demo: Demo) -> None:
    here, order = shop("polana"), demo.order["PL-10250"]
    person = owner(ContactKind.EMAIL, demo.customer[order.customer].email, order.shop)
    told = timeline.of_customers([person], shop_ids=[here.id])
    assert order.placed in {entry.at for entry in told}
    assert all(entry.at <= NOW for entry in told)


def test_goods_are_on_sale_in_the_language_of_their_shop(demo: Demo) -> None:
    found = catalogue.search(Wanted(), shop_id=shop("xefoto").id, limit=100)
    assert len(found.products) == sum("xefoto" in product.prices for product in demo.products)
    variant = catalogue.variants_by_sku(["BLK-RUS"], shop_id=shop("xefoto").id)["BLK-RUS"]
    assert (variant.name, variant.price) == ("κεραμιδί", 6650)
