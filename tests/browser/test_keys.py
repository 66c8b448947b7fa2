"""The desk's behaviour in a browser: keys, drafts, growth, files, what is sent before it is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.desk.gallery import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def inbox(chromium: Browser, gallery: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(10_000)
    page.goto(f"{gallery}/inbox?language=pl")
    yield page
    page.close()


def test_j_and_k_walk_the_list(inbox: Page) -> None:
    inbox.keyboard.press("j")
    expect(inbox.locator("#row-18")).to_be_focused()
    inbox.keyboard.press("j")
    inbox.keyboard.press("k")
    expect(inbox.locator("#row-18")).to_be_focused()


def test_letters_act_by_their_place_on_a_greek_keyboard(inbox: Page) -> None:
    inbox.evaluate("""document.body.dispatchEvent(new KeyboardEvent("keydown",
        {key: "ξ", code: "KeyJ", bubbles: true, cancelable: true}))""")
    expect(inbox.locator("#row-18")).to_be_focused()


def test_r_answers_and_n_notes(inbox: Page) -> None:
    inbox.keyboard.press("n")
    expect(inbox.locator("#composer-text")).to_be_focused()
    expect(inbox.locator(".for-note")).to_be_visible()
    expect(inbox.locator(".composer-how")).to_be_hidden()
    inbox.keyboard.press("Escape")
    inbox.keyboard.press("r")
    expect(inbox.locator(".for-note")).to_be_hidden()


def test_a_opens_the_assignment_and_escape_closes_it(inbox: Page) -> None:
    inbox.keyboard.press("a")
    expect(inbox.locator(".thread-acts .menu-item").first).to_be_focused()
    inbox.keyboard.press("ArrowDown")
    expect(inbox.locator(".thread-acts .menu-item").nth(1)).to_be_focused()
    inbox.keyboard.press("Escape")
    expect(inbox.locator(".thread-acts .menu-item").first).to_be_hidden()


def test_keys_are_text_while_writing_and_can_be_switched_off(inbox: Page) -> None:
    inbox.locator("#composer-text").click()
    inbox.keyboard.type("jn?")
    expect(inbox.locator("#composer-text")).to_have_value("jn?")
    inbox.keyboard.press("Escape")
    inbox.keyboard.press("?")
    expect(inbox.locator("#keys")).to_be_visible()
    inbox.locator("[data-keys-switch]").uncheck()
    inbox.keyboard.press("Escape")
    inbox.keyboard.press("/")
    expect(inbox.locator("#list input[name=q]")).not_to_be_focused()
    inbox.evaluate("localStorage.clear()")


def test_palette_finds_and_arrows_choose(inbox: Page) -> None:
    inbox.keyboard.press("Control+k")
    expect(inbox.locator(".palette-item").first).to_have_class("palette-item chosen")
    inbox.keyboard.press("ArrowDown")
    expect(inbox.locator(".palette-item").nth(1)).to_have_class("palette-item chosen")


def test_draft_survives_and_the_composer_grows(inbox: Page) -> None:
    area = inbox.locator("#composer-text")
    small = area.bounding_box()
    area.fill("\n".join(["Dzień dobry"] * 8))
    grown = area.bounding_box()
    assert small is not None
    assert grown is not None
    assert grown["height"] > small["height"] + 50
    inbox.reload()
    expect(area).to_have_value("\n".join(["Dzień dobry"] * 8))
    inbox.evaluate("localStorage.clear()")


def test_short_channel_counts(inbox: Page) -> None:
    inbox.locator("[data-channels]").select_option("sms:1")
    inbox.locator("#composer-text").fill("Paczka będzie jutro")
    expect(inbox.locator("[data-count]")).to_have_text("51 · 1 / 459")


def test_sent_words_show_at_once_and_come_back_when_it_fails(inbox: Page) -> None:
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    inbox.route("**/send", hold)
    inbox.locator("#composer-text").fill("Już sprawdzam")
    with inbox.expect_request("**/send"):
        inbox.keyboard.press("Control+Enter")
    expect(inbox.locator(".msg-pending .words")).to_have_text("Już sprawdzam")
    expect(inbox.locator("#composer-text")).to_have_value("")
    waiting.pop().fulfill(status=503)
    expect(inbox.locator(".msg-pending [data-again]")).to_be_visible()
    expect(inbox.locator("#composer-text")).to_have_value("Już sprawdzam")


def test_files_are_listed_and_can_be_taken_out(inbox: Page) -> None:
    picture: FilePayload = {"name": "zdjęcie.png", "mimeType": "image/png", "buffer": b"x" * 1500}
    paper: FilePayload = {"name": "faktura.pdf", "mimeType": "application/pdf", "buffer": b"y"}
    inbox.set_input_files("#composer input[type=file]", [picture, paper])
    expect(inbox.locator("[data-files] li")).to_have_count(2)
    inbox.locator("[data-files] [data-drop]").first.click()
    expect(inbox.locator("[data-files] li")).to_have_count(1)
    assert inbox.evaluate("document.querySelector('#composer input[type=file]').files.length") == 1


def test_theme_is_chosen_and_kept_in_a_cookie(inbox: Page) -> None:
    inbox.locator(".menu-rail > summary").click()
    inbox.locator("[data-theme-choice=dark]").click()
    assert inbox.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in inbox.evaluate("document.cookie")
