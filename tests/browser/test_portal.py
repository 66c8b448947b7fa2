"""The customer's pages at the width of a phone: accessible, nothing sticking out, everything large enough for a thumb.

`PORTAL_PICTURES=FOLDER pytest tests/browser/test_portal.py` also photographs them there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from opieka.deliveries import commands
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import Choice, ChoiceKind, PagePreferences
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import commands as shops
from tests.browser.test_looks import RULES, STICKING_OUT
from tests.deliveries.building import after, report, take, tracking
from tests.portal.building import POINT, World, make_world

pytestmark = pytest.mark.browser
HOST = "http://portal.test"
TILES = "https://tiles.test"
TILE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx"
    b"\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)
LANGUAGES = ("pl", "ru", "el", "en")
TOO_SMALL = """() => [...document.querySelectorAll("a, button, label.option, input:not([type=hidden])")]
  .filter(e => e.checkVisibility() && !e.closest(".skip, label.option") || e.matches("label.option"))
  .filter(e => e.getBoundingClientRect().height < 47.5)
  .map(e => e.outerHTML.slice(0, 120))"""
Answer = tuple[int, str, bytes, str]


def _on_its_way(world: World) -> str:
    words = Choice(kind=ChoiceKind.NEIGHBOUR, words="Katarzyna Konstantynopolitańczykiewiczówna, flat 4")
    commands.choose(world.parcel_id, shop_id=world.shop.id, choice=words, key="1", by=SYSTEM)
    return ""


def _asking(kind: str) -> Callable[[World], str]:
    def prepared(world: World) -> str:
        commands.keep_points(world.shop.id, carrier="memory", points=[POINT], by=SYSTEM)
        return f"{world.parcel_id}/{kind}/"

    return prepared


def _with_map(world: World) -> str:
    told = PagePreferences(map_tiles=f"{TILES}/{{z}}/{{x}}/{{y}}.png", map_credit="© <b>OpenStreetMap</b>")
    shops.set_preferences(world.shop.id, value=told, by=SYSTEM)
    other = replace(POINT, code="WAW02", name="Żabka Polna", latitude=52.2399, longitude=21.0267)
    commands.keep_points(world.shop.id, carrier="memory", points=[POINT, other], by=SYSTEM)
    return f"{world.parcel_id}/pickup_point/"


def _at_stage(*stages: str, path: str = "") -> Callable[[World], str]:
    def prepared(world: World) -> str:
        world.report("label_created", "in_transit", *stages)
        return path.format(parcel=world.parcel_id)

    return prepared


def _late(world: World) -> str:
    with clock.fixed(after(24 * 5)):
        commands.sweep(100, by=SYSTEM)
    return ""


def _several(world: World) -> str:
    """One that was delivered, one in a locker with its code, and one on its way."""
    directions = PagePreferences(map_directions="https://maps.test/?to={latitude},{longitude}")
    shops.set_preferences(world.shop.id, value=directions, by=SYSTEM)
    point = replace(POINT, code="WAW01A", hours="Mo-Fr 08:00-20:00; Sa 09:00-14:00")
    commands.keep_points(world.shop.id, carrier="memory", points=[point], by=SYSTEM)
    waits = report(2, "awaiting_collection", depot="WAW01A", collect_by=after(50))
    inside = tracking(waits, number="MEM1", carrier="memory", collect_code="483920")
    take(world.shop.id, inside, told_by="memory")
    world.report("label_created", "in_transit", number="MEM2")
    world.report("label_created", "in_transit", "delivered", number="MEM3")
    return ""


def _without_parcels(world: World) -> str:
    Parcel.objects.filter(shop_id=world.shop.id).delete()
    return ""


SCREENS: Mapping[str, Callable[[World], str]] = {
    "way": _on_its_way,
    "waiting": _at_stage("awaiting_collection"),
    "delivered": _at_stage("delivered"),
    "lost": _at_stage("lost"),
    "late": _late,
    "several": _several,
    "none": _without_parcels,
    "returned": _at_stage("returning", "returned"),
    "cancelled": _at_stage("cancelled"),
    "damaged": _at_stage("delivered", path="{parcel}/arrived/?how=damaged"),
    "slot": _asking("slot"),
    "point": _asking("pickup_point"),
    "map": _with_map,
    "address": _asking("address"),
}


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> dict[str, Answer]:
    """Every page by its address, made before there is a browser."""
    found: dict[str, Answer] = {}
    with django_db_blocker.unblock(), transaction.atomic(), clock.fixed(after(3)):
        for name, prepare in SCREENS.items():
            world = make_world(accent="#ffcc00")
            path = prepare(world)
            for language in LANGUAGES:
                client = Client(headers={"Accept-Language": language})
                _keep(found, f"/{name}/{language}", client.get(f"/my/o/{world.key}/{path}"))
            _keep(found, f"/my/look/{world.shop.slug}.css", client.get(f"/my/look/{world.shop.slug}.css"))
        for language in LANGUAGES:
            client = Client(headers={"Accept-Language": language})
            _keep(found, f"/door/{language}", client.get(f"/my/in/{world.shop.slug}/"))
            _keep(found, f"/refused/{language}", client.get("/my/o/forged/"))
        transaction.set_rollback(True)
    return found


def _keep(found: dict[str, Answer], address: str, answer: Any) -> None:
    found[address] = (
        answer.status_code,
        answer["Content-Type"],
        answer.content,
        answer["Content-Security-Policy"],
    )


def opened(
    browser: Browser, answers: Mapping[str, Answer], address: str, *, theme: str
) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=theme)  # type: ignore[arg-type]  # one of two words
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )

    def serve(route: Route) -> None:
        if route.request.url.startswith(TILES):
            route.fulfill(status=200, body=TILE, content_type="image/png")
            return
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/"):
            answer = Client().get(path)
            route.fulfill(
                status=answer.status_code,
                body=b"".join(answer.streaming_content),  # type: ignore[attr-defined]  # a file
                content_type=answer["Content-Type"],
            )
            return
        _status, kind, body, policy = answers[path]
        route.fulfill(
            status=200, body=body, headers={"Content-Type": kind, "Content-Security-Policy": policy}
        )

    page.route("**/*", serve)
    page.goto(HOST + address)
    return page, complaints


@pytest.mark.django_db  # it also sees to it that there are tables when this module runs alone
def test_every_page_is_what_it_is_looked_at_for(answers: dict[str, Answer]) -> None:
    wrong = {address for address, answer in answers.items() if answer[0] != 200}
    assert wrong == {f"/refused/{language}" for language in LANGUAGES}


LOOKS = (("pl", "light"), ("ru", "dark"), ("el", "light"), ("en", "dark"))
NAMES = (*SCREENS, "door", "refused")
SEEN = [
    (name, *look)
    for number, name in enumerate(NAMES)
    for look in (LOOKS if os.environ.get("PORTAL_PICTURES") else LOOKS[number % 2 :: 2])
]
"""Every page in two of the four looks, one after the other in all of them; in all when they are photographed."""


@pytest.mark.parametrize(("name", "language", "theme"), SEEN)
def test_a_page_is_accessible_and_fits_a_phone(
    answers: dict[str, Answer], chromium: Browser, name: str, language: str, theme: str
) -> None:
    page, complaints = opened(chromium, answers, f"/{name}/{language}", theme=theme)
    if folder := os.environ.get("PORTAL_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{language}-{theme}.png", full_page=True)
    found = Axe().run(page, options=RULES)["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(TOO_SMALL) == []
    assert complaints == []
    page.close()


def test_a_map_is_fetched_when_it_is_opened_and_a_point_on_it_is_chosen_in_the_list(
    answers: dict[str, Answer], chromium: Browser
) -> None:
    page, complaints = opened(chromium, answers, "/map/en", theme="light")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_function("!document.querySelector('.map').hidden")
    assert not any("leaflet" in url or url.startswith(TILES) for url in asked)
    page.get_by_text("Show on a map").click()
    page.get_by_role("button", name="Żabka Polna").click()
    assert page.get_by_role("radio", name="Żabka Polna").is_checked()
    assert page.locator(".pin.chosen").count() == 1
    page.wait_for_function("document.querySelector('.leaflet-tile-loaded')")
    assert "© <b>OpenStreetMap</b>" in page.locator(".leaflet-control-attribution").inner_text()
    if folder := os.environ.get("PORTAL_PICTURES"):
        page.screenshot(path=Path(folder) / "map-opened.png", full_page=True)
    found = Axe().run(page, options=RULES)["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert complaints == []
    page.close()
