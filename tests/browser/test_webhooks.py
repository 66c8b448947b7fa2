"""Webhooks from the browser to a real receiver: an address is added, tried, mended and told what it missed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from standardwebhooks import Webhook

from opieka.shops.types import Role, ShopCard
from opieka.webhooks import jobs
from tests.desk.conftest import signed_in
from tests.factories import make_shop, make_staff
from tests.stories.installation import browser
from tests.webhooks.receiver import Receiver, receiving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Scene:
    shop: ShopCard
    owner: int
    receiver: Receiver
    url: str


@contextmanager
def sending() -> Iterator[None]:
    """A sender at work, as in every worker."""
    stopping = threading.Event()

    def work() -> None:
        jobs.run(stopping)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@pytest.fixture
def scene(live_server: LiveServer, settings: Settings) -> Iterator[Scene]:
    settings.OPIEKA = replace(settings.OPIEKA, internal_hosts=frozenset({"localhost"}))
    shop = make_shop()
    with receiving() as receiver, sending():
        yield Scene(
            shop, make_staff(shop, Role.OWNER), receiver, f"{live_server.url}/settings/{shop.slug}/webhooks/"
        )


@contextmanager
def at_the_desk(scene: Scene) -> Iterator[Page]:
    """The owner's browser."""
    cookie = signed_in(scene.owner).cookies[django_settings.SESSION_COOKIE_NAME].value
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": scene.url}]
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page
        context.close()


def test_an_address_is_added_tried_and_told_again_what_it_missed(scene: Scene) -> None:
    with at_the_desk(scene) as page:
        page.goto(scene.url)
        page.get_by_role("link", name="Add an address").click()
        page.get_by_label("Address", exact=True).fill(scene.receiver.url)
        expect(page.get_by_label("OrderPaid")).to_be_hidden()
        page.get_by_label("Facts", exact=True).select_option("chosen")
        page.get_by_placeholder("Find a fact").fill("paid")
        expect(page.get_by_label("OrderPlaced")).to_be_hidden()
        page.get_by_label("OrderPaid").check()
        page.get_by_placeholder("Find a fact").press("Enter")
        page.get_by_role("button", name="Add", exact=True).click()
        secret = page.locator(".secret code").inner_text()

        scene.receiver.answer(503, b"back in a minute")
        page.get_by_role("button", name="Send a test").click()
        expect(page.locator("#sent > .sent-about .chip")).to_have_text(
            "Given up"
        )  # it looks for news by itself
        page.get_by_text("Answer", exact=True).click()
        expect(page.get_by_text("back in a minute")).to_be_visible()
        scene.receiver.answer(200)
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("#sent > .sent-about .chip")).to_have_text("Delivered")
    first, second = scene.receiver.taken
    assert first.id == second.id
    assert Webhook(secret).verify(second.body, second.headers)["type"] == "WebhookTest"
