"""One contract for all SMS gateways: what they are sent, what their answers mean, and which calls are believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from twilio.request_validator import RequestValidator

from opieka.channels.adapters import sms
from opieka.channels.adapters.base import ChannelError, Letter
from opieka.channels.adapters.sms.base import Call, Gateway, Part
from opieka.channels.adapters.sms.gateway.mapping import signature
from opieka.channels.types import BounceKind, Reported, Trouble
from tests.channels import gateways
from tests.channels.gateways import OPTIONS, answering, network, reported_as

PROVIDERS = ["twilio", "smsapi", "gateway"]
SECRET_WORDS = "Paczka dla Anny: kod 4711, ć"
LETTER = Letter(
    raw=SECRET_WORDS.encode(),
    message_id="00112233445566778899aabbccddeeff",
    sender="+48500100200",
    recipients=("+48601234567",),
    report_url=gateways.HOOK + "report/",
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def gateway(provider: str) -> Gateway:
    return sms.gateway(provider, OPTIONS[provider])


def test_a_text_is_handed_over_whole(provider: str, gateway: Gateway) -> None:
    with network(answering(gateways.TAKEN[provider])) as other:
        receipt = gateway.send(LETTER)
    assert (receipt.provider_id, receipt.refused) == (gateways.TAKEN_ID[provider], {})
    said = " ".join(other.last.values())
    assert SECRET_WORDS in said
    assert "48601234567" in said
    assert gateways.HOOK in said


def test_the_form_of_each() -> None:
    sent: dict[str, dict[str, str]] = {}
    for name in PROVIDERS:
        with network(answering(gateways.TAKEN[name])) as other:
            sms.gateway(name, OPTIONS[name]).send(LETTER)
        sent[name] = other.last
    report = gateways.HOOK + "report/"
    assert sent["twilio"] == {
        "To": "+48601234567",
        "From": "+48500100200",
        "Body": SECRET_WORDS,
        "StatusCallback": report,
    }
    assert (sent["smsapi"]["idx"], sent["smsapi"]["check_idx"], sent["smsapi"]["notify_url"]) == (
        LETTER.message_id,
        "1",
        report,
    )
    assert sent["gateway"]["coding"] == "2"
    assert sent["gateway"]["dlr-url"] == f"{report}?id={LETTER.message_id}&status=%d"


def test_a_number_that_does_not_exist_is_for_good(provider: str, gateway: Gateway) -> None:
    if provider not in gateways.NO_SUCH_NUMBER:
        return  # Kannel takes every number and reports later
    with network(answering(gateways.NO_SUCH_NUMBER[provider])), pytest.raises(ChannelError) as caught:
        gateway.send(LETTER)
    assert (caught.value.trouble, caught.value.permanent) == (Trouble.REFUSED_RECIPIENT, True)


@pytest.mark.parametrize(
    ("answers", "trouble"), [(gateways.WRONG_KEY, Trouble.LOGIN), (gateways.BUSY, Trouble.BUSY)]
)
def test_what_passes_is_tried_again(
    provider: str, gateway: Gateway, answers: dict[str, Any], trouble: Trouble
) -> None:
    with network(answering(answers[provider])), pytest.raises(ChannelError) as caught:
        gateway.send(LETTER)
    assert (caught.value.trouble, caught.value.permanent, caught.value.in_doubt) == (trouble, False, False)


@pytest.mark.parametrize(
    ("error", "trouble", "in_doubt"),
    [
        (httpx.ConnectError("refused"), Trouble.UNREACHABLE, False),
        (httpx.ConnectTimeout("slow"), Trouble.UNREACHABLE, False),
        (httpx.ReadTimeout("slow"), Trouble.IN_DOUBT, True),
        (httpx.RemoteProtocolError("cut"), Trouble.IN_DOUBT, True),
    ],
)
def test_a_lost_answer_is_in_doubt(
    gateway: Gateway, error: httpx.HTTPError, trouble: Trouble, in_doubt: bool
) -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        raise error

    with network(broken), pytest.raises(ChannelError) as caught:
        gateway.send(LETTER)
    assert (caught.value.trouble, caught.value.in_doubt, caught.value.permanent) == (trouble, in_doubt, False)


def test_nonsense_is_no_success(gateway: Gateway) -> None:
    with network(lambda _request: httpx.Response(500, text="<html>")), pytest.raises(ChannelError) as caught:
        gateway.send(LETTER)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    "answers", [gateways.TAKEN, gateways.NO_SUCH_NUMBER, gateways.WRONG_KEY, gateways.BUSY]
)
def test_no_words_of_the_text_in_errors_or_logs(
    provider: str, gateway: Gateway, answers: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="opieka")
    error: ChannelError | None = None
    with network(answering(answers.get(provider, (400, {"message": SECRET_WORDS, "error": 11})))):
        try:
            gateway.send(LETTER)
        except ChannelError as caught:
            error = caught
    assert "4711" not in f"{error!r}{error}{caplog.text}"
    assert "601234567" not in f"{error}{caplog.text}"


def test_an_incoming_text(provider: str, gateway: Gateway) -> None:
    (text,) = gateway.texts(gateways.RECEIVED[provider])
    assert text.text == "Proszę w piątek"
    assert text.sender.lstrip("+") == "48601234567"
    assert text.to.lstrip("+") == "48500100200"
    assert text.external_id
    assert text.sent_at in {None, NOON}


@pytest.mark.parametrize(
    "call", [Call("POST", gateways.HOOK, b"nothing=1", gateways.FORM), Call("GET", gateways.HOOK)]
)
def test_what_is_no_text_is_said_to_be_none(gateway: Gateway, call: Call) -> None:
    with pytest.raises((KeyError, ValueError)):
        gateway.texts(call)


def test_a_report(provider: str, gateway: Gateway) -> None:
    (report,) = gateway.reports(gateways.DELIVERED[provider])
    assert gateways.REPORTED_ID[provider] in report.ids
    assert (report.reported, report.bounce) == (Reported.DELIVERED, None)


WORDS = {
    "twilio": {"sent": Reported.NOTHING, "undelivered": BounceKind.SOFT, "failed": BounceKind.SOFT},
    "smsapi": {"403": Reported.NOTHING, "405": BounceKind.SOFT, "411": Reported.DEFERRED},
    "gateway": {
        "8": Reported.NOTHING,
        "4": Reported.DEFERRED,
        "2": BounceKind.SOFT,
        "undeliv": BounceKind.SOFT,
    },
}


def test_the_words_of_reports(provider: str, gateway: Gateway) -> None:
    for word, meant in WORDS[provider].items():
        (report,) = gateway.reports(reported_as(provider, word))
        assert (report.bounce or report.reported) == meant
    (unknown,) = gateway.reports(reported_as(provider, "moonstruck"))
    assert (unknown.reported, unknown.bounce, unknown.word.lower()) == (Reported.UNKNOWN, None, "moonstruck")


def test_several_reports_in_one_call() -> None:
    call = Call("GET", gateways.HOOK + "report/?MsgId=1,2,3&status=404,405,403&idx=a,b,c")
    reports = sms.gateway("smsapi", OPTIONS["smsapi"]).reports(call)
    assert [(sorted(one.ids), one.reported, one.bounce) for one in reports] == [
        (["1", "a"], Reported.DELIVERED, None),
        (["2", "b"], Reported.NOTHING, BounceKind.SOFT),
        (["3", "c"], Reported.NOTHING, None),
    ]


def test_a_number_unknown_to_its_network_is_gone_for_good() -> None:
    call = reported_as("twilio", "undelivered")
    (report,) = sms.gateway("twilio", OPTIONS["twilio"]).reports(
        replace(call, body=call.body + b"&ErrorCode=30005")
    )
    assert report.bounce is BounceKind.HARD


def signed_by_twilio(call: Call) -> Call:
    fields: dict[str, str] = dict(call.form)
    made = RequestValidator(OPTIONS["twilio"]["auth_token"]).compute_signature(call.url, fields)
    return replace(call, headers={**call.headers, "x-twilio-signature": made})


def test_twilio_signs_address_and_fields_as_its_own_validator_does() -> None:
    gateway = sms.gateway("twilio", OPTIONS["twilio"])
    for call in (gateways.RECEIVED["twilio"], gateways.DELIVERED["twilio"]):
        signed = signed_by_twilio(call)
        assert gateway.genuine(signed)
        assert not gateway.genuine(call)
        assert not gateway.genuine(replace(signed, url=signed.url.replace("https", "http")))
        assert not gateway.genuine(replace(signed, url=signed.url + "?x=1"))
        assert not gateway.genuine(
            replace(signed, body=signed.body.replace(b"Body=", b"Body=x").replace(b"To=", b"To=x"))
        )


def test_a_gateway_may_sign_what_it_sends() -> None:
    gateway = sms.gateway("gateway", OPTIONS["gateway"] | {"secret": "s3cret"})
    call = Call("POST", gateways.HOOK, b"from=1&text=a", gateways.FORM)
    expected = hmac.new(b"s3cret", call.body, hashlib.sha256).hexdigest()
    assert not gateway.genuine(call)
    assert gateway.genuine(replace(call, headers={"x-signature": expected.upper()}))
    assert not gateway.genuine(replace(call, body=b"from=1&text=b", headers={"x-signature": expected}))
    query = replace(
        gateways.RECEIVED["gateway"],
        headers={"x-signature": signature("s3cret", gateways.RECEIVED["gateway"])},
    )
    assert gateway.genuine(query)


def test_smsapi_names_the_account() -> None:
    gateway = sms.gateway("smsapi", OPTIONS["smsapi"])
    call = gateways.RECEIVED["smsapi"]
    assert gateway.genuine(call)
    assert not gateway.genuine(replace(call, body=call.body.replace(b"lasidom", b"another")))


def test_smsapi_knows_a_message_it_has() -> None:
    with network(answering((200, {"error": 53, "message": "Not unique idx"}))):
        assert sms.gateway("smsapi", OPTIONS["smsapi"]).send(LETTER).provider_id == ""


def test_twilio_is_asked_before_a_message_in_doubt_is_sent_again() -> None:
    def listed(made: datetime, body: str) -> dict[str, str]:
        return {"sid": "SM1", "body": body, "date_created": f"{made:%a, %d %b %Y %H:%M:%S} +0000"}

    def answer_with(*messages: dict[str, str]) -> Any:
        def answer(request: httpx.Request) -> httpx.Response:
            if request.method == "GET":
                return httpx.Response(200, json={"messages": list(messages)})
            return httpx.Response(*[201], json=gateways.TAKEN["twilio"][1])

        return answer

    gateway = sms.gateway("twilio", OPTIONS["twilio"])
    again = replace(LETTER, in_doubt_since=NOON)
    with network(answer_with(listed(NOON + timedelta(seconds=3), SECRET_WORDS))) as other:
        assert gateway.send(again).provider_id == "SM1"
    assert [request.method for request in other.asked] == ["GET"]
    old, different = listed(NOON - timedelta(days=1), SECRET_WORDS), listed(NOON, "something else")
    with network(answer_with(old, different)) as other:
        assert gateway.send(again).provider_id == gateways.TAKEN_ID["twilio"]
    with network(answering((500, {}))), pytest.raises(ChannelError) as caught:
        gateway.send(again)
    assert caught.value.in_doubt


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({"udh": "0500037F0201"}, Part("7F", 1, 2)),
        ({"udh": "06080412340302"}, Part("1234", 2, 3)),
        ({"udh": ""}, None),
        ({"udh": "zz"}, None),
        ({"udh": "0500037F0203"}, None),
        ({"udh": "0500037F0101"}, None),
    ],
)
def test_which_part_of_a_longer_text_it_is(told: dict[str, str], part: Part | None) -> None:
    call = Call("GET", f"{gateways.HOOK}?{httpx.QueryParams({'from': '1', 'text': 'a'} | told)}")
    assert sms.gateway("gateway", OPTIONS["gateway"]).texts(call)[0].part == part


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("unknown", {}),
        ("twilio", {"account_sid": "AC"}),
        ("smsapi", {}),
        ("gateway", {"send_url": "kannel", "parameters": "a={to}"}),
    ],
)
def test_what_is_missing_is_told(name: str, options: dict[str, str]) -> None:
    with pytest.raises(ChannelError) as caught:
        sms.gateway(name, options)
    assert caught.value.trouble is Trouble.SETTINGS


def test_a_template_with_an_unknown_place_is_refused() -> None:
    gateway = sms.gateway("gateway", OPTIONS["gateway"] | {"parameters": "to={nobody}"})
    with network(answering((200, ""))), pytest.raises(ChannelError) as caught:
        gateway.send(LETTER)
    assert (caught.value.trouble, caught.value.detail) == (Trouble.SETTINGS, "{nobody}")


def test_checking_sends_nothing(provider: str, gateway: Gateway) -> None:
    with network(lambda _request: httpx.Response(200, json={})) as other:
        gateway.check()
    assert {request.method for request in other.asked} <= {"GET", "HEAD"}
    assert not other.asked[0].url.query
    assert base64.b64encode(SECRET_WORDS.encode()) not in other.asked[0].content
