"""When scripts come late or never, the desk is read and used all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.desk.gallery import served

pytestmark = pytest.mark.browser


@dataclass
class Late:
    """Scripts that are held back until they are let go."""

    held: list[Route] = field(default_factory=list)
    gone: bool = False

    def __call__(self, route: Route) -> None:
        if self.gone:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        self.gone = True
        for route in self.held:
            route.continue_()


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def late() -> Late:
    return Late()


@pytest.fixture
def slow(chromium: Browser, gallery: str, late: Late) -> Iterator[Page]:
    """An inbox whose scripts have not come yet."""
    # The policy would refuse what the test asks of the page again and again; other tests hold it.
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page.set_default_timeout(10_000)
    page.route("**/*.js", late)
    page.goto(f"{gallery}/inbox?language=pl", wait_until="commit")
    yield page
    page.unroute_all(behavior="ignoreErrors")
    page.close()


def test_the_inbox_is_readable_before_any_script(slow: Page) -> None:
    expect(slow.locator("#rows .entry").first).to_be_visible()
    expect(slow.locator(".msg .words").first).to_be_visible()
    expect(slow.locator("#composer-text")).to_be_visible()
    assert slow.evaluate("typeof window.htmx") == "undefined"


def test_the_reply_is_a_plain_form_before_any_script(slow: Page) -> None:
    sent: list[Request] = []

    def take(route: Route) -> None:
        sent.append(route.request)
        route.fulfill(status=200, content_type="text/html", body="<p>sent</p>")

    slow.route("**/send", take)
    slow.locator("#composer-text").fill("Paczka wyjechała dziś.")
    slow.locator("#composer button.for-reply").first.click()
    expect(slow.locator("p")).to_have_text("sent")
    (request,) = sent
    assert request.method == "POST"
    assert request.is_navigation_request()
    body = (request.post_data_buffer or b"").decode()
    assert "Paczka wyjechała dziś." in body
    assert "csrfmiddlewaretoken" in body


def test_scripts_that_come_late_keep_what_was_written(slow: Page, late: Late) -> None:
    slow.locator("#composer-text").fill("Już spraw")
    slow.wait_for_timeout(3_000)
    assert slow.evaluate("typeof window.htmx") == "undefined"
    late.let_go()
    slow.wait_for_function("window.htmx")
    slow.wait_for_load_state("networkidle")
    expect(slow.locator("#composer-text")).to_have_value("Już spraw")
    slow.locator("#composer-text").press_sequentially("dzam")
    slow.wait_for_function("Object.values(localStorage).some(kept => kept.includes('Już sprawdzam'))")
    slow.evaluate("localStorage.clear()")


def test_menus_open_before_any_script(slow: Page) -> None:
    slow.locator(".thread-acts summary").first.click()
    expect(slow.locator(".thread-acts .menu-item").first).to_be_visible()


def test_a_filter_has_its_button_without_scripts(chromium: Browser, gallery: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{gallery}/customers")
    expect(page.locator("[data-needless]")).to_be_visible()
    page.context.close()
    page = chromium.new_page()
    page.goto(f"{gallery}/customers")
    expect(page.locator("[data-needless]")).to_be_hidden()
    page.close()
