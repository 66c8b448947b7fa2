"""Anna asks what the shop knows of her, and then to be forgotten. A story in Chromium."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from opieka.channels import commands as channels
from opieka.channels.types import AccountDetails, Receiving, Sending
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.shops.types import Role, ShopCard
from tests.desk.conftest import an_order
from tests.factories import email_of, make_shop, make_staff
from tests.stories.installation import browser, installation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SHOP = "pomoc@las.example"


@pytest.fixture
def shop() -> ShopCard:
    made = make_shop(name="Las i Dom", slug="las", languages=("en", "pl"))
    details = AccountDetails(SHOP, made.name, receiving=Receiving.SMTP, sending=Sending.MEMORY)
    channels.open_account(made.id, details=details, by=SYSTEM)
    orders.apply_orders([an_order()], shop_id=made.id, source="csv", by=SYSTEM)
    return made


def her_mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Anna Kowalska <anna@example.com>", SHOP
    made["Subject"], made["Message-ID"] = "Vase", make_msgid(domain="example.com")
    made.set_content("Where is my vase?")
    return made


def at_work(chromium: Browser, url: str, email: str) -> Page:
    """Somebody of the shop has signed in."""
    page = chromium.new_context(locale="en-GB").new_page()
    page.goto(f"{url}/accounts/login/?next=/inbox/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", "correct horse battery")
    page.click("form button.btn-primary")
    return page


def test_she_is_told_everything_and_then_forgotten(shop: ShopCard, tmp_path: Path) -> None:
    ola, hanna = (email_of(make_staff(shop, role, name="Ola Nowak")) for role in (Role.AGENT, Role.OWNER))
    with installation(tmp_path) as running, browser() as chromium:
        agent = at_work(chromium, running.url, ola)
        running.deliver(her_mail())
        talk = agent.locator(".entry", has_text="Where is my vase?")
        expect(talk).to_be_visible(timeout=15_000)
        talk.click()
        agent.locator("#beside .beside-name a").click()
        expect(agent.locator("h1")).to_have_text("Anna Kowalska")
        order = agent.locator(".order-number").get_attribute("href") or ""
        she_allows_and_thinks_better_of_it(agent)

        owner = at_work(chromium, running.url, hanna)
        owner.goto(agent.url)
        she_gets_a_copy(owner)
        she_is_forgotten(owner)
        nobody_finds_her(agent, running.url, order)


def she_allows_and_thinks_better_of_it(page: Page) -> None:
    # On the telephone Anna agrees to surveys by SMS. Ola writes it down, and on second thoughts takes it back.
    allowed, story = page.locator("[aria-labelledby=consents-title]"), page.locator("#timeline")
    allowed.locator("summary").click()
    allowed.locator("[name=purpose]").select_option("surveys")
    allowed.locator("[name=channel]").select_option("sms")
    allowed.locator("button.btn-primary").click()
    expect(allowed.locator(".line")).to_contain_text("Allowed")
    allowed.get_by_role("button", name="Withdraw").click()
    expect(allowed.locator(".line")).to_contain_text("Not allowed")
    expect(story).to_contain_text("Not allowed")

    # What an agent may not do is not offered to her.
    expect(page.locator("#her-data")).to_have_count(0)


def she_gets_a_copy(page: Page) -> None:
    # The copy is made by a worker; it appears without reloading.
    data = page.locator("#her-data")
    data.get_by_role("button", name="Make a copy of all data").click()
    expect(data.locator("a[download]")).to_be_visible(timeout=15_000)
    with page.expect_download() as download:
        data.locator("a[download]").click()
    with ZipFile(BytesIO(Path(download.value.path()).read_bytes())) as archive:
        words = b"".join(archive.read(name) for name in archive.namelist())
    assert b"anna@example.com" in words
    assert b"Where is my vase?" in words


def she_is_forgotten(page: Page) -> None:
    # Hanna reads what is lost and what stays; another name than Anna's erases nothing.
    page.locator("#her-data").get_by_role("link", name="Erase all data").click()
    expect(page.locator(".weighed-list").first).to_contain_text("1 conversation with all texts")
    page.fill("[name=typed]", "Anna Nowak")
    page.click("button.btn-final")
    expect(page.locator(".field-error")).to_contain_text("Nothing was erased")
    page.fill("[name=typed]", "Anna Kowalska")
    page.click("button.btn-final")
    expect(page.locator(".toast")).to_contain_text("Erased")
    expect(page.locator(".blank")).to_contain_text("Nobody yet")


def nobody_finds_her(page: Page, url: str, order: str) -> None:
    # Her page tells that she is gone; her words are nowhere, and the order keeps what the books need.
    expect(page.locator("#timeline")).to_contain_text("What was said here has been erased", timeout=60_000)
    page.locator("#timeline a[href*=conversations]").first.click()
    expect(page.locator("#conversation")).to_contain_text("What was said here has been erased")
    expect(page.locator("body")).not_to_contain_text("Where is my vase")
    page.goto(f"{url}/customers/?q=anna@example.com")
    expect(page.locator(".blank")).to_be_visible()
    page.goto(url + order)
    expect(page.locator(".column-main").first).to_contain_text("Vase")
    expect(page.locator("body")).not_to_contain_text("Anna")
