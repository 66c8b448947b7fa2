"""What tracking left unclear: shown, found, dismissed and brought back; and a parcel given its carrier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Notice, Parcel
from opieka.deliveries.types import Notice as Noticed
from opieka.deliveries.types import NoticeKind, Tracking, WantedNotices
from opieka.desk.presenters.parcel_words import NOTICES
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import Role
from tests.deliveries.building import take
from tests.desk.conftest import World, tuesday, world
from tests.factories import make_shop

__all__ = ["tuesday", "world"]


@pytest.fixture
def noticed(world: World) -> None:
    told = {
        NoticeKind.UNKNOWN_CODE: ("status", "PL_X9"),
        NoticeKind.IN_FUTURE: ("WAY1", "2027-01-01"),
        NoticeKind.MALFORMED: ("line 7: at", "<b>31.02.</b>"),
    }
    for kind, (where, value) in told.items():
        source = "generic" if kind is NoticeKind.MALFORMED else "dpd"
        commands.keep_notices(
            [Noticed(kind=kind, where=where, value=value)], shop_id=world.shop.id, carrier=source
        )


def page(world: World, address: str = "", role: Role = Role.LEAD) -> str:
    answer = world.client(role).get(f"/parcels/unclear/{address}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_says_what_to_do() -> None:
    assert set(NOTICES) == set(NoticeKind)


def test_each_stands_with_its_value_and_what_to_do(world: World, noticed: None) -> None:
    shown = page(world)
    for text in ("PL_X9", "Unknown code", "DPD", "Ask the carrier what the code means", "&lt;b&gt;31.02."):
        assert text in shown
    assert "shown=all&amp;q=WAY1" in shown
    tower = world.client().get("/parcels/").content.decode()
    assert '>To clear up <span class="filter-count">3</span>' in tower


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?kind=malformed", {"line 7: at"}),
        ("?from=dpd", {"status", "WAY1"}),
        ("?from=dpd&kind=in_future", {"WAY1"}),
        ("?sort=-times", {"status", "WAY1", "line 7: at"}),
    ],
)
def test_the_address_says_which(world: World, noticed: None, address: str, found: set[str]) -> None:
    shown = page(world, address)
    assert {one for one in ("status", "WAY1", "line 7: at") if f">{one}<" in shown} == found
    assert world.client().get("/parcels/unclear/?kind=odd").status_code == 404


def test_one_is_dismissed_and_comes_again_with_its_kind(world: World, noticed: None) -> None:
    one = Notice.objects.get(kind="malformed")
    lead = world.client(Role.LEAD)
    assert (
        "1 notice is dismissed."
        in lead.post("/parcels/unclear/dismiss/", {"notice": one.pk}, follow=True).content.decode()
    )
    assert set(queries.notices([world.shop.id]).values_list("kind", flat=True)) == {
        "unknown_code",
        "in_future",
    }
    again = Noticed(kind=NoticeKind.MALFORMED, where=one.where, value=one.value)
    commands.keep_notices([again], shop_id=world.shop.id, carrier="generic")
    assert queries.notices([world.shop.id], WantedNotices(id=one.pk)).get().times == 2


def test_all_of_a_filter_are_dismissed_and_brought_back(world: World, noticed: None) -> None:
    lead = world.client(Role.LEAD)
    answer = lead.post("/parcels/unclear/dismiss/", {"from": "dpd"}, follow=True).content.decode()
    assert "2 notices are dismissed." in answer
    assert queries.notices([world.shop.id]).count() == 1
    undo = answer.split('action="/parcels/unclear/back/')[1].split('"')[0]
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        lead.post("/parcels/unclear/dismiss/", {"from": "generic"})
    lead.post(f"/parcels/unclear/back/{undo}")
    assert set(queries.notices([world.shop.id]).values_list("carrier", flat=True)) == {"dpd"}
    assert lead.post(f"/parcels/unclear/back/{10**18}/").status_code == 302


def test_nobody_dismisses_what_is_another_shops(world: World, noticed: None) -> None:
    other = make_shop(slug="other")
    foreign = Noticed(kind=NoticeKind.MALFORMED, where="secret of theirs")
    commands.keep_notices([foreign], shop_id=other.id, carrier="dpd")
    assert "secret of theirs" not in page(world)
    world.client(Role.LEAD).post("/parcels/unclear/dismiss/")
    assert queries.notices([other.id]).count() == 1
    assert "Dismiss" not in page(world, role=Role.AGENT)
    assert world.client(Role.AGENT).post("/parcels/unclear/dismiss/").status_code == 403


def test_the_list_can_be_taken_along(world: World, noticed: None) -> None:
    answer = world.client(Role.LEAD).get("/parcels/unclear/export/?kind=unknown_code")
    file = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it is sent while it is read
    assert "PL_X9" in file
    assert "31.02" not in file


def test_a_parcel_gets_its_carrier_by_hand(world: World) -> None:
    take(world.shop.id, Tracking(carrier="", carrier_word="Gołąb", tracking_number="QQ1"))
    parcel = Parcel.objects.get(number="QQ1")
    assert queries.notices([world.shop.id]).get().kind == NoticeKind.UNKNOWN_CARRIER
    commands.connect(world.shop.id, carrier="dpd", credentials={"login": "a", "password": "b"}, by=SYSTEM)
    client, where = world.client(), f"/parcels/{parcel.pk}/"
    assert "Whose parcel is it?" in client.get(where).content.decode()
    assert client.post(f"{where}carrier/", {"carrier": "pigeon"}).status_code == 422
    assert client.post(f"{where}carrier/", {"carrier": "dpd"}).status_code == 302
    card = queries.parcel(parcel.pk, shop_ids=[world.shop.id])
    assert (card.carrier, card.carrier_title) == ("dpd", "DPD")
    assert Parcel.objects.get(id=parcel.pk).ask_at is not None
    assert not queries.notices([world.shop.id]).exists()
    assert client.post(f"{where}carrier/", {"carrier": "ups"}).status_code == 409
    assert "Whose parcel is it?" not in client.get(where).content.decode()
