"""The control tower: what it shows, to whom, at what cost; and what can be done from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opieka.deliveries import queries
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import ParcelStage, Tracking, TrackingReport
from opieka.kernel import clock
from opieka.orders.queries import order
from opieka.shops.types import Role
from tests.conversations.mails import MONDAY
from tests.deliveries.building import take
from tests.desk.conftest import World, tuesday, world
from tests.factories import make_shop

__all__ = ["tuesday", "world"]
MOST = 16


def sent(
    number: str, *stages: str, carrier: str = "dpd", order_number: str = "", depot: str = ""
) -> Tracking:
    now = clock.now()
    reports = tuple(
        TrackingReport(
            at=now - timedelta(hours=len(stages) - place),
            stage=ParcelStage(stage),
            raw_code=f"C{place}",
            raw_text=f"carrier says {stage}",
            depot=depot,
        )
        for place, stage in enumerate(stages)
    )
    return Tracking(carrier=carrier, tracking_number=number, reports=reports, order_number=order_number)


@pytest.fixture
def parcels(world: World) -> dict[str, int]:
    """One of the shop's order on its way, one waiting at a point, one nobody took, one arrived."""
    number = order(world.order, shop_ids=[world.shop.id]).number
    take(
        world.shop.id,
        sent("WAY1", "accepted", "in_transit", order_number=number, depot="Łódź 2"),
        sent("POINT1", "accepted", "awaiting_collection", carrier="inpost"),
        sent("NOBODY1", "accepted", "out_for_delivery", "attempt_failed"),
        sent("THERE1", "accepted", "delivered"),
    )
    return dict(Parcel.objects.filter(shop_id=world.shop.id).values_list("number", "id"))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tower_shows_what_is_under_way(world: World, parcels: dict[str, int]) -> None:
    page = text(world.client(), "/parcels/")
    assert all(number in page for number in ("WAY1", "POINT1", "NOBODY1"))
    assert "THERE1" not in page
    assert "Łódź 2" in page


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?shown=all", {"WAY1", "POINT1", "NOBODY1", "THERE1"}),
        ("?stage=awaiting_collection", {"POINT1"}),
        ("?stage=delivered", {"THERE1"}),
        ("?carrier=inpost", {"POINT1"}),
        ("?depot=Łódź 2", {"WAY1"}),
        ("?q=nob", {"NOBODY1"}),
        ("?shown=unjoined", {"POINT1", "NOBODY1"}),
        ("?shown=late", set()),
    ],
)
def test_the_address_says_what_is_shown(
    world: World, parcels: dict[str, int], address: str, found: set[str]
) -> None:
    page = text(world.client(), f"/parcels/{address}")
    assert {name for name in ("WAY1", "POINT1", "NOBODY1", "THERE1") if f">{name}</a>" in page} == found


@pytest.mark.parametrize("address", ["?sort=colour", "?shown=odd", "?stage=flying", "?after=x", "?risk=huge"])
def test_what_no_table_knows_is_not_found(world: World, address: str) -> None:
    assert world.client().get(f"/parcels/{address}").status_code == 404


def test_a_parcel_page_tells_every_report_in_the_carriers_words(
    world: World, parcels: dict[str, int]
) -> None:
    page = text(world.client(), f"/parcels/{parcels['NOBODY1']}/")
    for told in ("carrier says accepted", "carrier says attempt_failed", "C2", "Nobody took it"):
        assert told in page


def stored(parcel_id: int) -> tuple[object, ...]:
    return Parcel.objects.values_list("ask_at", "promised_to").get(id=parcel_id)


def test_another_shop_sees_nothing_of_it(world: World, parcels: dict[str, int]) -> None:
    other = make_shop(slug="other")
    take(other.id, sent("FOREIGN1", "in_transit"))
    foreign = Parcel.objects.get(number="FOREIGN1").pk
    before = stored(foreign)
    assert "FOREIGN1" not in text(world.client(), "/parcels/?shown=all")
    assert world.client().get(f"/parcels/{foreign}/").status_code == 404
    world.client().post("/parcels/ask/", {"parcel": [foreign]})
    world.client().post(f"/parcels/{foreign}/promise/", {"day": "2026-12-01"})
    assert stored(foreign) == before


def test_chosen_parcels_are_asked_about_now(world: World, parcels: dict[str, int]) -> None:
    Parcel.objects.update(ask_at=None)
    world.client().post("/parcels/ask/", {"parcel": [*parcels.values(), "x"]})
    asked = Parcel.objects.filter(ask_at__lte=clock.now()).values_list("number", flat=True)
    assert set(asked) == {"WAY1", "POINT1", "NOBODY1"}  # what has arrived is not asked about


def test_a_new_date_counts_from_now_on(world: World, parcels: dict[str, int]) -> None:
    answer = world.client().post(f"/parcels/{parcels['WAY1']}/promise/", {"day": "2026-12-01", "to": "18:00"})
    assert answer.status_code == 302
    card = queries.parcel(parcels["WAY1"], shop_ids=[world.shop.id])
    assert card.promised_to is not None
    assert card.promised_to.isoformat() == "2026-12-01T17:00:00+00:00"
    assert "by an agent" in text(world.client(), f"/parcels/{parcels['WAY1']}/")


@pytest.mark.parametrize(
    "given", [{}, {"day": "tomorrow"}, {"day": "2026-12-01", "from": "19:00", "to": "17:00"}]
)
def test_a_date_that_cannot_be_is_refused_in_its_place(
    world: World, parcels: dict[str, int], given: dict[str, str]
) -> None:
    answer = world.client().post(f"/parcels/{parcels['WAY1']}/promise/", given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_carriers_stand_with_their_intervals(world: World, parcels: dict[str, int]) -> None:
    page = text(world.client(), "/parcels/carriers/")
    assert "DPD" in page
    assert "of 2" in page or "of 1" in page
    assert world.client().get("/parcels/carriers/?days=7").status_code == 404


def test_first_attempts_stand_with_their_reasons_and_what_would_have_saved_them(
    world: World, parcels: dict[str, int]
) -> None:
    Parcel.objects.filter(number="NOBODY1").update(first_attempt=False, first_reason="consignee_absent")
    page = text(world.client(), "/parcels/carriers/")
    assert "50 % of the parcels were delivered at the first attempt (9.5 – 90.5 %, of 2)." in page
    assert "nobody at home" in page
    assert "a neighbour" in page
    assert "Of the others, 100 % would have been with the right preference" in page


def test_tables_can_be_taken_along_by_who_may(world: World, parcels: dict[str, int]) -> None:
    def file(address: str) -> str:
        answer = world.client(Role.OWNER).get(address)
        return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it is sent while it is read

    assert "WAY1" in file("/parcels/export/")
    assert "THERE1" not in file("/parcels/export/")
    assert "DPD" in file("/parcels/carriers/export/")


@pytest.mark.parametrize(
    "address",
    ["/parcels/", "/parcels/?sort=-risk", "/parcels/carriers/", "/parcels/unclear/", "/parcels/{parcel}/"],
)
def test_a_page_asks_the_database_a_few_times_whatever_lies_behind_it(
    world: World, parcels: dict[str, int], address: str
) -> None:
    client = world.client()
    page = address.format(parcel=parcels["WAY1"])
    client.get(page)

    def queries_of() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(client, page)
        return len(asked)

    few = queries_of()
    take(world.shop.id, *(sent(f"MORE{n}", "accepted", "in_transit") for n in range(40)))
    assert queries_of() == few
    assert few <= MOST


WHY = "Parcels of this sender usually take 4 days; 2 days are left."


def test_the_reason_of_a_risk_is_one_sentence_wherever_the_parcel_is_seen(
    world: World, parcels: dict[str, int]
) -> None:
    Parcel.objects.filter(number="WAY1").update(risk=0.83, why="sender_slow:4:2")
    seen_at = (
        "/parcels/",
        f"/parcels/{parcels['WAY1']}/",
        f"/orders/{world.order}/",
        f"/customers/{world.customer}/",
        f"/conversations/{world.conversation}/beside/",
    )
    for address in seen_at:
        page = text(world.client(), address)
        assert WHY in page, address
        assert "sender_slow" not in page
    assert "83 %" in text(world.client(), seen_at[-1])


@pytest.mark.parametrize(
    "changes",
    [{"risk": 0.1, "why": "sender_slow:4:2"}, {"risk": 0.83, "why": "sender_slow:4:2", "late_at": MONDAY}],
)
def test_what_is_improbable_or_decided_needs_no_reason_beside_an_order(
    world: World, parcels: dict[str, int], changes: dict[str, object]
) -> None:
    Parcel.objects.filter(number="WAY1").update(**changes)
    assert WHY not in text(world.client(), f"/orders/{world.order}/")


def test_an_order_stands_where_its_carrier_says(world: World, parcels: dict[str, int]) -> None:
    page = text(world.client(), f"/orders/{world.order}/")
    assert "WAY1" in page
    assert f"/parcels/{parcels['WAY1']}/" in page
    beside = text(world.client(), f"/conversations/{world.conversation}/beside/")
    assert "Sent" in beside


def test_what_is_late_already_is_no_risk_any_more(world: World, parcels: dict[str, int]) -> None:
    Parcel.objects.filter(number__in=["WAY1", "NOBODY1"]).update(risk=0.9)
    Parcel.objects.filter(number="NOBODY1").update(late_at=clock.now())
    page = text(world.client(), "/parcels/?risk=high")
    assert {name for name in ("WAY1", "NOBODY1") if f">{name}</a>" in page} == {"WAY1"}
