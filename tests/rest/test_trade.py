"""Orders and products from a program, and how the shop is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opieka.channels import queries as channels
from opieka.inbound import commands as inbound
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source
from opieka.orders import commands as orders
from tests.conversations.mails import mail, take
from tests.factories import make_shop, make_staff
from tests.rest.world import Program, World, issue, make_world, order, product, said

pytestmark = pytest.mark.django_db
EUR = {"amount": 100, "currency": "EUR"}


@pytest.fixture
def world(noon: object) -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> Program:
    return world.program


def test_orders_come_in_any_order_and_more_than_once(world: World, call: Program) -> None:
    def send(**changes: Any) -> dict[str, int]:
        found: dict[str, int] = said(
            call.post("/orders/batch", {"orders": [order(world.shop, "B1", **changes)]})
        )
        return found

    late = {"updated_at": "2026-11-22T10:00:00Z", "payment_status": "paid", "note": "new"}
    assert send(**late) == {"new": 1, "updated": 0, "unchanged": 0}
    assert send(**late) == {"new": 0, "updated": 0, "unchanged": 1}
    send(note="old")
    (found,) = said(call.get("/orders?text=B1"))["items"]
    assert (found["note"], found["payment_status"]) == ("new", "paid")
    assert found["customer_id"] == world.ids["customer_id"]
    assert found["total"] == {"amount": 1250, "currency": "PLN"}
    assert found["lines"][0]["price"] == {"amount": 1250, "currency": "PLN"}
    assert [dot["step"] for dot in found["strip"] if dot["done"]] == ["placed", "paid"]


def test_an_order_with_everything(world: World, call: Program) -> None:
    told = order(
        world.shop,
        "C1",
        status="completed",
        fulfilment_status="fulfilled",
        shipping_address={"street": "Leśna 1", "city": "Łódź", "country": "PL"},
        payments=[
            {
                "external_id": "p",
                "method": "card",
                "amount": {"amount": 1250, "currency": "PLN"},
                "status": "paid",
            }
        ],
        refunds=[{"external_id": "r", "amount": EUR, "issued_at": "2026-11-21T10:00:00+01:00"}],
        shipments=[
            {
                "external_id": "s",
                "status": "shipped",
                "tracking_numbers": ["6201"],
                "lines": [{"external_id": "1", "quantity": 1}],
            }
        ],
    )
    said(call.post("/orders/batch", {"orders": [told]}))
    (found,) = said(call.get("/orders?text=6201"))["items"]
    assert found["shipping_address"]["city"] == "Łódź"
    assert found["refunds"][0]["amount"] == EUR
    assert found["refunds"][0]["issued_at"] == "2026-11-21T09:00:00Z"
    assert found["shipments"][0]["lines"] == [{"external_id": "1", "quantity": 1}]
    assert said(call.get(f"/orders/{found['id']}")) == found


def test_currencies_do_not_mix(world: World, call: Program) -> None:
    line = {"external_id": "1", "name": "x", "quantity": 1, "price": EUR, "total": EUR}
    problem = said(call.post("/orders/batch", {"orders": [order(world.shop, lines=[line])]}), 422)
    assert problem["code"] == "mixed_currencies"
    goods = product(world.shop, variants=[{"external_id": "v", "price": EUR}])
    assert said(call.post("/products/batch", {"products": [goods]}), 422)["code"] == "mixed_currencies"


def test_a_program_does_not_touch_what_a_connector_brought(world: World, call: Program) -> None:
    said(call.post("/orders/batch", {"orders": [order(world.shop, "A1", number="#A1")]}))
    assert {one["source"] for one in said(call.get("/orders"))["items"]} == {"api"}


def test_products_narrowed_page_by_page(world: World, call: Program) -> None:
    goods = [
        product(world.shop, f"Q{number}", name=f"Chair {number}", category="Chairs") for number in range(3)
    ]
    said(call.post("/products/batch", {"products": goods}))
    page = said(call.get("/products?category=Chairs&limit=2"))
    assert (page["total"], [one["name"] for one in page["items"]]) == (3, ["Chair 0", "Chair 1"])
    assert {(one["value"], one["count"]) for one in page["categories"]} == {("Chairs", 3), ("Lamps", 1)}
    rest = said(call.get(f"/products?category=Chairs&limit=2&cursor={page['next']}"))
    assert ([one["name"] for one in rest["items"]], rest["next"]) == (["Chair 2"], None)
    withdrawn = product(world.shop, "Q0", name="Chair 0", withdrawn=True, updated_at="2026-11-21T00:00:00Z")
    said(call.post("/products/batch", {"products": [withdrawn]}))
    assert said(call.get("/products?text=chair&in_stock=true&price_to=2000"))["total"] == 2


def orders_more(world: World, number: int) -> None:
    said(
        world.program.post(
            "/orders/batch", {"orders": [order(world.shop, f"M{one}") for one in range(number)]}
        )
    )


def products_more(world: World, number: int) -> None:
    goods = [product(world.shop, f"M{one}") for one in range(number)]
    said(world.program.post("/products/batch", {"products": goods}))


def customers_more(world: World, number: int) -> None:
    for one in range(number):
        point = {"kind": "email", "value": f"m{one}@example.com"}
        world.program.post("/customers", {"contact_points": [point]})


def conversations_more(world: World, number: int) -> None:
    take(*(mail(world.shop, f"m{one}@example.com") for one in range(number)))


@pytest.mark.parametrize(
    ("path", "more", "most"),
    [
        ("/orders", orders_more, 8),
        ("/products", products_more, 7),
        ("/customers", customers_more, 6),
        ("/conversations?view=all", conversations_more, 8),
    ],
)
def test_lists_take_as_many_queries_however_long(
    world: World, call: Program, path: str, more: Callable[[World, int], None], most: int
) -> None:
    call.get(path)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            said(call.get(path))
        return len(seen)

    more(world, 1)
    before = queries()
    more(world, 10)
    assert queries() == before <= most


def test_connected_read_and_disconnected(world: World, call: Program) -> None:
    known = {one["name"]: one["credentials"] for one in said(call.get("/connectors"))["items"]}
    assert known["shopify"] == ["domain", "access_token", "webhook_secret"]
    made = call.post(
        "/connections", {"connector": "shopify", "credentials": dict.fromkeys(known["shopify"], "x")}
    )
    path, card = made.headers["Location"], said(made, 201)
    assert card["webhook"].endswith(f"/inbound/orders/{card['id']}/")
    assert "x" not in {card["failure"], card["failure_detail"]}
    assert call.post(f"{path}/read", {"everything": True}).status_code == 204
    assert said(call.get(path))["phase"] == "products"
    assert call("delete", path).status_code == 204
    assert said(call.get(path))["active"] is False
    missing = call.post("/connections", {"connector": "shopify", "credentials": {"domain": "x"}})
    assert said(missing, 422)["code"] == "missing_credentials"


def test_notices_are_seen_and_dismissed(world: World, call: Program) -> None:
    (notice,) = said(call.get("/notices"))["items"]
    assert (notice["kind"], notice["value"]) == ("unknown_word", world.shop.slug)
    assert call("delete", f"/notices/{notice['id']}").status_code == 204
    assert said(call.get("/notices"))["items"] == []
    assert call("delete", f"/notices/{notice['id']}").status_code == 404
    orders.keep_notices([], shop_id=world.shop.id, source="api")


def test_passwords_of_mailboxes_go_in_and_never_come_out(call: Program) -> None:
    server = {"host": "imap.example.com", "port": 993, "user": "shop", "password": "s3cret-word"}
    body = {
        "address": "Shop@Example.com",
        "name": "Shop",
        "receiving": "imap",
        "imap": server,
        "options": {"api_key": "s3cret-key"},
    }
    made = call.post("/mailboxes", body)
    path, card = made.headers["Location"], said(made, 201)
    assert card["address"] == "shop@example.com"
    told = {"host": "imap.example.com", "port": 993, "security": "tls", "user": "shop"}
    assert card["imap"] == {**told, "oauth": None}
    changed = call("patch", path, {"name": "Other", "imap": {**server, "password": ""}})
    for answer in (made, changed, call.get(path), call.get("/mailboxes")):
        assert b"s3cret" not in answer.content
    details = channels.account_details(card["id"])
    assert details.imap is not None
    assert (details.name, details.imap.password) == ("Other", "s3cret-word")
    elsewhere = {"imap": {**server, "host": "evil.example.com", "password": ""}}
    said(call("patch", path, elsewhere))
    moved = channels.account_details(card["id"]).imap
    assert moved is not None
    assert moved.password == ""
    assert said(call("patch", path, {"active": False}))["active"] is False
    assert said(call.post("/mailboxes", body), 409)["code"] == "address_taken"


def test_tokens_of_mailboxes_go_in_and_never_come_out(call: Program) -> None:
    tokens = {"token_url": "https://login.example.com/token", "client_id": "opieka"}
    secret = {**tokens, "client_secret": "s3cret-word", "refresh_token": "s3cret-token"}
    server = {"host": "imap.example.com", "port": 993, "user": "shop"}
    body = {
        "address": "t@example.com",
        "name": "Shop",
        "receiving": "imap",
        "imap": {**server, "oauth": secret},
    }
    made = call.post("/mailboxes", body)
    card = said(made, 201)
    assert card["imap"]["oauth"] == {**tokens, "scope": ""}
    assert b"s3cret" not in made.content
    changed = call("patch", made.headers["Location"], {"imap": {**server, "oauth": tokens}})
    assert b"s3cret" not in changed.content
    kept = channels.account_details(card["id"]).imap
    assert kept is not None
    assert kept.oauth is not None
    assert (kept.oauth.client_secret, kept.oauth.refresh_token) == ("s3cret-word", "s3cret-token")


def test_a_mailbox_is_tried(world: World, call: Program) -> None:
    assert said(call.post(f"/mailboxes/{world.ids['mailbox_id']}/test")) == {"troubles": []}
    body = {"address": "far@example.com", "name": "Far", "sending": "smtp"}
    body["smtp"] = {"host": "10.0.0.1", "port": 25, "security": "plain"}  # type: ignore[assignment]  # a nested one
    made = call.post("/mailboxes", body)
    (trouble,) = said(call.post(f"{made.headers['Location']}/test"))["troubles"]
    assert trouble["code"] == "blocked_host"
    assert "OPIEKA_INTERNAL_HOSTS" in trouble["sentence"]


def test_the_shop_is_changed_and_its_hours_stay(world: World, call: Program) -> None:
    hours = [[[600, 1000]], [], [], [], [], [], []]
    said(call("patch", "/shop/calendar", {"hours": hours}))
    changed = said(call("patch", "/shop", {"name": "Las 2", "languages": ["el", "en"]}))
    assert (changed["name"], changed["languages"], changed["slug"]) == (
        "Las 2",
        ["el", "en"],
        world.shop.slug,
    )
    calendar = said(call("patch", "/shop/calendar", {"open_days": ["2026-12-25"]}))
    assert calendar == {"hours": hours, "closed_days": [], "open_days": ["2026-12-25"]}
    wrong = call("patch", "/shop/calendar", {"hours": [[[600, 600]], [], [], [], [], [], []]})
    assert said(wrong, 422)["code"] == "bad_shop"
    assert said(call("patch", "/shop", {"timezone": "Mars/Base"}), 422)["code"] == "bad_shop"
    taken = call("patch", "/shop", {"slug": make_shop().slug})
    assert said(taken, 409)["code"] == "slug_taken"


def test_preferences(call: Program) -> None:
    before = said(call.get("/shop/preferences"))["conversations"]
    said(call("patch", "/shop/preferences", {"conversations": {"reopen_days": 7}}))
    assert said(call.get("/shop/preferences"))["conversations"] == before | {"reopen_days": 7}


def test_people_who_work_here(world: World, call: Program) -> None:
    sister = make_shop(group_id=world.shop.group_id)
    theirs = said(Program(issue(sister)).get("/staff"))["items"]
    assert theirs == []
    known = said(call.get(f"/staff/{world.ids['staff_id']}"))
    body = {"email": known["email"], "name": "Whoever", "role": "lead"}
    joined = said(Program(issue(sister)).post("/staff", body), 201)
    assert (joined["id"], joined["role"], joined["name"]) == (known["id"], "lead", known["name"])
    stranger = said(call.post("/staff", body | {"email": "new@example.com", "password": "short"}), 422)
    assert stranger["code"] == "weak_password"
    elsewhere = make_shop()
    make_staff(elsewhere)
    said(call("delete", f"/staff/{world.ids['staff_id']}"), 204)
    assert world.ids["staff_id"] not in {one["id"] for one in said(call.get("/staff"))["items"]}
    last = call("patch", f"/staff/{world.ids['owner_id']}", {"role": "agent"})
    assert said(last, 403)["code"] == "last_owner"


def test_a_token_gives_no_more_than_it_has(call: Program) -> None:
    made = said(call.post("/tokens", {"name": "narrow", "scopes": ["settings", "staff", "read"]}), 201)
    assert made["token"].startswith(made["hint"])
    narrow = Program(made["token"])
    assert said(narrow.post("/tokens", {"name": "x", "scopes": ["import"]}), 403)["code"] == "more_than_own"
    assert narrow.post("/tokens", {"name": "x", "scopes": ["read"]}).status_code == 201
    owner = {"email": "o@example.com", "name": "O", "password": "correct horse battery", "role": "owner"}
    assert said(narrow.post("/staff", owner), 403)["code"] == "more_than_own"
    assert said(narrow.post("/staff", owner | {"role": "analyst"}), 201)["role"] == "analyst"
    listed = said(call.get("/tokens"))["items"]
    assert not any("token" in one for one in listed)


def test_failures_are_tried_again(world: World, call: Program) -> None:
    (failure,) = said(call.get("/failures"))["items"]
    assert (failure["id"], failure["attempts"]) == (world.ids["failure_id"], 1)
    assert said(call.post(f"/failures/{failure['id']}/retry")) == {"mended": False}
    assert said(call.get("/failures"))["items"][0]["attempts"] == 2


def test_an_order_is_cancelled_taken_back_and_settled(world: World, call: Program) -> None:
    order_id = world.ids["order_id"]
    assert said(call.get(f"/orders/{order_id}/cancellation"))["chance"] == "now"
    case = said(call.post(f"/orders/{order_id}/cancellation"), 201)
    assert (case["kind"], case["status"], case["order_id"]) == ("cancellation", "asked", order_id)
    assert said(call.post(f"/orders/{order_id}/cancellation"), 201)["id"] == case["id"]
    assert said(call.post(f"/cases/{case['id']}/take-back"))["status"] == "taken_back"
    problem = said(call.post(f"/cases/{case['id']}/settle", {"cancelled": True}), 409)
    assert problem["code"] == "case_moved_on"

    waiting = said(call.get("/cases?status=with_person"))["items"]
    assert [(one["id"], one["why"]) for one in waiting] == [(world.ids["case_id"], "partly_sent")]
    settled = said(call.post(f"/cases/{world.ids['case_id']}/settle", {"cancelled": False}))
    assert (settled["status"], settled["next_best"][-1]) == ("too_late", "return")


def test_what_could_not_be_read_is_fetched_and_read_again(world: World, call: Program) -> None:
    (kept,) = said(call.get("/unread"))["items"]
    assert (kept["id"], kept["source"], kept["tries"]) == (world.ids["unread_id"], "mail", 1)
    assert said(call.get("/unread?source=orders"))["items"] == []
    assert call.get(f"/unread/{kept['id']}/source").content == f"Unreadable {world.shop.slug}".encode()
    assert said(call.post("/unread/retry")) == {"count": 1}
    assert said(call.get("/unread"))["items"] == []
    assert call.post(f"/unread/{kept['id']}/retry").status_code == 404


def test_what_could_not_be_read_comes_in_pages(world: World, call: Program) -> None:
    for number in range(2):
        new = NewPayload(world.shop.id, Source.MAIL, world.ids["mailbox_id"], b"%d" % number)
        inbound.accept(new)
    for payload in Payload.objects.filter(shop_id=world.shop.id, state="waiting"):
        inbound.fail(payload.pk, error="ValueError")
    seen, path = [], "/unread?limit=1"
    while True:
        page = said(call.get(path))
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        path = f"/unread?limit=1&cursor={page['next']}"
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 3


def test_notices_are_switched_on_and_worded(call: Program) -> None:
    first = said(call.get("/customer-notices"))["items"]
    assert not any(one["on"] or one["own"] for one in first)
    words = {"en": "Come and get it\n{{ order }} waits."}
    saved = said(call.post("/customer-notices", {"kind": "ready", "on": True, "texts": words}))
    assert (saved["on"], saved["own"]) == (True, ["en"])
    assert [one["kind"] for one in said(call.get("/customer-notices"))["items"] if one["on"]] == ["ready"]
    wrong = {"kind": "ready", "on": True, "texts": {"en": "{{ moon }}"}}
    assert said(call.post("/customer-notices", wrong), 422)["code"] == "notice_placeholder"
