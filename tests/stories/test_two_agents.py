"""Two agents answer the same customer at once. A story in two browsers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from opieka.shops.types import Role
from tests.desk.conftest import World, make_world
from tests.factories import email_of
from tests.stories.installation import browser, installation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return make_world()


def at_work(chromium: Browser, url: str, email: str, talk: str) -> tuple[Page, list[str]]:
    """Somebody has the conversation open; what the console complains of is kept."""
    page = chromium.new_context(locale="en-GB").new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else None)
    page.goto(f"{url}/accounts/login/?next={talk}")
    page.fill("[name=login]", email)
    page.fill("[name=password]", "correct horse battery")
    page.click("form button.btn-primary")
    expect(page.locator("#rows .entry[aria-current]")).to_have_count(1)
    expect(page.locator("#beside .order-number")).to_have_text("#1001")
    return page, complaints


def answer(page: Page, text: str) -> None:
    page.fill("#composer-text", text)
    page.keyboard.press("Control+Enter")


def never_answered(route: Route) -> None:
    """A request that takes longer than anybody waits."""


def test_the_second_is_told_and_decides(world: World, tmp_path: Path) -> None:
    emails = [email_of(world.staff[role]) for role in (Role.AGENT, Role.LEAD)]
    talk = f"/conversations/{world.conversation}/"
    with installation(tmp_path) as running, browser() as chromium:
        (ola, first), (jan, second) = (at_work(chromium, running.url, email, talk) for email in emails)
        answer(ola, "Your vase leaves today.")
        expect(ola.locator(".msg-ours")).to_have_count(1)
        expect(ola.locator("#composer-text")).to_have_value("")
        expect(jan.locator(".msg-ours")).to_contain_text("Your vase leaves today.")
        expect(jan.locator("#thread-head .chip").first).to_have_text("Waiting for the customer")

        answer(jan, "It has left.")
        expect(jan.locator("#composer-trouble")).to_contain_text("A colleague has answered meanwhile")
        expect(jan.locator("#composer-text")).to_have_value("It has left.")
        expect(ola.locator(".msg-ours")).to_have_count(1)
        jan.click("#composer-trouble button")
        expect(jan.locator(".msg-ours")).to_have_count(2)
        expect(jan.locator("#composer-text")).to_have_value("")
        expect(jan.locator("#composer-trouble")).to_be_empty()
        expect(ola.locator(".msg-ours")).to_have_count(2)

        ola.click("#thread-head form.act button")
        expect(ola.locator("#thread-head .chip").first).to_have_text("Resolved")
        ola.click(".toast [data-undo]")
        expect(ola.locator("#thread-head .chip").first).to_have_text("Open")
        expect(jan.locator("#thread-head .chip").first).to_have_text("Open")

        # What jan chooses while news of the thread is on its way is kept, and so is the news.
        jan.route("**/items/*", never_answered, times=1)
        with jan.expect_request("**/items/*"):
            answer(ola, "And it has arrived.")
            ola.click("#composer-trouble button")
        jan.click(f"#message-{world.message} summary")
        jan.click(f"#message-{world.message} .menu-item:has-text('as it was sent')")
        frame = jan.frame_locator(".looks")
        expect(frame.locator("td")).to_have_text("Hello")
        expect(jan.locator(".blocked")).to_contain_text("Pictures from elsewhere are not loaded")
        expect(jan.locator(".msg-ours")).to_have_count(3)
        expect(frame.locator("td")).to_have_text("Hello")
        assert first + second == []
