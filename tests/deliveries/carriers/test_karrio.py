"""Karrio's connectors: its 12 statuses and 35 reasons, and what is not believed of them."""

from __future__ import annotations

import json
import sys
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Context, Reading, Refused
from opieka.deliveries.carriers.karrio.mapping import CODES, MISTAKEN, OWN, REASONS, reading
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage, Reason, TrackingReport
from tests.deliveries.carriers.samples import client

S, R = ParcelStage, Reason
WARSAW = Context(zone=ZoneInfo("Europe/Warsaw"))
LATE = {R.CARRIER_DELAY, R.WEATHER, R.CUSTOMS_DELAY}


def details(*events: dict[str, Any], carrier: str = "usps", **fields: Any) -> dict[str, Any]:
    told = [{"date": f"2026-03-{day:02}", "time": "10:00", **event} for day, event in enumerate(events, 1)]
    return {"tracking_number": "1", "carrier_name": carrier, "events": told, **fields}


def one(event: dict[str, Any], connector: str = "usps") -> tuple[TrackingReport, Reading]:
    found = reading([details(event, carrier=connector)], connector, WARSAW)
    return found.tracked[0].reports[0], found


@pytest.mark.parametrize(
    ("connector", "event", "stage"),
    [
        # GLS: a parcel shop, "history closed", and a delivery.
        ("gls", {"code": "DELIVEREDPS", "status": "delivered"}, S.AWAITING_COLLECTION),
        ("gls", {"code": "FINAL", "status": "delivered"}, S.UNKNOWN),
        ("gls", {"code": "DELIVERED", "status": "delivered"}, S.DELIVERED),
        ("gls", {"code": "BEAMED", "status": "delivered"}, S.UNKNOWN),
        # DHL: what it calls unknown is no delay.
        ("dhl_universal", {"code": "unknown", "status": "delivery_delayed"}, S.UNKNOWN),
        ("dhl_universal", {"code": "beamed", "status": "delivery_delayed"}, S.UNKNOWN),
        # EasyPost: a return is no failed delivery, a label no hold.
        ("easypost", {"code": "return_to_sender", "status": "delivery_failed"}, S.UNKNOWN),
        ("easypost", {"code": "pre_transit", "status": "on_hold"}, S.UNKNOWN),
        # An event that nothing matched has no status.
        ("usps", {"code": "ZZ"}, S.UNKNOWN),
    ],
)
def test_what_a_connector_maps_wrongly_is_not_believed(
    connector: str, event: dict[str, Any], stage: ParcelStage
) -> None:
    report, _ = one(event, connector)
    assert report.stage is stage
    assert report.reason not in LATE
    assert report.raw_code == event["code"]


def test_the_status_of_the_whole_parcel_is_not_read() -> None:
    """Where nothing matched it is in transit."""
    found = reading([details({"code": "ZZ"}, status="in_transit", delivered=True)], "usps", WARSAW)
    assert found.tracked[0].reports[0].stage is S.UNKNOWN
    assert [notice.kind for notice in found.notices] == [NoticeKind.UNKNOWN_CODE]
    assert reading([details(status="delivered")], "usps", WARSAW).tracked[0].reports == ()


def test_a_delivery_after_the_return_is_a_return() -> None:
    events = ({"code": "a", "status": "return_to_sender"}, {"code": "b", "status": "delivered"})
    reports = reading([details(*events)], "canadapost", WARSAW).tracked[0].reports
    assert (reports[-1].stage, reports[-1].leg) == (S.RETURNED, Leg.RETURNING_TO_SENDER)


def test_every_status_and_reason_has_its_meaning() -> None:
    assert len(CODES) == 12
    assert len(REASONS) == 35
    for status, meaning in CODES.items():
        report, found = one({"code": "x", "status": status})
        assert (report.stage, report.reason, found.notices) == (meaning.stage, meaning.reason, ())
    for why, reason in REASONS.items():
        report, _ = one({"code": "x", "status": "delivery_failed", "reason": why})
        assert report.reason is reason
    assert one({"code": "x", "status": "on_hold", "reason": "carrier_parcel_lost"})[0].stage is S.LOST


def test_a_word_of_a_later_version_is_noticed() -> None:
    report, found = one({"code": "x", "status": "teleported", "reason": "aliens"})
    assert (report.stage, report.reason) == (S.UNKNOWN, R.NONE)
    assert [notice.value for notice in found.notices] == ["teleported", "aliens"]


@pytest.mark.parametrize(
    ("clock", "utc"), [("10:00", "09:00"), ("10:00 PM", "21:00"), ("09:05:07", "08:05"), ("", "23:00")]
)
def test_the_clock_is_the_place_s_own(clock: str, utc: str) -> None:
    event = {"code": "x", "status": "in_transit", "time": clock, "timestamp": "2026-03-01T10:00:00.000Z"}
    assert one(event)[0].at.strftime("%H:%M") == utc


def test_carriers_and_estimates_are_told_in_our_words() -> None:
    told = details(
        {"code": "x", "status": "in_transit"}, carrier="dhl_universal", estimated_delivery="2026-03-05"
    )
    found = reading([told, {"no": "number"}], "dhl_universal", WARSAW).tracked
    assert [(tracking.carrier, tracking.carrier_word) for tracking in found] == [("dhl", "dhl_universal")]
    expected = found[0].reports[0].expected_to
    assert expected is not None
    assert expected.isoformat() == "2026-03-05T22:59:59+00:00"


def nobody(request: httpx.Request) -> httpx.Response:
    raise AssertionError("Karrio asks by itself")


@pytest.mark.parametrize(
    "filled",
    [
        {"connector": "usps", "settings": "no json"},
        {"connector": "usps", "settings": "[]"},
        {"connector": "usps", "settings": "{}", "zone": "Nowhere/Land"},
        {"connector": "usps", "settings": "{}", "zone": "../etc"},
    ],
)
def test_settings_that_are_none_are_refused(filled: dict[str, str]) -> None:
    with pytest.raises(Refused, match="bad_credentials"):
        client(CARRIERS["karrio"], nobody, filled)


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "karrio", None)
    asking = client(CARRIERS["karrio"], nobody, {"connector": "gls", "settings": "{}"})
    with pytest.raises(Refused, match="not_installed"):
        asking.track(("1",))


def test_connectors_with_tables_of_ours_are_named_as_karrio_names_them() -> None:
    assert set(OWN) == {"gls", "fedex", "dhl_universal"}
    assert {connector for connector, _ in MISTAKEN} == {"gls", "dhl_universal", "easypost"}


class TestInstalled:
    """With the extra and a connector: its real parser, our real client, and no network."""

    SETTINGS = json.dumps({"client_id": "a", "client_secret": "b"})

    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        pytest.importorskip("karrio.mappers.gls", reason="opieka[karrio] and karrio-gls are not installed")

    def test_a_parcel_shop_of_gls_is_no_delivery(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from karrio import lib
        from karrio.mappers.gls.proxy import Proxy

        event = {"code": "DELIVD.PARCELSHOP", "eventDateTime": "2026-03-03T10:00:00+0100", "city": "Łódź"}
        parcel = {
            "requested": "42249028960",
            "unitno": "42249028960",
            "status": "DELIVEREDPS",
            "events": [event],
        }
        monkeypatch.setattr(
            Proxy, "get_tracking", lambda *_: lib.Deserializable({"parcels": [parcel]}, lib.to_dict)
        )
        asking = client(CARRIERS["karrio"], nobody, {"connector": "gls", "settings": self.SETTINGS})
        (tracking,) = asking.track(("42249028960",)).tracked
        assert (tracking.carrier, tracking.reports[0].stage) == ("gls", S.AWAITING_COLLECTION)

    def test_an_error_of_the_carrier_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from karrio import lib
        from karrio.mappers.gls.proxy import Proxy

        parcel = {"requested": "1", "errorCode": "NOT_FOUND", "errorMessage": "no"}
        monkeypatch.setattr(
            Proxy, "get_tracking", lambda *_: lib.Deserializable({"parcels": [parcel]}, lib.to_dict)
        )
        asking = client(CARRIERS["karrio"], nobody, {"connector": "gls", "settings": self.SETTINGS})
        with pytest.raises(Refused, match="NOT_FOUND"):
            asking.track(("1",))

    @pytest.mark.parametrize(("connector", "settings"), [("teleport", "{}"), ("gls", '{"wrong": 1}')])
    def test_a_connector_that_is_not_there_is_refused(self, connector: str, settings: str) -> None:
        asking = client(CARRIERS["karrio"], nobody, {"connector": connector, "settings": settings})
        with pytest.raises(Refused, match="bad_credentials"):
            asking.track(("1",))
