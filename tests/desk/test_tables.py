"""Tables: order, filters and place in the address, and the file to take along."""

from __future__ import annotations

import csv
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opieka.customers import commands as customers
from opieka.customers import queries
from opieka.customers.types import ContactKind, ContactPoint, Sighting
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import lines
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import Role, ShopCard
from tests.desk.conftest import World

NAMES = ("Łucja Zając", "Maria Nowak", "Óla", "Zoe", "Ёлка Орлова", "Ирина", "Άννα", "Βασίλης", "=1+1", "")


def meet(shop: ShopCard) -> None:
    sightings = [
        Sighting([ContactPoint(ContactKind.EMAIL, f"p{n}@example.com")], name=name)
        for n, name in enumerate(NAMES)
    ]
    customers.recognise_many(sightings, shop_id=shop.id, by=SYSTEM)


def shown(client: Client, address: str) -> list[str]:
    """The e-mail addresses in a table, in its order."""
    html = client.get(address).content.decode()
    return [part.split("<")[0] for part in html.split('class="whole"')[1:] for part in [part.split(">")[1]]]


def file(client: Client, address: str) -> list[list[str]]:
    text = client.get(address).getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def test_names_are_sorted_without_case_and_accents_the_nameless_last(world: World) -> None:
    meet(world.shop)
    found = queries.listed(shop_ids=[world.shop.id], order="sorting")
    names = [card.name for card in found if card.points[0].value.startswith("p")]
    assert names == [
        *("=1+1", "Łucja Zając", "Maria Nowak", "Óla", "Zoe", "Άννα", "Βασίλης", "Ёлка Орлова", "Ирина", ""),
    ]


@pytest.mark.parametrize("order", ["id", "-id", "sorting", "-sorting"])
def test_pages_of_any_order_are_the_whole(world: World, order: str) -> None:
    meet(world.shop)
    shop_ids = [world.shop.id]
    whole = [card.id for card in queries.listed(shop_ids=shop_ids, order=order)]
    paged: list[int] = []
    while found := queries.listed(
        shop_ids=shop_ids, order=order, after_id=paged[-1] if paged else None, limit=3
    ):
        paged += [card.id for card in found]
    assert paged == whole
    assert len(set(whole)) == len(NAMES) + 2


def test_the_address_says_how_customers_are_sorted_and_filtered(world: World) -> None:
    meet(world.shop)
    client = world.client(Role.LEAD)
    down = shown(client, "/customers/?sort=-name")
    assert shown(client, "/customers/?sort=name") == down[::-1]
    assert len(shown(client, "/customers/?language=pl")) == len(down)
    assert shown(client, "/customers/?language=el") == []
    for wrong in ("sort=password", "language=xx", "after=x"):
        assert client.get(f"/customers/?{wrong}").status_code == 404
    html = client.get("/customers/?sort=name&language=pl").content.decode()
    assert 'aria-sort="ascending"' in html
    assert "sort=-name" in html
    assert "/customers/export/?language=pl&amp;sort=name" in html


def test_customers_are_taken_along_whole(world: World) -> None:
    meet(world.shop)
    rows = file(world.client(Role.LEAD), "/customers/export/?sort=name")
    assert rows[0][:3] == ["Name", "Reached at", "Language"]
    assert len(rows) == 1 + len(NAMES) + 2
    names = [row[0] for row in rows]
    assert "'=1+1" in names
    assert "Łucja Zając" in names
    assert file(world.client(Role.LEAD), "/customers/export/?q=zajac")[1][1] == "p0@example.com"


def test_only_who_may_export_customers_does(world: World) -> None:
    assert world.client(Role.AGENT).get("/customers/export/").status_code == 403
    assert "/customers/export/" not in world.client(Role.AGENT).get("/customers/").content.decode()
    assert world.client(Role.OWNER).get("/customers/export/").status_code == 200


@pytest.mark.parametrize("part", ["mailboxes", "staff"])
def test_settings_are_sorted_filtered_and_taken_along(world: World, part: str) -> None:
    client = world.client(Role.OWNER)
    own = f"/settings/{world.shop.slug}/{part}/"
    rows = file(client, f"{own}export/")
    assert len(rows) == 1 + (1 if part == "mailboxes" else len(Role))
    assert file(client, f"{own}export/?state={'rests' if part == 'mailboxes' else 'closed'}") == rows[:1]
    assert file(client, f"{own}export/?sort=-last")[0] == rows[0]
    assert client.get(f"{own}?sort=-last").status_code == 200
    assert client.get(f"{own}?state=nonsense").status_code == 404
    assert world.client(Role.LEAD).get(f"{own}export/").status_code == 403


@given(st.text(max_size=20))
def test_no_cell_is_a_formula_and_none_is_lost(text: str) -> None:
    reader = Reader("pl", ZoneInfo("Europe/Warsaw"), clock.now())
    whole = b"".join(lines(["head"], [[text, 7]], reader)).decode(errors="surrogatepass")
    cell, number = list(csv.reader(StringIO(whole[1:], newline=""), delimiter=";"))[1]
    assert number == "7"
    assert cell in {text, f"'{text}"}
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(("language", "separator"), [("pl", ";"), ("ru", ";"), ("el", ";"), ("en", ",")])
def test_columns_are_parted_as_the_readers_spreadsheet_expects(language: str, separator: str) -> None:
    reader = Reader(language, ZoneInfo("Europe/Warsaw"), clock.now())
    assert b"".join(lines(["a", "b"], [], reader)) == f"\ufeffa{separator}b\r\n".encode()
