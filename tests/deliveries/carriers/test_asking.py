"""What each carrier is asked, word for word: address, rights, and how a no sounds."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Reading, Refused, Unreadable
from opieka.deliveries.carriers.soap import document, quoted
from opieka.kernel import clock
from tests.deliveries.carriers.samples import Handler, client, context, credentials

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BASIC = "Basic " + base64.b64encode(b"the-client_id:the-client_secret").decode()
FAULT = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
    "<faultcode>s:Server</faultcode><faultstring>{}</faultstring></s:Fault></s:Body></s:Envelope>"
)

ASKED = {
    "inpost": ("GET", "https://api-shipx-pl.easypack24.net/v1/tracking/123", {}, ""),
    "gls": (
        "GET",
        "https://api.gls-group.net/track-and-trace-v1/tracking/simple/trackids/123?showEvents=true",
        {"authorization": "Bearer the-token", "accept-language": "EN"},
        "",
    ),
    "ups": (
        "GET",
        "https://onlinetools.ups.com/api/track/v1/details/123?locale=en_US&returnSignature=false",
        {"authorization": "Bearer the-token", "transactionsrc": "opieka"},
        "",
    ),
    "fedex": (
        "POST",
        "https://apis.fedex.com/track/v1/trackingnumbers",
        {"authorization": "Bearer the-token", "x-locale": "en_US"},
        '"trackingInfo":[{"trackingNumberInfo":{"trackingNumber":"123"}}]',
    ),
    "dhl": (
        "GET",
        "https://api-eu.dhl.com/track/shipments?trackingNumber=123&language=en",
        {"dhl-api-key": "the-api_key"},
        "",
    ),
    "dpd": (
        "POST",
        "https://dpdinfoservices.dpd.com.pl/DPDInfoServicesObjEventsService/DPDInfoServicesObjEvents",
        {"content-type": "text/xml; charset=utf-8"},
        "<waybill>123</waybill><eventsSelectType>ALL</eventsSelectType><language>PL</language><authDataV1>"
        "<channel>the-channel</channel><login>the-login</login><password>the-password</password></authDataV1>",
    ),
    "poczta_polska": (
        "POST",
        "https://tt.poczta-polska.pl/Sledzenie/services/Sledzenie.SledzenieHttpSoap11Endpoint/",
        {},
        "<sled:numer>123</sled:numer>",
    ),
    "orlen": (
        "POST",
        "https://api.orlenpaczka.pl/WebServicePwRProd/WebServicePwR.asmx",
        {"soapaction": '"https://91.242.220.103/WebServicePwR/GiveMePackStatusFullHistoryList"'},
        "<PackCodes><string>123</string></PackCodes><PartnerID>the-partner_id</PartnerID>"
        "<PartnerKey>the-partner_key</PartnerKey>",
    ),
    "packeta": (
        "POST",
        "https://www.zasilkovna.cz/api/rest",
        {},
        "<packetTracking><apiPassword>the-api_password</apiPassword><packetId>123</packetId></packetTracking>",
    ),
}


def answering(status: int, **content: object) -> Handler:
    return lambda request: httpx.Response(status, **content)  # type: ignore[arg-type]  # the test's own words


@pytest.mark.parametrize("name", ASKED)
def test_a_carrier_is_asked_like_this(name: str) -> None:
    requests: list[httpx.Request] = []

    def listening(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(418)

    with pytest.raises(Refused):
        client(CARRIERS[name], listening).track(("123",))
    method, url, headers, body = ASKED[name]
    assert (requests[0].method, str(requests[0].url)) == (method, url)
    assert {key: requests[0].headers[key] for key in headers} == headers
    assert body in requests[0].content.decode()


@pytest.mark.parametrize(
    ("name", "url", "authorization", "form"),
    [
        ("gls", "https://api.gls-group.net/oauth2/v2/token", BASIC, "grant_type=client_credentials"),
        (
            "ups",
            "https://onlinetools.ups.com/security/v1/oauth/token",
            BASIC,
            "grant_type=client_credentials",
        ),
        (
            "fedex",
            "https://apis.fedex.com/oauth/token",
            None,
            "grant_type=client_credentials&client_id=the-client_id&client_secret=the-client_secret",
        ),
    ],
)
def test_a_token_is_fetched_once_and_again_before_it_ends(
    name: str, url: str, authorization: str | None, form: str
) -> None:
    tokens: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            tokens.append(request)
            return httpx.Response(200, json={"access_token": f"t{len(tokens)}", "expires_in": "3600"})
        return httpx.Response(200, json={})

    carrier = CARRIERS[name]
    assert carrier.connect is not None
    http = httpx.Client(transport=httpx.MockTransport(answer))
    asked = carrier.connect(credentials(carrier), context(carrier), http)
    with clock.fixed(NOW):
        asked.track(("1",))
        clock.advance(timedelta(minutes=58))
        asked.track(("2",))
        assert len(tokens) == 1
        clock.advance(timedelta(minutes=2))
        asked.track(("3",))
    assert len(tokens) == 2
    assert str(tokens[0].url) == url
    assert tokens[0].headers.get("authorization") == authorization
    assert tokens[0].content.decode() == form


@pytest.mark.parametrize(
    ("name", "number", "status", "content"),
    [
        ("inpost", "123", 404, {"json": {"status": 404, "error": "resource_not_found", "details": {}}}),
        ("ups", "123", 404, {"json": {"response": {"errors": [{"code": "TV1002", "message": "Invalid"}]}}}),
        ("dhl", "123", 404, {"json": {"title": "No result found", "detail": "No shipment.", "status": 404}}),
        ("dhl", "24333892874", 500, {"text": FAULT.format("Nie znaleziono przesyłki o podanym numerze")}),
    ],
)
def test_a_number_that_is_not_known_yet_is_no_error(
    name: str, number: str, status: int, content: dict[str, object]
) -> None:
    assert client(CARRIERS[name], answering(status, **content)).track((number,)) == Reading()


@pytest.mark.parametrize(
    ("name", "status", "body", "reason"),
    [
        ("dpd", 500, FAULT.format("Access denied to secured webserwis method"), "bad_credentials"),
        ("dpd", 200, FAULT.format("Invalid waybill format"), "answer"),
        ("dhl", 500, FAULT.format("Nieprawidlowe dane autoryzacyjne"), "bad_credentials"),
        (
            "poczta_polska",
            500,
            FAULT.format("The security token could not be authenticated"),
            "bad_credentials",
        ),
        (
            "orlen",
            200,
            "<r><Table><Err>2</Err><ErrDes>Błędny PartnerKey</ErrDes></Table></r>",
            "bad_credentials",
        ),
        (
            "packeta",
            200,
            "<response><status>fault</status><fault>IncorrectApiPasswordFault</fault></response>",
            "bad_credentials",
        ),
        (
            "packeta",
            200,
            "<response><status>fault</status><fault>ExternalGatewayFault</fault></response>",
            "answer",
        ),
    ],
)
def test_a_fault_is_refused_in_the_carriers_words(name: str, status: int, body: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        client(CARRIERS[name], answering(status, text=body)).track(("24333892874",))
    assert caught.value.reason == reason


def test_polish_numbers_are_asked_of_dhl24_when_there_is_an_account() -> None:
    asked: list[httpx.Request] = []

    def listening(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(418)

    for filled in (None, {"api_key": "the-key"}):
        with pytest.raises(Refused):
            client(CARRIERS["dhl"], listening, filled).track(("24333892874",))
    dhl24, unified = asked
    assert str(dhl24.url) == "https://dhl24.com.pl/webapi2/provider/service.html?ws=1"
    assert dhl24.headers["soapaction"] == f'"{dhl24.url}#getTrackAndTraceInfo"'
    assert (
        "<authData><username>the-webapi_username</username><password>the-webapi_password</password></authData>"
        "<shipmentId>24333892874</shipmentId>"
    ) in dhl24.content.decode()
    assert unified.url.host == "api-eu.dhl.com"


def test_a_token_that_is_refused_is_a_matter_of_credentials() -> None:
    carrier = CARRIERS["ups"]
    assert carrier.connect is not None
    http = httpx.Client(transport=httpx.MockTransport(answering(401, json={"response": {"errors": []}})))
    with pytest.raises(Refused, match="bad_credentials"):
        carrier.connect(credentials(carrier), context(carrier), http).track(("123",))


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x><y>&b;</y></x>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x><y>&f;</y></x>',
    ],
)
def test_entities_are_not_resolved(raw: bytes) -> None:
    assert document(raw) == {"y": ""}


@pytest.mark.parametrize("raw", [b"", b"<", b"{}", b"<a>1</a>", b"\xff", b"<a>" * 5000])
def test_what_is_no_document_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        document(raw)


def test_what_shops_type_cannot_break_a_question() -> None:
    assert quoted('a<b>&"c"\x00\x1b') == "a&lt;b&gt;&amp;&quot;c&quot;"
