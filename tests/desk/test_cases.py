"""Cancelling at the desk: from the order's page, undone, and decided in the list."""

from __future__ import annotations

import pytest
from django.test import Client

from opieka.kernel.actor import SYSTEM
from opieka.returns import commands, queries
from opieka.returns.models import Case
from opieka.returns.types import CaseStatus, ReturnsPreferences
from opieka.shops import queries as shops
from opieka.shops.types import Role
from tests.desk.conftest import World, make_world, signed_in, tuesday

__all__ = ["tuesday"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def agent(world: World) -> Client:
    return world.client()


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_agent_cancels_and_takes_it_back(world: World, agent: Client) -> None:
    page = f"/orders/{world.order}/"
    assert "Cancel the order" in text(agent, page)
    agent.post(f"/orders/{world.order}/cancel/")
    case = Case.objects.get()
    shown = text(agent, page)
    assert "Will be asked for in a moment" in shown
    assert f"/cases/{case.pk}/take-back/" in shown
    agent.post(f"/cases/{case.pk}/take-back/")
    assert "Taken back" in text(agent, page)


def test_what_waits_is_decided_in_the_list(world: World, agent: Client) -> None:
    assert "Nothing waits for you" in text(agent, "/cases/")
    case_id = commands.ask_cancellation(world.order, shop_ids=[world.shop.id], by=SYSTEM)
    assert "Nothing waits for you" in text(agent, "/cases/")
    assert "#1001" in text(agent, "/cases/?all")
    Case.objects.filter(id=case_id).update(status=CaseStatus.WITH_PERSON, why="shop_refused")
    shown = text(agent, "/cases/")
    assert "system refused" in shown
    agent.post(f"/cases/{case_id}/settle/", {"cancelled": "1"})
    assert queries.case(case_id, shop_ids=[world.shop.id]).status is CaseStatus.CANCELLED
    refused = agent.post(f"/cases/{case_id}/settle/")
    assert refused.status_code == 409


def test_who_may_not_answer_only_looks(world: World) -> None:
    analyst = signed_in(world.staff[Role.ANALYST])
    case_id = commands.ask_cancellation(world.order, shop_ids=[world.shop.id], by=SYSTEM)
    shown = text(analyst, f"/orders/{world.order}/")
    assert "Will be asked for in a moment" in shown
    assert "take-back" not in shown
    assert analyst.post(f"/cases/{case_id}/take-back/").status_code == 403
    assert analyst.post(f"/orders/{world.order}/cancel/").status_code == 403


def test_other_shops_orders_are_not_there(agent: Client) -> None:
    other = make_world()
    case_id = commands.ask_cancellation(other.order, shop_ids=[other.shop.id], by=SYSTEM)
    assert agent.post(f"/orders/{other.order}/cancel/").status_code == 404
    assert agent.post(f"/cases/{case_id}/settle/").status_code == 404


def test_the_hours_are_set(world: World) -> None:
    owner = signed_in(world.staff[Role.OWNER])
    address = f"/settings/{world.shop.slug}/cancelling/"
    assert owner.post(address, {"cancel_hours": "-1"}).status_code == 422
    owner.post(address, {"cancel_hours": "3"})
    assert shops.preferences(world.shop.id, ReturnsPreferences).cancel_hours == 3
    assert signed_in(world.staff[Role.AGENT]).get(address).status_code == 403
