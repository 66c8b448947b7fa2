"""The lists of points and lockers that carriers' own services tell: asked for, read whole, and kept with care."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.deliveries import commands, jobs, queries
from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Refused, Unreadable
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.points import from_polish, weekly
from opieka.kernel import outbound
from opieka.kernel.actor import SYSTEM
from tests.deliveries.carriers.samples import FIXTURES, TOKEN, Handler, credentials
from tests.factories import make_shop

LISTING = sorted(name for name, carrier in CARRIERS.items() if carrier.list_points)
ASKED = {
    "inpost": "GET https://api-shipx-pl.easypack24.net/v1/points?functions=parcel_collect&per_page=500&page=1",
    "dpd": "GET https://mypudo.dpd.com.pl/api/pudo/list/bycountry?countryCode=GRC&key=the-pickup_key",
    "gls": "GET https://map.gls-hungary.com/data/deliveryPoints/gr.json",
    "packeta": "GET https://pickup-point.api.packeta.com/v5/the-api_key/branch/json?lang=en&country=gr",
    "boxnow": "GET https://api-production.boxnow.gr/api/v1/destinations",
    "nova_poshta": "POST https://api.novaposhta.ua/v2.0/json/",
    "orlen": "POST https://api.orlenpaczka.pl/WebServicePwRProd/WebServicePwR.asmx",
}


def asked(name: str, handler: Handler) -> Listed:
    def granting(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=TOKEN) if "auth-sessions" in request.url.path else handler(request)

    carrier = CARRIERS[name]
    assert carrier.list_points is not None
    return carrier.list_points(
        credentials(carrier), "GR", httpx.Client(transport=httpx.MockTransport(granting))
    )


def pages(name: str) -> list[Path]:
    return sorted(path for path in (FIXTURES / name).glob("points-*") if path.suffix != ".txt")


def recorded(name: str) -> Iterator[httpx.Response]:
    yield from (httpx.Response(200, content=path.read_bytes()) for path in pages(name))


def written(listed: Listed) -> str:
    lines = [
        f"{one.code} | {one.name} | {one.street} | {one.postcode} {one.city} {one.country} | {one.latitude} "
        f"{one.longitude} | {'locker' if one.locker else 'point'} | {one.hours}".rstrip(" |")
        for one in listed.points
    ]
    lines += [f"? {notice.kind} {notice.where} {notice.value}".rstrip() for notice in listed.notices]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", LISTING)
def test_each_recorded_list_is_read_as_written_beside_it(name: str) -> None:
    answers, questions = recorded(name), []

    def answering(request: httpx.Request) -> httpx.Response:
        questions.append(f"{request.method} {request.url}")
        return next(answers)

    assert written(asked(name, answering)) == (FIXTURES / name / "points.txt").read_text()
    assert questions[0] == ASKED[name]
    assert len(questions) == len(pages(name))


def test_all_pages_are_asked_for() -> None:
    def inpost(request: httpx.Request) -> httpx.Response:
        page = dict(parse_qsl(request.url.query.decode()))["page"]
        told = json.loads(pages("inpost")[0].read_text())["items"][0]
        return httpx.Response(200, json={"total_pages": 3, "items": [{**told, "name": f"P{page}"}]})

    def nova_poshta(request: httpx.Request) -> httpx.Response:
        page = int(json.loads(request.content)["methodProperties"]["Page"])
        told = json.loads(pages("nova_poshta")[0].read_text())["data"][0]
        rows = [{**told, "Ref": f"P{page}-{row}"} for row in range(500 if page < 3 else 1)]
        return httpx.Response(200, json={"success": True, "data": rows})

    assert [point.code for point in asked("inpost", inpost).points] == ["P1", "P2", "P3"]
    assert len(asked("nova_poshta", nova_poshta).points) == 1001


@pytest.mark.parametrize("name", LISTING)
@pytest.mark.parametrize("status", [401, 409, 429, 500])
def test_a_no_is_refused(name: str, status: int) -> None:
    with pytest.raises(Refused):
        asked(name, lambda request: httpx.Response(status, text="no"))


@pytest.mark.parametrize("name", LISTING)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b'{"items": 3}', b'{"data": [{}, 3]}', b"[1]", b"<a/>", b"{", b"<html>", b"[" * 9000])
)
def test_strange_answers_are_refused_or_empty(name: str, raw: bytes) -> None:
    try:
        found = asked(name, lambda request: httpx.Response(200, content=raw))
    except (Refused, Unreadable):
        return
    assert found.points == ()


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        (["08:00-20:00"] * 5 + ["9:00 - 14:00", "-"], "Mo-Fr 08:00-20:00; Sa 9:00-14:00"),
        (["08:00–12:00"] + [""] * 5 + ["10:00-11:00"], "Mo 08:00-12:00; Su 10:00-11:00"),
        (["00:00-23:59"] * 7, "24/7"),
        ([""] * 7, ""),
        ([], ""),
    ],
)
def test_hours_of_a_week(days: list[str], hours: str) -> None:
    assert weekly(days) == hours


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        ("Pn-Pt:06:00-20:00, So:07:00-14:00, Nd:-", "Mo-Fr 06:00-20:00; Sa 07:00-14:00"),
        ("PN-SB 06:00-23:00", "Mo-Sa 06:00-23:00"),
        ("Pn-Pt:00:00-24:00, So:00:00-24:00", "24/7"),
        ("24/7", "24/7"),
        ("", ""),
    ],
)
def test_hours_in_polish(told: str, hours: str) -> None:
    assert from_polish(told) == hours


@pytest.mark.django_db
def test_a_list_is_taken_over_and_a_broken_one_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    connection_id = commands.connect(shop.id, carrier="inpost", credentials={}, by=SYSTEM)
    without = commands.connect(shop.id, carrier="dpd", credentials={"login": "a", "password": "b"}, by=SYSTEM)
    assert connection_id in queries.listing_points()
    assert without not in queries.listing_points(), "DPD lists its points for a key of their own"
    told = json.loads(pages("inpost")[0].read_text())

    def answer(response: httpx.Response) -> None:
        transport = httpx.MockTransport(lambda request: response)
        monkeypatch.setattr(outbound, "client", lambda **_: httpx.Client(transport=transport))
        jobs.list_points(connection_id=connection_id)

    def near() -> list[str]:
        cards = queries.points_near(shop.id, carrier="inpost", place="Wrocław")
        return [card.code for card in cards]

    answer(httpx.Response(200, json=told))
    assert near() == ["POP-WRO103"]
    notices = queries.notices([shop.id]).filter(carrier="inpost")
    assert set(notices.values_list("where", flat=True)) == {"points: location"}
    answer(httpx.Response(503, text="maintenance"))
    answer(httpx.Response(200, json={**told, "items": told["items"][:1]}))
    assert near() == ["POP-WRO103"], "the list of before stays"
    assert {"points", "points: too few"} <= set(notices.values_list("where", flat=True))
