"""Małgorzata's order is late. A story over real SMTP, the real processes, and Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from opieka.channels import commands as channels
from opieka.channels.types import AccountDetails, Receiving, Security, Sending, Server
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import Role, ShopCard
from tests.factories import email_of, make_shop, make_staff
from tests.stories.installation import Installation, browser, installation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOP = "pomoc@las.example"
HER = "malgorzata.wojcik@example.com"


@pytest.fixture
def shop() -> ShopCard:
    return make_shop(name="Las i Dom", slug="las", languages=("pl", "en"))


@pytest.fixture
def running(shop: ShopCard, tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        relay = Server("127.0.0.1", made.relay.port, Security.PLAIN)
        details = AccountDetails(
            address=SHOP, name="Las i Dom", receiving=Receiving.SMTP, sending=Sending.SMTP, smtp=relay
        )
        channels.open_account(shop.id, details=details, by=SYSTEM)
        yield made


def mail(text: str, **headers: str) -> EmailMessage:
    """A mail of hers."""
    made = EmailMessage()
    made["From"] = f"Małgorzata Wójcik <{HER}>"
    made["To"] = f"Las i Dom <{SHOP}>"
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = make_msgid(domain="example.com")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def import_orders(tmp_path: Path) -> None:
    """The shop's export, read by the command a shop would use: one order by the web shop, one by telephone."""
    from opieka.project import cli

    orders = [
        order("10482", "2026-11-12T09:30:00+01:00", "349.00", product="Zestaw czterech kubków", email=HER),
        order("10517", "2026-11-18T14:05:00+01:00", "79.00", product="Dzbanek", phone="601 234 567"),
    ]
    file = tmp_path / "orders.json"
    file.write_text(json.dumps(orders))
    assert cli.main(["orders", "import", str(file), "--format", "json", "--shop", "las"]) == 0


def order(number: str, placed: str, total: str, *, product: str, **contact: str) -> dict[str, Any]:
    """One order of the export."""
    return {
        "order_id": number,
        "number": f"#{number}",
        "placed_at": placed,
        "paid_at": placed,
        "promised_at": "2026-11-16",
        "currency": "PLN",
        "total": total,
        "name": "Małgorzata Wójcik",
        "lines": [{"sku": f"SKU-{number}", "product": product, "quantity": 1, "price": total}],
        **contact,
    }


def log_in(page: Page, url: str, email: str) -> None:
    page.goto(url)
    page.locator("input[type=email], input[name=login]").first.fill(email)
    page.locator("input[type=password]").fill("correct horse battery")
    page.locator("button.btn-primary[type=submit]").click()


def test_a_late_order_is_asked_about_and_answered(
    shop: ShopCard, running: Installation, tmp_path: Path
) -> None:
    import_orders(tmp_path)
    ola = email_of(make_staff(shop, Role.LEAD, name="Ola Nowak"))
    with browser() as chromium:
        page = chromium.new_page(locale="pl-PL", viewport={"width": 1440, "height": 900})
        log_in(page, running.url, ola)
        write_and_answer(page, running)
        merge_with_her_phone_call(page)
        part_again(page)


def write_and_answer(page: Page, running: Installation) -> None:
    expect(page.locator("#list")).to_be_visible()

    # Małgorzata writes. Her mail appears without reloading, beside her order.
    first = mail(
        "Dzień dobry,\n\ngdzie jest moja paczka? Miała być w poniedziałek.\n\nMałgorzata",
        Subject="Gdzie jest paczka?",
    )
    running.deliver(first)
    row = page.locator(".entry", has_text="Gdzie jest paczka?")
    expect(row).to_be_visible(timeout=15_000)
    expect(row).to_contain_text("Małgorzata Wójcik")
    row.click()
    expect(page.locator("#conversation")).to_contain_text("gdzie jest moja paczka?")
    expect(page.locator("body")).to_contain_text("#10482")

    # Ola answers. The answer reaches her in the same mail thread.
    page.locator("#composer-text").fill(
        "Dzień dobry, paczka wyjechała dziś i będzie u Pani w piątek do 14:00."
    )
    page.locator("#composer button.btn-primary.for-reply").click()
    answer = running.relay.wait(1)
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert first["Message-ID"] in answer["References"]
    assert SHOP in answer["From"]
    assert HER in answer["To"]
    assert answer["Subject"] == "Re: Gdzie jest paczka?"
    body = answer.get_body(("plain",))
    assert body is not None
    assert "w piątek do 14:00" in body.get_content()

    # She replies, quoting us; it lands in the same conversation and only what is new is shown.
    quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
    reply = mail(
        f"Dziękuję, piątek pasuje.\n\nW dniu 23.11.2026 o 10:15, Las i Dom pisze:\n{quoted}",
        Subject="Re: Gdzie jest paczka?",
        In_Reply_To=answer["Message-ID"],
        References=f"{first['Message-ID']} {answer['Message-ID']}",
    )
    running.deliver(reply)
    expect(page.locator("#conversation")).to_contain_text("Dziękuję, piątek pasuje.", timeout=15_000)
    expect(page.locator(".entry", has_text="Gdzie jest paczka?")).to_have_count(1)


def merge_with_her_phone_call(page: Page) -> None:
    # Ola opens her page: the order she placed by telephone is another person's so far.
    page.locator("#beside .beside-name a").click()
    orders, timeline = page.locator(".column-side .order-number"), page.locator("#timeline")
    expect(orders).to_have_text(["#10482"])
    expect(page.locator(".points")).not_to_contain_text("601 234 567")
    expect(timeline).not_to_contain_text("PLN79.00")

    # She looks for the caller's number and makes the two one.
    page.locator("[data-opens=merge]").click()
    page.locator("#merge input[name=q]").press_sequentially("601 234 567")
    found = page.locator("#candidates .merge")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Małgorzata Wójcik")
    found.locator("form.act button").first.click()

    # One person, one timeline: the mails and both orders.
    expect(orders).to_have_text(["#10517", "#10482"])
    expect(page.locator(".points")).to_contain_text(HER)
    expect(page.locator(".points")).to_contain_text("601 234 567")
    expect(timeline).to_contain_text("PLN349.00")
    expect(timeline).to_contain_text("PLN79.00")
    expect(timeline.locator("a[href*=conversations]").first).to_be_visible()


def part_again(page: Page) -> None:
    # Her mother of the same name had called. The merge is undone where it is listed; both are as they were.
    page.locator("[aria-labelledby=merges-title] form.act button").click()
    expect(page.locator(".column-side .order-number")).to_have_text(["#10482"])
    expect(page.locator(".points")).not_to_contain_text("601 234 567")
    expect(page.locator("#timeline")).not_to_contain_text("PLN79.00")
    expect(page.locator("#timeline")).to_contain_text("PLN349.00")
    expect(page.locator("#timeline a[href*=conversations]").first).to_be_visible()

    # The caller has a page of her own again, with her order.
    page.locator(".rail-item[href*=customers]").click()
    page.locator(".leaf-find input[name=q]").fill("601 234 567")
    page.keyboard.press("Enter")
    page.locator("tbody th a").click()
    expect(page.locator(".column-side .order-number")).to_have_text(["#10517"])
    expect(page.locator(".points")).not_to_contain_text(HER)
