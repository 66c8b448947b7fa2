"""Pickup points: read from files, kept, and found near a place."""

from __future__ import annotations

import contextlib
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries import commands, queries
from opieka.deliveries.carriers import points
from opieka.deliveries.carriers.base import Unreadable
from opieka.deliveries.policy.nearness import Place, around, metres
from opieka.deliveries.types import Point
from opieka.kernel.actor import SYSTEM
from tests.factories import make_shop

places = st.builds(Place, st.floats(-80, 80), st.floats(-179, 179))


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (Place(52.2297, 21.0122), Place(50.0647, 19.9450), 252),  # Warsaw, Cracow
        (Place(37.9838, 23.7275), Place(40.6401, 22.9444), 303),  # Athens, Thessaloniki
        (Place(0, 0), Place(0, 180), 20015),
        (Place(10, 10), Place(10, 10), 0),
    ],
)
def test_distances(one: Place, other: Place, kilometres: int) -> None:
    assert metres(one, other) / 1000 == pytest.approx(kilometres, abs=1.5)
    assert metres(one, other) == pytest.approx(metres(other, one))


@given(places, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(10, 60_000))
def test_whatever_is_near_lies_in_the_box(centre: Place, up: float, across: float, distance: float) -> None:
    there = Place(centre.latitude + up, centre.longitude + across / max(cos(radians(centre.latitude)), 0.1))
    if metres(centre, there) <= distance:
        box = around(centre, distance)
        assert box.south <= there.latitude <= box.north
        assert box.west <= there.longitude <= box.east


TABLE = """\ufeffCode;Name;Address;Post code;City;Country;Latitude;Longitude;Type;Opening hours
WAW01;Kiosk Złota;Złota 1;00-019;Warszawa;pl;52,2319;21,0067;PUDO;Mo-Fr 8-20
WAW02;;Polna 5;00-625;Warszawa;PL;52.2190;21.0170;Parcel locker;
BAD;x;x;x;Warszawa;PL;north;21;;
BAD2;x;x;x;Warszawa;PL;95;21;;
;x;x;x;Warszawa;PL;52;21;;
"""


def test_a_table_is_read_and_what_is_wrong_with_it_is_told() -> None:
    found, notices = points.read(TABLE.encode())
    assert [(point.code, point.locker, point.latitude) for point in found] == [
        ("WAW01", False, 52.2319),
        ("WAW02", True, 52.219),
    ]
    assert found[0].country == "PL"
    assert found[1].name == "WAW02"
    assert [(notice.where, notice.value) for notice in notices] == [
        ("row 3: latitude", "north"),
        ("row 4: latitude", "95"),
        ("row 5: code", ""),
    ]


def test_json_is_read() -> None:
    raw = b'{"points": [{"id": 7, "city": "Athens", "country": "GR", "lat": 37.98, "lng": "23.72"}, 3]}'
    (point,), notices = points.read(raw)
    assert (point.code, point.longitude, notices) == ("7", 23.72, [])


@pytest.mark.parametrize("raw", [b"{", b"[" * 100_000, b'{"a": 1}', b"\xff\xfe\x00", b'{"points": 3}'])
def test_what_is_no_list_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        points.read(raw)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        points.read(raw)


def point(code: str, latitude: float, longitude: float, postcode: str, city: str = "Warszawa") -> Point:
    return Point(
        code=code, name=code, street="Polna 1", postcode=postcode, city=city, country="PL",
        latitude=latitude, longitude=longitude,
    )  # fmt: skip


TOWN = [
    point("A", 52.2300, 21.0100, "00-001"),
    point("B", 52.2310, 21.0110, "00-019"),
    point("C", 52.2600, 21.0500, "03-400"),
    point("K", 50.0647, 19.9450, "30-001", "Kraków"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("00-019", ["B", "A", "C"]),
        (" 00 019 ", ["B", "A", "C"]),
        ("krakow", ["K"]),
        ("KRAKÓW", ["K"]),
        ("00-018", ["A", "B", "C"]),
        ("Nowhere", []),
        ("", []),
        ("%", []),
    ],
)
def test_points_near_a_place_in_words(place: str, found: list[str]) -> None:
    shop = make_shop()
    commands.keep_points(shop.id, carrier="dpd", points=TOWN, by=SYSTEM)
    cards = queries.points_near(shop.id, carrier="dpd", place=place)
    assert sorted(card.code for card in cards) == sorted(found)
    distances = [card.metres or 0 for card in cards]
    assert distances == sorted(distances)
    if cards and place.strip() == "00-019":
        assert cards[0].code == "B"


@pytest.mark.django_db
def test_a_new_list_is_the_whole_list_and_an_empty_one_changes_nothing() -> None:
    shop = make_shop()
    assert commands.keep_points(shop.id, carrier="dpd", points=TOWN, by=SYSTEM) == (4, 0)
    assert commands.keep_points(shop.id, carrier="dpd", points=TOWN[1:], by=SYSTEM) == (3, 1)
    assert "A" not in {card.code for card in queries.points_near(shop.id, carrier="dpd", place="00-019")}
    assert commands.keep_points(shop.id, carrier="dpd", points=[], by=SYSTEM) == (0, 0)
    assert commands.keep_points(shop.id, carrier="dpd", points=TOWN, by=SYSTEM) == (4, 0)
    assert len(queries.points_near(shop.id, carrier="dpd", place=Place(52.23, 21.01))) == 3
    assert queries.points_near(make_shop().id, carrier="dpd", place="00-019") == []
