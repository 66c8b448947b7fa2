"""What a shop sets about its customers' pages, and the link to one of them on the order's page."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as File
from django.test import Client

from opieka.channels.models import ShopFile
from opieka.deliveries import queries
from opieka.deliveries.types import PagePreferences
from opieka.inbound.commands import drop_unused
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops
from opieka.shops.types import Role
from tests.desk.conftest import World, make_world, signed_in, tuesday

__all__ = ["tuesday"]

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
TILES = "https://tiles.example.com/{z}/{x}/{y}.png"


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_logo_is_taken_for_what_it_is_and_shown_to_customers(world: World) -> None:
    owner, address = signed_in(world.staff[Role.OWNER]), f"/settings/{world.shop.slug}/pages/"
    assert signed_in(world.staff[Role.AGENT]).get(address).status_code == 403
    door = f"/my/in/{world.shop.slug}/"
    assert "<img" not in Client().get(door).content.decode()
    wrong = [b"<svg onload='x'/>", b"GIF89a" + bytes(20), PNG + bytes(200_000)]
    for data in wrong:
        answer = owner.post(address, {"logo": File("logo.png", data, "image/png")})
        assert answer.status_code == 422
        assert "A logo is a PNG" in answer.content.decode()
    assert owner.post(address, {"logo": File("logo.svg", PNG, "text/html")}).status_code == 302
    found = re.search(r'<img src="([^"]+)" alt="([^"]+)"', Client().get(door).content.decode())
    assert found
    assert found[2] == world.shop.name
    shown = Client().get(found[1])
    assert (shown.status_code, shown["Content-Type"], shown.content) == (200, "image/png", PNG)
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert Client().get(found[1].replace(world.shop.slug, make_world().shop.slug)).status_code == 404
    sha256 = shops.shop(world.shop.id).logo
    drop_unused([sha256], shop_id=world.shop.id, by=SYSTEM)
    assert ShopFile.objects.filter(shop_id=world.shop.id, file__sha256=sha256).exists(), "it is in use"
    owner.post(address, {"no_logo": "on"})
    assert "<img" not in Client().get(door).content.decode()
    drop_unused([sha256], shop_id=world.shop.id, by=SYSTEM)
    assert not ShopFile.objects.filter(shop_id=world.shop.id, file__sha256=sha256).exists()


def test_the_map_comes_from_a_server_that_is_named_in_full(world: World) -> None:
    owner, address = signed_in(world.staff[Role.OWNER]), f"/settings/{world.shop.slug}/pages/"
    for wrong in (
        "http://tiles.example.com/{z}/{x}/{y}",
        "https://a.example.com/{z}",
        TILES + "; script-src *",
    ):
        assert owner.post(address, {"map_tiles": wrong}).status_code == 422
    told = {
        "map_tiles": TILES,
        "map_credit": "© Somebody",
        "map_directions": "https://maps.example.com/?to={latitude},{longitude}",
    }
    assert owner.post(address, told).status_code == 302
    kept = shops.preferences(world.shop.id, PagePreferences)
    assert kept == PagePreferences(**told)
    assert kept.tile_server == "https://tiles.example.com"
    assert kept.directions(52.1, -0.5) == "https://maps.example.com/?to=52.100000,-0.500000"
    assert f"/my/in/{world.shop.slug}/" in owner.get(address).content.decode()


def test_an_agent_copies_the_customers_link_and_makes_it_void(world: World) -> None:
    agent, page = world.client(), f"/orders/{world.order}/"

    def link() -> str:
        found = re.search(r'data-copy="([^"]+)"', agent.get(page).content.decode())
        assert found
        return found[1].partition("/my/o/")[2].rstrip("/")

    before = link()
    assert queries.opened(before) == (world.shop.id, world.order)
    analyst = signed_in(world.staff[Role.ANALYST])
    assert "/my/o/" not in analyst.get(page).content.decode()
    assert analyst.post(f"{page}page/void/").status_code == 403
    assert agent.post(f"{page}page/void/").status_code == 302
    assert Client().get(f"/my/o/{before}/").status_code == 404
    assert Client().get(f"/my/o/{link()}/").status_code == 200
    assert agent.post(f"/orders/{make_world().order}/page/void/").status_code == 404
