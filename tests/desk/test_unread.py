"""What came in and could not be read, at the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from opieka.inbound import commands
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source, State
from opieka.shops.types import Role
from tests.desk.conftest import World, signed_in
from tests.factories import make_shop, make_staff

RAW = b"Subject: \xff broken"


def fails(
    world: World, source: Source = Source.MAIL, *, raw: bytes = RAW, error: str = "RuntimeError"
) -> int:
    headers = {"topic": "orders/create"} if source is Source.ORDERS else {}
    new = NewPayload(world.shop.id, source, world.account, raw, headers=headers)
    commands.accept(new)
    payload_id = Payload.objects.latest("id").pk
    commands.fail(payload_id, error=error)
    return payload_id


@pytest.fixture
def lead(world: World) -> Client:
    return world.client(Role.LEAD)


def test_each_is_told_in_words(world: World, lead: Client) -> None:
    fails(world)
    fails(world, Source.ORDERS, raw=b"{", error="KeyError")
    html = lead.get("/failures/unread/").content.decode()
    assert f"Mail to help@{world.shop.slug}.example" in html
    assert "It stands in the inbox with its source attached." in html
    assert "Report of a shop system: orders/create" in html
    assert "KeyError" in html
    only = lead.get("/failures/unread/?source=orders").content.decode()
    assert "Mail to" not in only


def test_the_rail_counts_it_and_leads_there(world: World, lead: Client) -> None:
    fails(world)
    html = lead.get("/customers/").content.decode()
    assert 'href="/failures/unread/"' in html
    piece = lead.get("/inbox/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="count-alert-triangle" hx-swap-oob="true">1<' in piece


def test_it_can_be_fetched_as_it_came(world: World, lead: Client) -> None:
    payload_id = fails(world)
    answer = lead.get(f"/failures/unread/{payload_id}/source/")
    assert answer.content == RAW
    assert "attachment" in answer["Content-Disposition"]
    assert ".eml" in answer["Content-Disposition"]


def test_one_and_all_are_read_again(world: World, lead: Client) -> None:
    first, _second = fails(world), fails(world, raw=b"another")
    assert lead.post(f"/failures/unread/{first}/retry/").status_code == 302
    assert Payload.objects.get(id=first).state == State.WAITING
    assert "It is being read again." in lead.get("/failures/unread/").content.decode()
    lead.post("/failures/unread/retry/")
    assert set(Payload.objects.values_list("state", flat=True)) == {State.WAITING}


def test_others_see_and_mend_nothing(world: World) -> None:
    payload_id = fails(world)
    assert world.client(Role.AGENT).get("/failures/unread/").status_code == 403
    stranger = signed_in(make_staff(make_shop(), Role.OWNER))
    assert "help@" not in stranger.get("/failures/unread/").content.decode()
    assert stranger.get(f"/failures/unread/{payload_id}/source/").status_code == 404
    assert stranger.post(f"/failures/unread/{payload_id}/retry/").status_code == 404
    stranger.post("/failures/unread/retry/")
    assert Payload.objects.get(id=payload_id).state == State.FAILED
