"""Asking carriers for what recipients decided: the requests they document, and what their answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time
from typing import Any

import httpx
import pytest

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.arranging import Arranger, Outcome, Wish
from opieka.deliveries.carriers.base import Refused
from opieka.deliveries.types import TERMINAL, Choice, ChoiceKind, PointCard
from tests.deliveries.carriers.samples import TOKEN, context, credentials

K = ChoiceKind
ASKED = sorted(name for name, one in CARRIERS.items() if any(each.asked for each in one.capabilities.choices))
POINT = PointCard(
    id=1, carrier="cdek", code="MSK67", locker=False, name="", street="", postcode="", city="", country="RU",
    latitude=0, longitude=0, hours="",
)  # fmt: skip


def arranger(name: str, handler: Callable[[httpx.Request], httpx.Response]) -> Arranger:
    def granting(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path or "auth-sessions" in request.url.path:
            return httpx.Response(200, json=TOKEN)
        return handler(request)

    carrier = CARRIERS[name]
    assert carrier.arrange is not None
    http = httpx.Client(transport=httpx.MockTransport(granting))
    return carrier.arrange(credentials(carrier), context(carrier), http)


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_what_it_does_for_recipients_is_sensible(name: str) -> None:
    carrier = CARRIERS[name]
    kinds = [each.kind for each in carrier.capabilities.choices]
    assert len(kinds) == len(set(kinds))
    assert (name in ASKED) == (carrier.arrange is not None)
    for each in carrier.capabilities.choices:
        assert each.stages
        assert not each.stages & set(TERMINAL)
        assert bool(each.days) == (each.kind in {K.SLOT, K.HOLD})
        assert all(first < last for first, last in each.hours)


def test_cdek_agrees_on_a_day_and_tells_later_whether_it_holds() -> None:
    seen: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.url.path, json.loads(request.content or b"null")))
        state = "ACCEPTED" if request.method == "POST" else "SUCCESSFUL"
        return httpx.Response(202, json={"entity": {"uuid": "u-1"}, "requests": [{"state": state}]})

    asks = arranger("cdek", answer)
    choice = Choice(kind=K.SLOT, day=date(2026, 11, 27), hours=(time(18), time(22)))
    first = asks.arrange(Wish(number="1106394821", choice=choice))
    assert first == Outcome(accepted=None, reference="u-1")
    assert asks.arrange(Wish(number="1106394821", choice=choice, reference="u-1")).accepted is True
    agreed = {"cdek_number": "1106394821", "date": "2026-11-27", "time_from": "18:00", "time_to": "22:00"}
    assert seen == [("POST", "/v2/delivery", agreed), ("GET", "/v2/delivery/u-1", None)]


def test_cdek_takes_a_parcel_to_another_point() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content)["delivery_point"] == "MSK67"
        return httpx.Response(202, json={"entity": {"uuid": "u"}, "requests": [{"state": "INVALID"}]})

    wish = Wish(number="1", choice=Choice(kind=K.PICKUP_POINT, point_id=1), point=POINT)
    assert arranger("cdek", answer).arrange(wish).accepted is False


@pytest.mark.parametrize(
    ("name", "status", "body", "accepted"),
    [
        ("cdek", 400, '{"requests": [{"state": "INVALID"}]}', False),
        ("cdek", 200, "{}", None),
        ("packeta", 200, "<response><status>ok</status></response>", True),
        (
            "packeta",
            200,
            "<response><status>fault</status><fault>DateOutOfRangeFault</fault></response>",
            False,
        ),
        ("boxnow", 200, "", True),
        ("boxnow", 400, '{"code": "P420"}', False),
        ("memory", 200, "", True),
    ],
)
def test_answers(name: str, status: int, body: str, accepted: bool | None) -> None:
    asks = arranger(name, lambda request: httpx.Response(status, text=body))
    choice = Choice(kind=K.HOLD, day=date(2026, 11, 27))
    assert asks.arrange(Wish(number="Z1234567890", choice=choice)).accepted is accepted


def test_packeta_is_asked_to_keep_a_packet_or_to_cancel_it() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.content.decode())
        return httpx.Response(200, text="<response><status>ok</status></response>")

    asks = arranger("packeta", answer)
    asks.arrange(Wish(number="Z1234567890", choice=Choice(kind=K.HOLD, day=date(2026, 11, 27))))
    asks.arrange(Wish(number="Z1234567890", choice=Choice(kind=K.CANCEL)))
    password = "<apiPassword>the-api_password</apiPassword><packetId>1234567890</packetId>"
    assert seen == [
        f"<packetSetStoredUntil>{password}<date>2026-11-27</date></packetSetStoredUntil>",
        f"<cancelPacket>{password}</cancelPacket>",
    ]


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("cdek", 503, ""),
        ("cdek", 200, "<html>"),
        ("packeta", 200, "<html></html>"),
        (
            "packeta",
            200,
            "<response><status>fault</status><fault>IncorrectApiPasswordFault</fault></response>",
        ),
        ("boxnow", 401, ""),
        ("boxnow", 500, ""),
    ],
)
def test_no_answer_is_no_refusal_of_the_wish(name: str, status: int, body: str) -> None:
    asks = arranger(name, lambda request: httpx.Response(status, text=body))
    with pytest.raises(Refused):
        asks.arrange(Wish(number="1", choice=Choice(kind=K.HOLD, day=date(2026, 11, 27))))
