"""Outgoing webhooks, set up and looked after by a program."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opieka.kernel import clock, secrets
from opieka.rest.models import Answer
from opieka.webhooks.models import Delivery, Endpoint
from opieka.webhooks.types import DeliveryState
from tests.rest.world import World, make_world, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(noon: object) -> World:
    return make_world()


def test_an_address_is_added_changed_disabled_and_removed(world: World) -> None:
    call = world.program
    made = call.post("/webhooks", {"url": "https://erp.example.com/in", "kinds": ["OrderPaid"]})
    webhook = said(made, 201)
    assert secrets.decrypt(Endpoint.objects.get(id=webhook["id"]).secret) == webhook["secret"]
    where = made.headers["Location"]
    assert "secret" not in said(call.get(where))
    changed = said(call("patch", where, {"kinds": [], "active": False}))
    assert (changed["url"], changed["kinds"], changed["active"]) == ("https://erp.example.com/in", [], False)
    assert changed["disabled_because"] == "asked"
    assert said(call.post(f"{where}/test"), 409)["code"] == "endpoint_disabled"
    assert said(call("patch", where, {"active": True}))["active"]
    assert call("delete", where).status_code == 204
    assert call.get(where).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://erp.example.com/"}, "address_refused"),
        ({"url": "https://erp.example.com/", "kinds": ["Nothing"]}, "unknown_fact"),
    ],
)
def test_what_cannot_be_right_is_refused(world: World, body: dict[str, object], code: str) -> None:
    assert said(world.program.post("/webhooks", body), 422)["code"] == code


def test_a_rotated_secret_is_told_once_and_remembered_unreadably(world: World) -> None:
    path = f"/webhooks/{world.ids['webhook_id']}/secret"
    first = said(world.program.post(path, key="once"))
    assert first["old_secret_until"] == "2026-11-24T12:00:00Z"
    assert said(world.program.post(path, key="once")) == first
    assert first["secret"].encode() not in bytes(Answer.objects.get(key="once").body)


def test_the_log_is_read_page_by_page_and_by_state(world: World) -> None:
    call, path = world.program, f"/webhooks/{world.ids['webhook_id']}"
    ids = [said(call.post(f"{path}/test"), 201)["id"] for _ in range(3)]
    page = said(call.get(f"{path}/deliveries?limit=2"))
    rest = said(call.get(f"{path}/deliveries?limit=2&cursor={page['next']}"))
    shown = [one["id"] for one in page["items"] + rest["items"]]
    assert shown == [*reversed(ids), world.ids["delivery_id"]]
    assert rest["next"] is None
    lost = said(call.get(f"{path}/deliveries?state=gave_up"))
    assert [one["id"] for one in lost["items"]] == [world.ids["delivery_id"]]
    full = said(call.get(f"{path}/deliveries/{ids[0]}"))
    assert full["body"]["type"] == "WebhookTest"
    other = said(call.post("/webhooks", {"url": "https://erp.example.com/other"}), 201)["id"]
    assert call.get(f"/webhooks/{other}/deliveries/{ids[0]}").status_code == 404


def test_deliveries_are_replayed(world: World) -> None:
    call, path = world.program, f"/webhooks/{world.ids['webhook_id']}"
    replayed = said(call.post(f"{path}/deliveries/{world.ids['delivery_id']}/replay"))
    assert replayed["state"] == "pending"
    again = call.post(f"{path}/deliveries/{world.ids['delivery_id']}/replay")
    assert said(again, 409)["code"] == "delivery_on_its_way"
    Delivery.objects.update(state=DeliveryState.GAVE_UP, touchpoint_id=1)
    since = (clock.now() - timedelta(hours=1)).isoformat()
    assert said(call.post(f"{path}/replay", {"since": since})) == {"count": 1}
