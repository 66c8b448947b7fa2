"""Doing one thing with many parcels from the control tower: the chosen ones or all, batch by batch, and undoing it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opieka.deliveries.models import Parcel
from opieka.desk.views import together
from opieka.kernel import clock
from opieka.shops.types import Role
from tests.deliveries.building import take
from tests.desk.conftest import World, tuesday, world
from tests.desk.test_parcels import parcels, sent
from tests.factories import make_shop

__all__ = ["parcels", "tuesday", "world"]
WHERE = "/parcels/together/"


def did(client: Client, address: str = WHERE, **given: Any) -> str:
    answer = client.post(address, given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def undo(page: str) -> str:
    found = re.search(r'action="(/parcels/together/undo/[^"]+)"', page)
    assert found
    return found[1]


def test_the_chosen_are_asked_about(world: World, parcels: dict[str, int]) -> None:
    Parcel.objects.update(ask_at=None)
    page = did(world.client(), do="ask", parcel=[*parcels.values(), "x"])
    assert "3 parcels are asked about now." in page
    assert Parcel.objects.filter(ask_at__lte=clock.now()).count() == 3


def test_a_date_is_told_in_the_shops_zone_and_taken_back(world: World, parcels: dict[str, int]) -> None:
    client = world.client()
    page = did(client, do="promise", day="2026-12-01", to="18:00", parcel=list(parcels.values()))
    assert "The new date counts for 1 order from now on." in page
    promised = Parcel.objects.get(number="WAY1").promised_to
    assert promised is not None
    assert promised.isoformat() == "2026-12-01T17:00:00+00:00"
    assert (
        "What 1 customer was told before counts again."
        in client.post(undo(page), follow=True).content.decode()
    )
    assert Parcel.objects.get(number="WAY1").promised_to is None


def test_silent_ones_are_taken_as_lost_and_brought_back(world: World, parcels: dict[str, int]) -> None:
    Parcel.objects.filter(number="WAY1").update(stale_at=clock.now())
    client = world.client()
    page = did(client, do="lost", why="Burnt in the depot", parcel=list(parcels.values()))
    assert "1 parcel is taken as lost." in page
    assert "Burnt in the depot" in client.get(f"/parcels/{parcels['WAY1']}/").content.decode()
    client.post(undo(page))
    assert Parcel.objects.get(number="WAY1").stage == "in_transit"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"do": "promise"}, "Say a day."),
        (
            {"do": "promise", "day": "2026-12-01", "from": "18:00", "to": "9:00"},
            "A slot ends after it begins.",
        ),
        ({"do": "lost"}, "Say why these parcels are lost."),
        ({"do": "lost", "why": "x"}, "Only parcels that are late or silent can be taken as lost."),
        ({"do": "ask", "parcel": []}, "Choose parcels first."),
    ],
)
def test_what_cannot_be_done_is_said(
    world: World, parcels: dict[str, int], given: dict[str, Any], said: str
) -> None:
    assert said in did(world.client(), **{"parcel": [parcels["POINT1"]], **given})
    assert not Parcel.objects.filter(stage="lost").exists()


def test_all_that_the_filter_names_are_done_batch_by_batch(
    world: World, parcels: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    take(world.shop.id, *(sent(f"MORE{n}", "accepted", depot="Radom") for n in range(7)))
    Parcel.objects.update(ask_at=None)
    monkeypatch.setattr(together, "_BATCH", 3)
    client, address = world.client(), f"{WHERE}?depot=Radom"
    page, steps = did(client, address, do="ask", all="1"), 0
    while "<progress" in page:
        steps += 1
        along = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page))
        page = did(client, address, **along)
    assert steps == 2
    assert "7 parcels are asked about now." in page
    assert Parcel.objects.filter(ask_at__isnull=False, depot="Radom").count() == 7
    assert Parcel.objects.filter(ask_at__isnull=False).count() == 7


def test_the_last_batch_leads_the_page_on_by_itself(world: World, parcels: dict[str, int]) -> None:
    answer = world.client().post(
        f"{WHERE}?carrier=dpd", {"do": "ask", "all": "1"}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"] == "/parcels/?carrier=dpd"


def test_the_chosen_are_taken_along_by_who_may(world: World, parcels: dict[str, int]) -> None:
    def file(role: Role, **given: Any) -> str:
        answer: Any = world.client(role).post(WHERE, {"do": "export", **given})
        return b"".join(answer.streaming_content).decode("utf-8-sig")

    assert "WAY1" in file(Role.OWNER, parcel=[parcels["WAY1"]])
    assert "POINT1" not in file(Role.OWNER, parcel=[parcels["WAY1"]])
    assert "POINT1" in file(Role.OWNER, all="1")
    assert "WAY1" not in file(Role.AGENT, parcel=[parcels["WAY1"]])


def test_nobody_touches_what_is_another_shops(world: World, parcels: dict[str, int]) -> None:
    other = make_shop(slug="other")
    take(other.id, sent("FOREIGN1", "in_transit"))
    foreign = Parcel.objects.get(number="FOREIGN1")
    Parcel.objects.update(stale_at=clock.now())
    for given in ({"parcel": [foreign.pk]}, {"all": "1"}):
        did(world.client(), do="lost", why="x", **given)
    assert Parcel.objects.get(number="FOREIGN1").stage == "in_transit"
    assert world.client(Role.ANALYST).post(WHERE, {"do": "ask"}).status_code == 403
    assert world.client().post("/parcels/together/undo/ask/0/").status_code == 404


def test_the_cost_of_a_batch_does_not_grow_with_it(world: World, parcels: dict[str, int]) -> None:
    client = world.client()

    def cost(day: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.post(f"{WHERE}?shown=all", {"do": "promise", "day": day, "all": "1"})
        return len([query for query in asked if "SAVEPOINT" not in query["sql"]])

    cost("2026-12-01")
    few = cost("2026-12-02")
    number = Parcel.objects.get(number="WAY1").order_key
    take(world.shop.id, *(sent(f"MORE{n}", "accepted", order_number=number or "1001") for n in range(30)))
    assert cost("2026-12-03") <= few + 2
