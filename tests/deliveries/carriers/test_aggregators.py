"""AfterShip, EasyPost and 17TRACK: their signatures, their two levels of status, their names of carriers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.aftership.mapping import SUBTAGS, TAGS
from opieka.deliveries.carriers.aggregating import alpha2
from opieka.deliveries.carriers.base import Context, Delivered, Reading
from opieka.deliveries.carriers.easypost import mapping as easypost
from opieka.deliveries.carriers.estimates import span
from opieka.deliveries.carriers.names import NAMES, named
from opieka.deliveries.carriers.seventeentrack.mapping import STATUSES, SUBS
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage, Reason, TrackingReport

BODY = b'{"event":"tracking_update","event_id":"e-1"}'


def signed(name: str, raw: bytes, secret: str) -> tuple[dict[str, str], dict[str, str]]:
    """The headers an aggregator sends with a body, and the secrets of the shop."""
    mac = hmac.digest(unicodedata.normalize("NFKD", secret).encode(), raw, "sha256")
    plain = hmac.digest(secret.encode(), raw, "sha256")
    by_name = {
        "aftership": {"aftership-hmac-sha256": base64.b64encode(plain).decode()},
        "easypost": {"x-hmac-signature": f"hmac-sha256-hex={mac.hex()}"},
        "seventeentrack": {"sign": hashlib.sha256(raw + b"/" + secret.encode()).hexdigest()},
        "generic": {"x-opieka-signature": f"sha256={plain.hex()}"},
    }
    field = CARRIERS[name].capabilities.credentials[0]
    return by_name[name], {field: secret}


def genuine(name: str, raw: bytes, headers: dict[str, str], secrets: dict[str, str]) -> bool:
    check = CARRIERS[name].genuine
    assert check is not None
    return check(Delivered(raw=raw, headers=headers), secrets)


SIGNED = pytest.mark.parametrize("name", ["aftership", "easypost", "seventeentrack", "generic"])


class TestSignatures:
    @SIGNED
    @given(raw=st.binary(max_size=60), secret=st.text(min_size=1, max_size=12))
    def test_the_right_one_holds(self, name: str, raw: bytes, secret: str) -> None:
        if not secret.isprintable():
            return
        headers, secrets = signed(name, raw, secret)
        assert genuine(name, raw, headers, secrets)

    @SIGNED
    def test_it_covers_every_byte(self, name: str) -> None:
        headers, secrets = signed(name, BODY, "s3cret")
        assert not genuine(name, BODY + b" ", headers, secrets)
        assert not genuine(name, BODY[:-1], headers, secrets)

    @SIGNED
    def test_without_a_secret_nothing_holds(self, name: str) -> None:
        """Also not the signature anybody could make with an empty one."""
        headers, _ = signed(name, BODY, "")
        field = CARRIERS[name].capabilities.credentials[0]
        assert not genuine(name, BODY, headers, {field: ""})
        assert not genuine(name, BODY, headers, {})

    @SIGNED
    @given(junk=st.text(max_size=80))
    def test_any_header_is_answered(self, name: str, junk: str) -> None:
        headers, secrets = signed(name, BODY, "s3cret")
        assert not genuine(name, BODY, dict.fromkeys(headers, junk), secrets)

    @SIGNED
    def test_the_secret_itself_is_no_signature(self, name: str) -> None:
        headers, secrets = signed(name, BODY, "s3cret")
        assert not genuine(name, BODY, dict.fromkeys(headers, "s3cret"), secrets)

    @pytest.mark.shared
    def test_easypost_s_own_vector(self, shared: Path) -> None:
        folder = shared / "fixtures" / "webhooks" / "easypost"
        told = json.loads((folder / "client-library-fixtures.json").read_text())["webhooks"]
        raw = (folder / "event-body.json").read_bytes().strip()
        headers = {"x-hmac-signature": told["hmac_signature"]}
        assert genuine("easypost", raw, headers, {"webhook_secret": told["secret"]})
        assert not genuine("easypost", raw + b"\n", headers, {"webhook_secret": told["secret"]})

    def test_easypost_s_secret_is_the_same_however_its_accents_are_typed(self) -> None:
        composed, parted = unicodedata.normalize("NFC", "sécret"), unicodedata.normalize("NFD", "sécret")
        headers, _ = signed("easypost", BODY, composed)
        assert composed != parted
        assert genuine("easypost", BODY, headers, {"webhook_secret": parted})
        assert genuine("easypost", BODY, headers, {"webhook_secret": composed})

    def test_a_delivery_is_named_by_its_sender(self) -> None:
        assert CARRIERS["aftership"].delivery_id(Delivered(raw=BODY)) == "e-1"
        assert CARRIERS["easypost"].delivery_id(Delivered(raw=b'{"id":"evt_1"}')) == "evt_1"
        assert CARRIERS["generic"].delivery_id(Delivered(raw=b"", headers={"x-opieka-delivery": "7"})) == "7"
        for name in ("aftership", "easypost"):
            assert CARRIERS[name].delivery_id(Delivered(raw=b"no json")) == ""


def told(name: str, document: Any) -> Reading:
    read = CARRIERS[name].read
    assert read is not None
    return read(json.dumps(document).encode(), Context(zone=ZoneInfo("Europe/Warsaw")))


def aftership(*checkpoints: tuple[str, str], **fields: Any) -> Reading:
    events = [
        {"checkpoint_time": f"2026-03-{day:02}T10:00:00", "tag": tag, "subtag": subtag, "message": "m"}
        for day, (tag, subtag) in enumerate(checkpoints, 1)
    ]
    return told(
        "aftership", {"msg": {"tracking_number": "1", "slug": "ups", "checkpoints": events, **fields}}
    )


def easypost_event(status: str, detail: str) -> tuple[TrackingReport, Reading]:
    event = {"status": status, "status_detail": detail, "datetime": "2026-03-01T10:00:00Z", "message": "m"}
    reading = told(
        "easypost", {"result": {"tracking_code": "1", "carrier": "UPS", "tracking_details": [event]}}
    )
    return reading.tracked[0].reports[0], reading


def seventeen(status: str, sub: str) -> tuple[TrackingReport, Reading]:
    event = {"time_iso": "2026-03-01T10:00:00+01:00", "stage": status, "sub_status": sub, "description": "d"}
    info = {"tracking": {"providers": [{"provider": {"name": "UPS"}, "events": [event]}]}}
    reading = told(
        "seventeentrack", {"event": "TRACKING_UPDATED", "data": {"number": "1", "track_info": info}}
    )
    return reading.tracked[0].reports[0], reading


class TestWhatIsKnown:
    """The published lists, whole: a gap would be a code shown to a person for nothing."""

    def test_every_tag_and_sub_tag_of_aftership(self) -> None:
        assert len(TAGS) == 9
        published = {
            "Delivered": range(1, 6),
            "AvailableForPickup": [1],
            "Exception": [*range(1, 14), 16, 17, 18],
            "AttemptFail": range(1, 4),
            "InTransit": range(1, 10),
            "InfoReceived": [1],
            "OutForDelivery": [1, 3, 4],
            "Pending": [1],
            "Expired": [1],
        }
        for tag, numbers in published.items():
            for number in numbers:
                reading = aftership((tag, f"{tag}_{number:03}"))
                assert reading.notices == (), (tag, number)
                assert f"{tag}_{number:03}".casefold() in SUBTAGS

    def test_every_status_of_17track(self) -> None:
        assert len(STATUSES) == 9
        assert len(SUBS) == 30
        for sub in SUBS:
            assert sub.partition("_")[0] in STATUSES
            assert seventeen("", sub)[1].notices == ()

    def test_every_status_and_detail_of_easypost(self) -> None:
        assert len(easypost.CODES) == 10
        assert len(easypost.DETAILS) == 28
        for status in easypost.CODES:
            for detail in easypost.DETAILS:
                report, reading = easypost_event(status, detail)
                assert reading.notices == ()
                if (status, detail) not in easypost.PAIRS:
                    assert report.stage is easypost.CODES[status].stage
        for status, detail in easypost.PAIRS:
            assert status in easypost.CODES
            assert detail in easypost.DETAILS


class TestWhatIsNot:
    def test_a_new_sub_tag_means_what_its_tag_means_and_is_noticed(self) -> None:
        reading = aftership(("InTransit", "InTransit_042"))
        assert reading.tracked[0].reports[0].stage is ParcelStage.IN_TRANSIT
        assert reading.tracked[0].reports[0].raw_code == "InTransit_042"
        assert [notice.kind for notice in reading.notices] == [NoticeKind.UNKNOWN_CODE]

    @pytest.mark.parametrize("sub", ["Exception_042", "Exception_099"])
    def test_a_new_exception_raises_no_alarm(self, sub: str) -> None:
        report = aftership(("Exception", sub)).tracked[0].reports[0]
        assert (report.stage, report.reason) == (ParcelStage.UNKNOWN, Reason.NONE)
        assert seventeen("Exception", "Exception_Eaten")[0].stage is ParcelStage.UNKNOWN

    def test_an_event_without_a_time_is_noticed_and_the_rest_read(self) -> None:
        events = [{"tag": "InTransit"}, {"checkpoint_time": "2026-03-01T10:00:00", "tag": "InTransit"}]
        reading = told("aftership", {"msg": {"tracking_number": "1", "slug": "ups", "checkpoints": events}})
        assert len(reading.tracked[0].reports) == 1
        assert [notice.kind for notice in reading.notices] == [NoticeKind.MALFORMED]

    @pytest.mark.parametrize("name", ["aftership", "easypost", "seventeentrack"])
    def test_a_test_message_tracks_nothing(self, name: str) -> None:
        assert (
            told(name, {"event": "test", "description": "batch.created", "result": {"id": "batch_1"}}).tracked
            == ()
        )


class TestTimesAndPlaces:
    def test_a_local_time_is_read_in_the_zone_given(self) -> None:
        assert aftership(("InTransit", "")).tracked[0].reports[0].at == datetime(2026, 3, 1, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("earliest", "latest", "start", "end"),
        [
            ("", "2026-03-30", "2026-03-29T22:00:00", "2026-03-30T21:59:59"),
            ("", "2026-03-30T00:00:00Z", "2026-03-29T22:00:00", "2026-03-30T21:59:59"),
            (
                "2026-04-01T09:00:00+02:00",
                "2026-04-01T13:00:00+02:00",
                "2026-04-01T07:00:00",
                "2026-04-01T11:00:00",
            ),
            (
                "2026-04-01T00:00:00+08:00",
                "2026-04-02T00:00:00+08:00",
                "2026-03-31T16:00:00",
                "2026-04-02T15:59:59",
            ),
        ],
    )
    def test_an_estimate_given_as_a_date_means_the_whole_day(
        self, earliest: str, latest: str, start: str, end: str
    ) -> None:
        found = span(earliest, latest, ZoneInfo("Europe/Warsaw"))
        assert tuple(at.replace(tzinfo=None).isoformat() for at in found if at) == (start, end)

    def test_an_estimate_that_is_none_is_left_out(self) -> None:
        assert span("soon", "", ZoneInfo("Europe/Warsaw")) == (None, None)

    @pytest.mark.parametrize(
        ("code", "short"), [("POL", "PL"), ("gr", "GR"), ("XYZ", ""), ("", ""), ("1", "")]
    )
    def test_countries(self, code: str, short: str) -> None:
        assert alpha2(code) == short

    def test_a_customer_s_return_is_told_as_one(self) -> None:
        event = {"status": "delivered", "status_detail": "x", "datetime": "2026-03-01T10:00:00Z"}
        result = {"tracking_code": "1", "carrier": "UPS", "is_return": True, "tracking_details": [event]}
        report = told("easypost", {"result": result}).tracked[0].reports[0]
        assert (report.stage, report.leg) == (ParcelStage.DELIVERED, Leg.CUSTOMER_RETURN)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("inpost-paczkomaty", "inpost"), ("InPost (PL)", "inpost"), ("Paczkomat", "inpost"),
        ("dpd-poland", "dpd"), ("DPDUK", "dpd"), ("dpd", "dpd"), ("ДПД", "dpd"),
        ("gls-cz", "gls"), ("cj-gls", ""), ("DHLExpress", "dhl"), ("dhl-poland", "dhl"), ("DhlEcs", "dhl"),
        ("UPSDAP", "ups"), ("ups-freight", "ups"), ("FedEx", "fedex"), ("FedexSmartPost", "fedex"),
        ("poczta-polska", "poczta_polska"), ("Poczta Polska", "poczta_polska"), ("Pocztex", "poczta_polska"),
        ("ORLEN Paczka", "orlen"), ("Zásilkovna", "packeta"), ("acscourier", "acs"), ("ACS Courier", "acs"),
        ("acs-worldwide", ""), ("elta-courier", "elta"), ("ΕΛΤΑ Κούριερ", "elta"), ("BOX NOW", "boxnow"),
        ("Speedex", "speedex"), ("nova-poshta", "nova_poshta"), ("Нова Пошта", "nova_poshta"),
        ("СДЭК", "cdek"), ("cdek", "cdek"), ("canada-post", ""), ("", ""), ("3011", ""),
    ],
)  # fmt: skip
def test_carriers_are_known_by_many_names(word: str, code: str) -> None:
    assert named(word) == code


def test_every_name_leads_to_a_carrier_there_is() -> None:
    assert set(NAMES) <= set(CARRIERS)
    for words in NAMES.values():
        for word in words:
            assert named(word) in NAMES
