"""The demo goes in whole, once, each thing at its own moment, and stays between its operators' walls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker
from rich.console import Console

from opieka.catalogue import queries as catalogue
from opieka.catalogue.types import Wanted
from opieka.channels.types import DispatchState
from opieka.conversations import queries as conversations
from opieka.conversations.types import MessageItem, NoteItem, Row, State, View
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

# The mark makes pytest-django create the database; each test is then a savepoint inside the loaded demo.
pytestmark = pytest.mark.django_db
QUIET = Console(file=StringIO())
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """Loaded once for all tests here, which only look at it."""
    with django_db_blocker.unblock(), clock.fixed(NOW), transaction.atomic():
        assert load.fill_if_empty(QUIET)
        yield read(NOW)
        transaction.set_rollback(True)


def shop(slug: str) -> ShopCard:
    return shops.shop_by_slug(slug)


def owner(kind: ContactKind, value: str, slug: str) -> int:
    found = customers.recognised([ContactPoint(kind, value)], shop_id=shop(slug).id)
    assert found is not None, value
    return found


def test_it_goes_in_once(demo: Demo) -> None:
    assert not load.fill(QUIET)
    assert not load.fill_if_empty(QUIET)
    assert len(shops.shops()) == len(demo.shops)


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


def test_each_thing_is_told_once(demo: Demo) -> None:
    told = Counter(
        entry.fact.kind
        for order in demo.orders
        for entry in timeline.of_subject(
            f"order:{orders.by_number(order.number, shop_ids=[shop(order.shop).id])[0].id}",
            shop_id=shop(order.shop).id,
        )
    )
    assert told["OrderPlaced"] == len(demo.orders)
    assert told["OrderDelivered"] == sum(
        step.stage == "delivered"
        for order in demo.orders
        for parcel in order.parcels
        for step in parcel.steps
    )


def test_goods_are_on_sale_in_the_language_of_their_shop(demo: Demo) -> None:
    found = catalogue.search(Wanted(), shop_id=shop("xefoto").id, limit=100)
    assert len(found.products) == sum("xefoto" in product.prices for product in demo.products)
    variant = catalogue.variants_by_sku(["BLK-RUS"], shop_id=shop("xefoto").id)["BLK-RUS"]
    assert (variant.name, variant.price) == ("κεραμιδί", 6650)


def rows(demo: Demo) -> dict[tuple[str, str], Row]:
    """The inbox by shop and subject."""
    return {
        (each.slug, row.subject): row
        for each in demo.shops
        for row in conversations.inbox([shop(each.slug).id], view=View.ALL, limit=100).rows
    }


def test_every_conversation_is_one_thread_in_the_state_it_was_left(demo: Demo) -> None:
    states = {
        "open": State.OPEN,
        "assigned": State.OPEN,
        "waiting": State.WAITING,
        "resolved": State.RESOLVED,
    }
    found = rows(demo)
    assert len(found) == len(demo.conversations)
    for told in demo.conversations:
        row = found[told.shop, told.subject]
        expected = State.WAITING if told.name == "en-reply-bounced" else states[told.status]
        assert (row.state, row.message_count) == (expected, len(told.messages)), told.name
        assert row.assignee == (demo.member[told.assignee].name if told.assignee else ""), told.name
        assert row.last_message_at == max(m.at for m in told.messages if m.kind == "mail"), told.name


def test_a_thread_tells_who_wrote_what_and_when(demo: Demo) -> None:
    for told in demo.conversations:
        row = rows(demo)[told.shop, told.subject]
        thread = conversations.thread(row.id, shop_ids=[row.shop_id])
        said = [item for item in thread.items if isinstance(item, MessageItem)]
        noted = [item for item in thread.items if isinstance(item, NoteItem)]
        assert [item.at for item in said] == [message.at for message in told.messages], told.name
        assert [(item.at, item.text) for item in noted] == sorted((n.at, n.text) for n in told.notes)
        for item, message in zip(said, told.messages, strict=True):
            assert len(item.files) >= len(message.attachments), told.name
            if not message.inbound:
                assert item.author == demo.member[message.by].name, told.name
                assert item.delivery is not None
                bounced = told.name == "en-reply-bounced"
                assert item.delivery.state == (DispatchState.BOUNCED if bounced else DispatchState.SENT)


def test_writers_are_met_as_the_customers_they_are(demo: Demo) -> None:
    found = rows(demo)
    for told in demo.conversations:
        writer = demo.sender(told)
        row = found[told.shop, told.subject]
        assert row.customer_id == owner(ContactKind.EMAIL, writer.email, told.shop), told.name
        assert row.customer == (writer.name or writer.email), told.name


def test_what_came_since_is_unread(demo: Demo) -> None:
    person = authenticate(None, username=load.LOGIN, password=load.PASSWORD)
    assert person is not None
    inbox = conversations.inbox([shop("polana").id], view=View.ALL, staff_id=person.pk, limit=100)
    told = {each.subject: each for each in demo.conversations if each.shop == "polana"}
    for row in inbox.rows:
        assert not (row.unread and told[row.subject].status == "waiting"), row.subject
        assert row.unread or told[row.subject].status != "open", row.subject
