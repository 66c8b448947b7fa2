"""Connecting carriers from the settings: what is offered, kept, tried, told, and forgotten."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from opieka.deliveries import commands, queries
from opieka.deliveries.carriers.base import Refused
from opieka.deliveries.models import Connection
from opieka.deliveries.types import DeliveryPreferences
from opieka.desk.presenters.carrier_keys import FAILURES, HOOKS, KEYS, LABELS
from opieka.kernel import secrets
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops
from opieka.shops.types import Role
from tests.desk.conftest import World, tuesday, world

__all__ = ["tuesday", "world"]
FOR_TRYING_OUT = {"memory", "console"}


@pytest.fixture
def owner(world: World) -> Client:
    return world.client(Role.OWNER)


def text(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_carrier_is_offered_with_words_for_its_keys_and_its_webhook() -> None:
    offered = [card for card in queries.carriers() if card.name not in FOR_TRYING_OUT]
    assert {card.name for card in offered} == set(KEYS)
    assert {card.name for card in offered if card.webhooks} == set(HOOKS)
    assert {key for card in offered for key in (*card.credentials, *card.optional_credentials)} <= set(LABELS)


def test_all_that_can_be_connected_is_listed(world: World, owner: Client) -> None:
    page = text(owner, f"/settings/{world.shop.slug}/carriers/")
    for name in ("InPost", "DPD", "AfterShip", "Own delivery or warehouse"):
        assert name in page
    assert "console" not in page
    assert ">Connected<" not in page


def test_keys_are_kept_encrypted_and_never_shown(world: World, owner: Client) -> None:
    where = f"/settings/{world.shop.slug}/carriers/boxnow/"
    keys = {"client_id": "ours", "client_secret": "tell-nobody", "webhook_secret": "nor-this"}
    assert owner.post(where, {**keys, "client_secret": ""}).status_code == 422
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opieka.deliveries.commands.try_connection", lambda *_ids, **_more: True)
        answer = owner.post(where, keys)
    assert answer.status_code == 302
    row = Connection.objects.get(shop_id=world.shop.id)
    assert json.loads(secrets.decrypt(row.credentials)) == {**keys, "country": ""}
    page = text(owner, where)
    assert f"/inbound/tracking/{row.pk}/" in page
    assert "partner portal" in page
    assert "tell-nobody" not in page
    assert "nor-this" not in page


def test_a_refusal_is_told_in_words_and_the_way_back_is_open(
    world: World, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_anything: object) -> None:
        raise Refused("bad_credentials", "401 wrong key")

    monkeypatch.setattr("opieka.deliveries.commands.trying.client_of", refuse)
    where = f"/settings/{world.shop.slug}/carriers/ups/"
    page = owner.post(where, {"client_id": "a", "client_secret": "b"}, follow=True).content.decode()
    assert "The keys are refused. Enter them again. (401 wrong key)" in page
    assert "Needs attention" in text(owner, f"/settings/{world.shop.slug}/carriers/")
    monkeypatch.undo()
    monkeypatch.setattr("opieka.deliveries.commands.try_connection", _answers)
    assert "The keys are refused" not in owner.post(f"{where}test/", follow=True).content.decode()


def _answers(connection_id: int, **_more: object) -> bool:
    commands.note_heard(connection_id, asked=True, by=SYSTEM)
    return True


def test_disconnecting_forgets_the_keys(world: World, owner: Client) -> None:
    keys = {"webhook_secret": "s"}
    made = commands.connect(world.shop.id, carrier="generic", credentials=keys, by=SYSTEM)
    where = f"/settings/{world.shop.slug}/carriers/generic/"
    assert "Nothing heard yet" in text(owner, f"/settings/{world.shop.slug}/carriers/")
    assert "x-opieka-signature" in text(owner, where)
    owner.post(f"{where}disconnect/")
    row = Connection.objects.get(id=made)
    assert (row.active, row.credentials) == (False, "")
    assert owner.post(f"{where}disconnect/").status_code == 404
    assert "/inbound/tracking/" not in text(owner, where)


def test_when_it_is_an_alarm_can_be_set(world: World, owner: Client) -> None:
    where = f"/settings/{world.shop.slug}/carriers/"
    assert owner.post(where, {"hand_over_hours": 12, "lost_after_days": 0}).status_code == 422
    assert owner.post(where, {"hand_over_hours": 12, "lost_after_days": 7}).status_code == 302
    kept = shops.preferences(world.shop.id, DeliveryPreferences)
    assert (kept.hand_over_hours, kept.lost_after_days) == (12, 7)


def test_only_who_may_change_settings_sees_them(world: World) -> None:
    for address in ("carriers/", "carriers/ups/"):
        assert world.client(Role.AGENT).get(f"/settings/{world.shop.slug}/{address}").status_code == 403
    for address in ("carriers/nobody/", "carriers/ups/test/"):
        answer = world.client(Role.OWNER).post(f"/settings/{world.shop.slug}/{address}")
        assert answer.status_code == 404


def test_every_refusal_of_the_line_has_words() -> None:
    from opieka.deliveries.carriers.base import REFUSALS

    assert set(REFUSALS.values()) <= set(FAILURES)
