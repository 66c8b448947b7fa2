"""Customers: found, seen whole, merged and parted."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from opieka.customers import queries
from opieka.customers.types import ConsentChannel, CustomerCard, Purpose
from opieka.shops.types import Role
from tests.desk.conftest import World

HTMX = {"HX-Request": "true"}


def card(world: World, customer_id: int) -> CustomerCard:
    return queries.card(customer_id, shop_ids=[world.shop.id])


def test_the_list_finds_by_beginnings(agent: Client, world: World) -> None:
    page = agent.get("/customers/").content.decode()
    assert "Anna Kowalska" in page
    assert "Jan Wazon" in page
    page = agent.get("/customers/?q=kowal").content.decode()
    assert "Jan Wazon" not in page
    assert "anna@example.com" in page


def test_the_page_tells_the_whole_story(agent: Client, world: World) -> None:
    page = agent.get(f"/customers/{world.customer}/").content.decode()
    for words in ("First seen", "Message received (E-mail)", "Ordered: 1 piece", "#1001", "Vase"):
        assert words in page, words
    orders = agent.get(f"/customers/{world.customer}/?kind=orders").content.decode()
    assert "Ordered: 1 piece" in orders
    assert "First seen" not in orders
    assert agent.get(f"/customers/{world.customer}/?kind=rubbish").status_code == 404


def test_merging_by_search_and_parting_again(agent: Client, world: World) -> None:
    found = agent.get(f"/customers/{world.customer}/candidates/?q=jan", headers=HTMX).content.decode()
    assert "Jan Wazon" in found
    agent.post(f"/customers/{world.customer}/merge/", {"other": world.other_customer})
    assert card(world, world.other_customer).id == world.customer
    page = agent.get(f"/customers/{world.customer}/").content.decode()
    undo = re.search(r"/merges/\d+/undo/", page)
    assert undo
    agent.post(undo[0])
    assert card(world, world.other_customer).id == world.other_customer


def test_name_language_and_contact_points(agent: Client, world: World) -> None:
    own = f"/customers/{world.customer}/"
    agent.post(f"{own}change/", {"name": "Anna Nowa", "language": "el"})
    assert (card(world, world.customer).name, card(world, world.customer).language) == ("Anna Nowa", "el")
    agent.post(f"{own}points/", {"kind": "phone", "value": "601 234 567"})
    assert "+48 601 234 567" in agent.get(own).content.decode()
    wrong = agent.post(f"{own}points/", {"kind": "email", "value": "jan@example.com"})
    assert wrong.status_code == 422
    assert "belongs to another customer" in wrong.content.decode()


def test_what_she_allows_is_written_down_and_withdrawn(agent: Client, world: World) -> None:
    own = f"/customers/{world.customer}/"
    said = {"purpose": "marketing", "channel": "email", "word": "yes", "wording": "newsletter/3"}
    agent.post(f"{own}consents/", said)
    assert queries.may(world.customer, Purpose.MARKETING, ConsentChannel.EMAIL)
    page = agent.get(own).content.decode()
    for words in ("Advertising · E-mail", "told to the desk · newsletter/3", "Allowed: Advertising (E-mail)"):
        assert words in page, words
    agent.post(f"{own}consents/", said | {"word": "no"})
    assert not queries.may(world.customer, Purpose.MARKETING, ConsentChannel.EMAIL)
    wrong = agent.post(f"{own}consents/", said | {"wording": "she said yes"})
    assert wrong.status_code == 422
    reading = world.client(Role.ANALYST).get(own).content.decode()
    assert "Advertising · E-mail" in reading
    assert "consents/" not in reading


def test_the_order_page(agent: Client, world: World) -> None:
    page = agent.get(f"/orders/{world.order}/").content.decode()
    for words in ("#1001", "Vase", "349", "Anna Kowalska"):
        assert words in page


def test_the_palette_leads_anywhere(agent: Client, world: World) -> None:
    found = agent.get("/palette/?q=anna", headers=HTMX).content.decode()
    assert f"/customers/{world.customer}/" in found
    found = agent.get("/palette/?q=1001", headers=HTMX).content.decode()
    assert f"/orders/{world.order}/" in found
    assert "/inbox/" in agent.get("/palette/", headers=HTMX).content.decode()


@pytest.mark.parametrize("language", ["pl", "ru", "el", "en"])
def test_the_desk_speaks_the_language_of_its_reader(world: World, language: str) -> None:
    client = world.client(Role.OWNER)
    client.post("/me/language/", {"language": language})
    page = client.get(f"/customers/{world.customer}/").content.decode()
    assert f'<html lang="{language}"' in page
    another = world.client(Role.OWNER)
    assert f'<html lang="{language}"' in another.get("/me/").content.decode(), "on every machine"
