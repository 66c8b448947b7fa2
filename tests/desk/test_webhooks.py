"""Webhooks at the desk: added, tried, looked into, sent again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from opieka.kernel import clock, secrets
from opieka.shops.types import Role
from opieka.webhooks import commands, queries
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import Attempt, AttemptTrouble, DeliveryState, DisabledBecause, Outcome, Target
from tests.desk.conftest import World

URL = "https://erp.example.com/hooks"


@pytest.fixture
def owner(world: World) -> Client:
    return world.client(Role.OWNER)


@pytest.fixture
def home(world: World) -> str:
    return f"/settings/{world.shop.slug}/webhooks/"


@pytest.fixture
def endpoint(world: World) -> int:
    return commands.add_endpoint(world.shop.id, target=Target(URL, "ERP"), by=world.by)[0]


def html(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def attempted(endpoint: int, outcome: Outcome) -> None:
    """What waits there is attempted, and that comes of it."""
    commands.note([(work, replace(outcome)) for work in commands.claim(50) if work.endpoint_id == endpoint])


def outcome(status: int, trouble: AttemptTrouble | None = None, excerpt: str = "") -> Outcome:
    return Outcome(Attempt(1, clock.now(), 812, status, trouble, excerpt))


def test_an_address_is_added_and_its_secret_shown_once(owner: Client, world: World, home: str) -> None:
    assert "No address yet" in html(owner, home)
    form = html(owner, f"{home}new/")
    assert 'value="OrderPaid"' in form
    assert "Happened" not in re.findall(r'type="checkbox"[^>]*value="(\w+)"', form)
    sent = {"url": URL, "description": "ERP", "which": "chosen", "kinds_orders": ["OrderPaid", "OrderPlaced"]}
    made = owner.post(f"{home}new/", sent)
    row = Endpoint.objects.get(shop_id=world.shop.id)
    secret = secrets.decrypt(row.secret)
    assert secret in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    assert row.kinds == ["OrderPaid", "OrderPlaced"]
    assert secret not in html(owner, f"{home}{row.pk}/")
    assert "2 facts: OrderPaid, OrderPlaced" in html(owner, home)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"url": "http://erp.example.com/", "which": "all"}, "beginning with https://"),
        ({"url": URL, "which": "chosen"}, "Choose at least one"),
        ({"url": "", "which": "all"}, "required"),
        ({"url": URL, "which": "chosen", "kinds_orders": ["Nothing"]}, "Nothing"),
    ],
)
def test_what_cannot_be_right_is_told_at_its_field(
    owner: Client, home: str, sent: dict[str, object], said: str
) -> None:
    refused = owner.post(f"{home}new/", sent)
    assert refused.status_code == 422
    assert said in refused.content.decode()


def test_an_address_is_changed(owner: Client, home: str, endpoint: int) -> None:
    given = html(owner, f"{home}{endpoint}/change/")
    assert f'value="{URL}"' in given
    sent = {"url": f"{URL}/2", "description": "", "which": "all", "kinds_orders": ["OrderPaid"]}
    assert owner.post(f"{home}{endpoint}/change/", sent)["Location"] == f"{home}{endpoint}/"
    row = Endpoint.objects.get(id=endpoint)
    assert (row.url, row.kinds) == (f"{URL}/2", [])


def test_a_test_is_sent_looked_into_and_sent_again(owner: Client, home: str, endpoint: int) -> None:
    where = owner.post(f"{home}{endpoint}/test/")["Location"]
    page = html(owner, where)
    assert "Waiting" in page
    assert 'hx-trigger="every 2s"' in page
    attempted(endpoint, outcome(503, AttemptTrouble.ANSWER, "<b>full</b>"))
    page = html(owner, where)
    assert "Given up" in page
    assert 'hx-trigger="every 2s"' not in page
    assert "&lt;b&gt;full&lt;/b&gt;" in page
    assert "812 ms" in page
    assert "&#34;WebhookTest&#34;" in page
    assert owner.post(f"{where}replay/")["Location"] == where
    attempted(endpoint, replace(outcome(204), attempt=Attempt(2, clock.now(), 1200, 204)))
    assert "1.2 s" in html(owner, where)
    assert "Delivered" in html(owner, where)


def test_the_log_is_narrowed_and_paged(
    owner: Client, world: World, home: str, endpoint: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opieka.desk.views.settings import webhooks

    monkeypatch.setattr(webhooks, "_PAGE", 2)
    ids = [commands.send_test(endpoint, shop_id=world.shop.id, by=world.by) for _ in range(3)]
    Delivery.objects.filter(id=ids[0]).update(state=DeliveryState.GAVE_UP)

    def shown(path: str) -> list[int]:
        return [int(one) for one in re.findall(r'href="[^"]*/sent/(\d+)/"', html(owner, path))]

    own = f"{home}{endpoint}/"
    assert shown(own) == [ids[2], ids[1]]
    assert shown(f"{own}?before={ids[1]}") == [ids[0]]
    assert shown(f"{own}?state=gave_up") == [ids[0]]
    html(owner, f"{own}?state=nothing", 404)
    html(owner, f"{own}?before=x", 404)


def test_what_is_wrong_is_told(owner: Client, world: World, home: str, endpoint: int) -> None:
    own = f"{home}{endpoint}/"
    commands.send_test(endpoint, shop_id=world.shop.id, by=world.by)
    attempted(endpoint, outcome(0, AttemptTrouble.BLOCKED))
    assert "Nothing has succeeded since" in html(owner, own)
    assert "leads into our own network" in html(owner, own)
    assert "Needs attention" in html(owner, home)
    Endpoint.objects.update(active=False, disabled_because=DisabledBecause.GONE, disabled_at=clock.now())
    assert "It answered 410" in html(owner, own)
    Endpoint.objects.update(disabled_because=DisabledBecause.FAILING)
    assert "for five days" in html(owner, own)
    owner.post(f"{own}active/", {"active": "1"})
    Endpoint.objects.update(resting_until=clock.now() + timedelta(minutes=5))
    assert "left alone until" in html(owner, own)


def test_it_is_disabled_enabled_and_removed(owner: Client, world: World, home: str, endpoint: int) -> None:
    own = f"{home}{endpoint}/"
    owner.post(f"{own}active/", {"active": "0"})
    assert "What happens meanwhile is not kept for it" in html(owner, own)
    assert owner.post(f"{own}test/").status_code == 409
    owner.post(f"{own}active/", {"active": "1"})
    assert queries.endpoint(endpoint, shop_ids=[world.shop.id]).active
    assert owner.post(f"{own}remove/")["Location"] == home
    html(owner, own, 404)


def test_a_new_secret_is_shown_once(owner: Client, home: str, endpoint: int) -> None:
    page = owner.post(f"{home}{endpoint}/secret/").content.decode()
    assert secrets.decrypt(Endpoint.objects.get(id=endpoint).secret) in page
    assert "everything is signed by both" in page


def test_what_failed_is_sent_again(owner: Client, world: World, home: str, endpoint: int) -> None:
    commands.send_test(endpoint, shop_id=world.shop.id, by=world.by)
    attempted(endpoint, outcome(500, AttemptTrouble.ANSWER))
    Delivery.objects.update(touchpoint_id=1)
    assert "Send again what failed" in html(owner, f"{home}{endpoint}/")
    owner.post(f"{home}{endpoint}/replay/", {"hours": "24"})
    assert "1 is sent again." in html(owner, f"{home}{endpoint}/")
    assert Delivery.objects.get().state == DeliveryState.PENDING
    assert owner.post(f"{home}{endpoint}/replay/", {"hours": "7"}).status_code == 404


def test_it_belongs_to_its_shop_and_to_those_who_may(
    owner: Client, world: World, home: str, endpoint: int, settings: Settings
) -> None:
    assert world.client(Role.LEAD).get(home).status_code == 403
    delivery = commands.send_test(endpoint, shop_id=world.shop.id, by=world.by)
    other = commands.add_endpoint(world.shop.id, target=Target(URL), by=world.by)[0]
    html(owner, f"{home}{other}/sent/{delivery}/", 404)
    assert owner.post(f"{home}{other}/sent/{delivery}/replay/").status_code == 404
    html(owner, f"{home}987654/", 404)
