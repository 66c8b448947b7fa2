"""Greek, Ukrainian and Russian carriers: codes that do not mean what they sound like, and what their clients ask."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Delivered, Refused
from opieka.deliveries.carriers.cdek.codes import REASONS
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason
from tests.deliveries.carriers.samples import FIXTURES, NUMBERS, client, codes, replay

S = ParcelStage
DELIVERED = {
    "acs": {"παραδοση", "delivery to consignee"},
    "boxnow": {"delivered"},
    "cdek": {"delivered", "postomat_received"},
    "elta": {"αποστολή παραδόθηκε", "αποστολη παραδοθηκε"},
    "speedex": {"η αποστολη παραδοθηκε"},
    "nova_poshta": {"9", "10", "11", "106"},
}
"""The only codes that say the customer has it."""

NOT_WHAT_IT_SOUNDS_LIKE = [
    # The order was accepted by the computer; there is no parcel yet.
    ("cdek", "accepted", S.LABEL_CREATED),
    # Back on the shelf of a city's warehouse, as the appendix notes: no return to the sender.
    ("cdek", "returned_to_sender_city_warehouse", S.ACCEPTED),
    ("cdek", "returned_to_transit_warehouse", S.IN_TRANSIT),
    ("cdek", "returned_to_recipient_city_warehouse", S.ATTEMPT_FAILED),
    # It is on its way between two offices of the sender's city.
    ("cdek", "sent_to_sender_city", S.IN_TRANSIT),
    # A customer took it out of the locker; a courier did.
    ("cdek", "postomat_received", S.DELIVERED),
    ("cdek", "postomat_seized", S.RETURNING),
    # The courier did not find it at the sender's.
    ("boxnow", "missing", S.EXCEPTION),
    ("boxnow", "final-destination", S.AWAITING_COLLECTION),
    # She looks at it at the counter; she paid for it; a waybill for the money was made.
    ("nova_poshta", "14", S.AWAITING_COLLECTION),
    ("nova_poshta", "106", S.DELIVERED),
    ("nova_poshta", "7", S.AWAITING_COLLECTION),
    ("nova_poshta", "105", S.RETURNING),
    # The shop of the courier is not the customer's.
    ("acs", "αφιξη σε καταστημα", S.IN_TRANSIT),
]


@pytest.mark.parametrize(("carrier", "code", "stage"), NOT_WHAT_IT_SOUNDS_LIKE)
def test_a_code_means_what_the_carrier_says_not_what_it_sounds_like(
    carrier: str, code: str, stage: S
) -> None:
    assert codes(carrier)[code].stage is stage


@pytest.mark.parametrize("carrier", sorted(DELIVERED))
def test_only_these_codes_are_a_delivery(carrier: str) -> None:
    assert {code for code, meaning in codes(carrier).items() if meaning.stage is S.DELIVERED} == DELIVERED[
        carrier
    ]


@pytest.mark.parametrize("carrier", sorted(DELIVERED))
def test_no_code_that_came_back_was_handed_to_the_customer(carrier: str) -> None:
    for code, meaning in codes(carrier).items():
        assert meaning.leg is Leg.OUTBOUND or meaning.handed_to is HandedTo.UNKNOWN, code


def answering(name: str, *answers: httpx.Response) -> tuple[Any, list[httpx.Request]]:
    """A client that gets these answers in turn, and what it asked."""
    asked: list[httpx.Request] = []
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0)

    return client(CARRIERS[name], handler), asked


class TestNovaPoshta:
    def test_a_hundred_numbers_are_one_question(self) -> None:
        numbers = tuple(f"2045005980{position:04}" for position in range(101))
        empty = {"success": True, "data": [], "errors": []}
        asking, asked = answering("nova_poshta", *(httpx.Response(200, json=empty) for _ in range(2)))
        assert asking.track(numbers).tracked == ()
        sizes = [len(json.loads(request.content)["methodProperties"]["Documents"]) for request in asked]
        assert sizes == [100, 1]

    @pytest.mark.parametrize(
        ("error", "reason"), [("API key expired", "bad_credentials"), ("To many requests", "bad_request")]
    )
    def test_a_no_within_a_yes(self, error: str, reason: str) -> None:
        answer = {"success": False, "data": [], "errors": [error]}
        asking, _ = answering("nova_poshta", httpx.Response(200, json=answer))
        with pytest.raises(Refused) as caught:
            asking.track((NUMBERS["nova_poshta"],))
        assert caught.value.reason == reason

    def test_a_number_it_does_not_know_is_absent(self) -> None:
        reading = replay("nova_poshta", FIXTURES / "nova_poshta" / "answer-many.json")
        assert "20450059800772" not in {one.tracking_number for one in reading.tracked}


class TestCdek:
    def test_every_additional_status_has_its_reason(self) -> None:
        assert set(REASONS) == {str(number) for number in (*range(1, 28), 31, 32, 33)}

    @pytest.mark.parametrize(
        ("extra", "reason"), [("26", Reason.CARRIER_LOST), ("27", Reason.CARRIER_DESTROYED)]
    )
    def test_what_is_lost_does_not_come_back(self, extra: str, reason: Reason) -> None:
        event = {"code": "NOT_DELIVERED", "name": "Не вручен", "date_time": "2026-03-12T11:00:00+0000"}
        order = {"entity": {"cdek_number": "1", "statuses": [{**event, "reason_code": extra}]}}
        asking, _ = answering("cdek", httpx.Response(200, json=order))
        report = asking.track(("1",)).tracked[0].reports[0]
        assert (report.stage, report.reason) == (S.LOST, reason)

    def test_a_number_it_does_not_know_is_a_bad_request_there(self) -> None:
        errors = {"requests": [{"errors": [{"code": "v2_entity_not_found", "message": "..."}]}]}
        asking, _ = answering("cdek", httpx.Response(400, json=errors))
        assert asking.track(("1",)).tracked == ()

    def test_the_address_called_must_hold_the_shop_s_secret(self) -> None:
        check = CARRIERS["cdek"].genuine
        assert check is not None
        assert check(Delivered(raw=b"{}", query={"key": "s"}), {"webhook_secret": "s"})
        assert not check(Delivered(raw=b"{}", query={"key": "x"}), {"webhook_secret": "s"})
        assert not check(Delivered(raw=b"{}", query={"key": ""}), {"webhook_secret": ""})


class TestBoxNow:
    def message(self, data: str, signed: str, secret: str = "s") -> bytes:
        signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
        return f'{{"id": "m1", "datasignature": "{signature}", "data": {data}}}'.encode()

    def genuine(self, raw: bytes, secret: str = "s") -> bool:
        check = CARRIERS["boxnow"].genuine
        assert check is not None
        return check(Delivered(raw=raw), {"webhook_secret": secret})

    @given(
        st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=3), st.booleans()
    )
    def test_the_signature_holds_for_the_data_as_it_is_written(
        self, data: dict[str, Any], spaced: bool
    ) -> None:
        written = json.dumps(data, separators=None if spaced else (",", ":"), ensure_ascii=spaced)
        assert self.genuine(self.message(written, written))

    @pytest.mark.parametrize(
        ("data", "signed"),
        [
            ('{"parcelId": "2"}', '{"parcelId": "1"}'),
            ('{"parcelId": "1", "x": {"data": {"parcelId": "2"}}}', '{"parcelId": "2"}'),
            ('"text"', '"text"'),
            ("null", "null"),
        ],
    )
    def test_it_does_not_hold_for_other_data(self, data: str, signed: str) -> None:
        assert not self.genuine(self.message(data, signed))

    def test_a_signed_piece_does_not_vouch_for_another(self) -> None:
        """The last member of a name is the one that is read, so it is the one that is checked."""
        good = self.message('{"parcelId": "1"}', '{"parcelId": "1"}')
        assert self.genuine(good)
        assert not self.genuine(good[:-1] + b', "data": {"parcelId": "2"}}')

    def test_without_a_secret_nothing_holds(self) -> None:
        assert not self.genuine(self.message("{}", "{}", ""), "")

    def test_it_signs_in_once_for_many_numbers(self) -> None:
        asking, asked = answering("boxnow", *(httpx.Response(200, json={"data": []}) for _ in range(3)))
        assert asking.track(("1", "2", "3")).tracked == ()
        assert [request.headers["authorization"] for request in asked] == ["Bearer the-token"] * 3

    @pytest.mark.parametrize(("country", "host"), [("cy", "cy"), ("", "gr"), ("evil.example/", "gr")])
    def test_each_country_has_its_own_host(self, country: str, host: str) -> None:
        hosts: list[str] = []

        def handler(request: httpx.Request) -> httpx.Response:
            hosts.append(request.url.host)
            return httpx.Response(200, json={"data": []})

        filled = {"client_id": "a", "client_secret": "b", "country": country}
        client(CARRIERS["boxnow"], handler, filled).track(("1",))
        assert hosts == [f"api-production.boxnow.{host}"]


class TestGreekCouriers:
    def test_acs_asks_for_the_details_and_the_summary(self) -> None:
        empty = {"ACSExecution_HasError": False, "ACSOutputResponce": {"ACSTableOutput": {}}}
        asking, asked = answering("acs", *(httpx.Response(200, json=empty) for _ in range(2)))
        assert asking.track((NUMBERS["acs"],)).tracked == ()
        told = [json.loads(request.content)["ACSAlias"] for request in asked]
        assert told == ["ACS_TrackingDetails", "ACS_Trackingsummary"]
        assert asked[0].headers["acsapikey"] == "the-api_key"

    def test_acs_says_no_within_a_yes(self) -> None:
        wrong = {"ACSExecution_HasError": True, "ACSExecutionErrorMessage": "Λάθος κωδικός χρήστη"}
        asking, _ = answering("acs", httpx.Response(200, json=wrong))
        with pytest.raises(Refused, match="bad_credentials"):
            asking.track((NUMBERS["acs"],))

    def test_a_delivery_to_a_point_nearby_is_no_delivery(self) -> None:
        stages = [r.stage for r in replay("acs", FIXTURES / "acs" / "answer-absent.json").tracked[0].reports]
        assert S.DELIVERED not in stages
        assert S.ATTEMPT_FAILED in stages

    def test_acs_delivery_of_what_came_back_is_a_return(self) -> None:
        stages = [
            r.stage for r in replay("acs", FIXTURES / "acs" / "answer-returned.json").tracked[0].reports
        ]
        assert stages == [S.IN_TRANSIT, S.RETURNED]

    def test_acs_says_by_a_flag_that_it_was_delivered(self) -> None:
        row = {
            "shipment_status": 4,
            "delivery_flag": 1,
            "returned_flag": 0,
            "delivery_date": "2026-03-03T00:00:00",
        }
        answer = {"ACSOutputResponce": {"ACSTableOutput": {"Table_Data": [row]}}}
        asking, _ = answering("acs", *(httpx.Response(200, json=answer) for _ in range(2)))
        (report,) = asking.track((NUMBERS["acs"],)).tracked[0].reports
        assert (report.stage, report.raw_code) == (S.DELIVERED, "delivery_flag")

    def test_speedex_opens_one_session_and_escapes_what_it_says(self) -> None:
        body = (FIXTURES / "speedex" / "answer-unknown.xml").read_bytes()
        asking, asked = answering("speedex", *(httpx.Response(200, content=body) for _ in range(2)))
        assert asking.track(("1", "<2>")).tracked == ()
        assert {request.headers["soapaction"] for request in asked} == {
            '"https://spdxws.gr/GetTraceByVoucher"'
        }
        assert b"<sessionID>5f0c</sessionID>" in asked[0].content
        assert b"&lt;2&gt;" in asked[1].content

    @pytest.mark.parametrize(("code", "reason"), [("100", "bad_credentials"), ("7", "answer")])
    def test_speedex_says_no_by_a_code(self, code: str, reason: str) -> None:
        body = (FIXTURES / "speedex" / "answer-unknown.xml").read_text()
        answer = httpx.Response(200, text=body.replace("<returnCode>1<", f"<returnCode>{code}<"))
        asking, _ = answering("speedex", answer)
        with pytest.raises(Refused) as caught:
            asking.track(("1",))
        assert caught.value.reason == reason

    def test_a_failure_of_speedex_that_sounds_like_a_delivery_is_none(self) -> None:
        (one,) = replay("speedex", FIXTURES / "speedex" / "answer-new-sentence.xml").tracked
        assert [report.stage for report in one.reports] == [S.UNKNOWN]

    def test_elta_sends_json_with_a_mark_before_it(self) -> None:
        raw = (FIXTURES / "elta" / "answer-delivered.json").read_bytes()
        page = httpx.Response(200, content=b"\xef\xbb\xbf\n" + raw, headers={"content-type": "text/html"})
        asking, asked = answering("elta", page)
        assert asking.track((NUMBERS["elta"],)).tracked[0].reports[-1].stage is S.DELIVERED
        assert asked[0].content == b"number=SE101046219GR"
