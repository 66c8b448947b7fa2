"""The live feed and the swaps it causes: what is refreshed stays where the reader left it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.desk.gallery import render, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def page(chromium: Browser, gallery: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(10_000)
    yield page
    page.close()


# In place of the browser's own: the test decides when the stream says something.
STREAM = """window.EventSource = class extends EventTarget {
    static CONNECTING = 0;
    constructor(address) { super(); this.address = address; window.stream = this; }
    close() {}
};"""


def listening(page: Page, gallery: str) -> list[str]:
    """Open an inbox that listens; gives the list of what it asks for, which grows."""
    asked: list[str] = []

    def live_page(route: Route) -> None:
        html = render("inbox").replace("<body ", '<body data-live-url="/live?after=1-2-11" ')
        route.fulfill(content_type="text/html", body=html)

    def note(request: Request) -> None:
        asked.append(request.url.removeprefix(gallery))

    page.add_init_script(STREAM)
    page.clock.install()
    page.route("**/inbox", live_page)
    page.goto(f"{gallery}/inbox")
    page.wait_for_function("window.stream")
    page.on("request", note)
    return asked


def happens(page: Page, subject: str, customer: int) -> None:
    """A touchpoint comes down the stream."""
    data = json.dumps(
        {"id": 12, "kind": "MessageReceived", "shop": 1, "customer": customer, "subject": subject}
    )
    page.evaluate("data => stream.dispatchEvent(new MessageEvent('touchpoint', {data}))", data)


def test_a_touchpoint_refreshes_what_shows_it_and_nothing_else(page: Page, gallery: str) -> None:
    asked = listening(page, gallery)
    assert page.evaluate("stream.address") == "/live?after=1-2-11"
    happens(page, "conversation:17", customer=99)
    with page.expect_response("**/items"), page.expect_response("**/pane"):
        page.clock.run_for(1_000)
    assert "/beside" not in asked


def test_several_touchpoints_of_one_act_are_answered_once(page: Page, gallery: str) -> None:
    asked = listening(page, gallery)
    for _ in range(5):
        happens(page, "conversation:17", customer=5)
    with page.expect_response("**/items"), page.expect_response("**/beside"):
        page.clock.run_for(2_000)
    assert asked.count("/items") == 1


def test_a_list_being_searched_is_left_alone_until_one_has_done(page: Page, gallery: str) -> None:
    asked = listening(page, gallery)
    page.locator("#list input[name=q]").click()
    happens(page, "conversation:1", customer=99)
    page.clock.run_for(3_000)
    assert "/pane" not in asked
    page.locator("#composer-text").click()
    with page.expect_response("**/pane"):
        page.clock.run_for(1_000)


def test_what_was_unfolded_stays_so_and_the_place_is_kept(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/inbox")
    page.locator("[id^=folded-1-] > summary").click()
    page.evaluate("document.getElementById('thread-scroll').scrollTop = 120")
    with page.expect_response("**/items"):
        page.evaluate("htmx.trigger('#items', 'live')")
    expect(page.locator("[id^=folded-1-] .words")).to_be_visible()
    assert page.evaluate("document.getElementById('thread-scroll').scrollTop") == 120


def test_opening_a_row_marks_it_at_once_and_goes_to_the_end(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list")
    page.locator("#row-18").click()
    expect(page.locator("#conversation .talk")).to_be_visible()
    assert page.url == f"{gallery}/talk?row=18"
    left = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
    assert page.locator("#thread-scroll").evaluate(left) < 2


def test_server_says_what_it_did_and_how_to_undo_it(page: Page, gallery: str) -> None:
    def resolved(route: Route) -> None:
        told = json.dumps({"toast": {"text": "Rozwi\u0105zano", "undo": "/undo"}})
        route.fulfill(status=204, headers={"HX-Trigger": told})

    page.goto(f"{gallery}/inbox")
    page.route("**/resolve", resolved)
    page.evaluate("htmx.ajax('POST', '/resolve', {swap: 'none'})")
    expect(page.locator(".toast-text")).to_have_text("Rozwi\u0105zano")
    page.route("**/undo", lambda route: route.fulfill(status=204))
    with page.expect_request("**/undo"):
        page.locator(".toast [data-undo]").click()
    expect(page.locator(".toast")).to_have_count(0)
