"""What SMS gateways say, as their documentation shows it (numbers and ids changed), and a stage that says it.

Twilio: twilio.com/docs/messaging/api/message-resource, .../guides/webhook-request,
.../guides/outbound-message-status-in-status-callbacks, /docs/api/errors.
SMSAPI: smsapi.com/docs (sms.do, callbacks), the fixtures of github.com/smsapi/smsapi-python-client.
Kannel: its user guide 1.4.5 (sendsms, dlr-url, sms-service), and answers of the real one (test_kannel.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

import httpx

from opieka.channels.adapters.sms.base import Call
from opieka.channels.adapters.sms.gateway.mapping import KANNEL
from opieka.kernel import outbound

HOOK = "https://care.example/inbound/sms/0123456789abcdef/"
FORM = {"content-type": "application/x-www-form-urlencoded"}

OPTIONS: dict[str, dict[str, str]] = {
    "twilio": {"account_sid": "AC" + "0" * 32, "auth_token": "12345"},
    "smsapi": {"token": "token-of-the-shop", "username": "lasidom"},
    "gateway": {"send_url": "http://kannel.example:13013/cgi-bin/sendsms", "parameters": KANNEL},
}
TAKEN: dict[str, tuple[int, Any]] = {
    "twilio": (
        201,
        {
            "account_sid": "AC" + "0" * 32,
            "api_version": "2010-04-01",
            "body": "...",
            "date_created": "Mon, 23 Nov 2026 12:00:01 +0000",
            "date_sent": None,
            "direction": "outbound-api",
            "error_code": None,
            "from": "+48500100200",
            "num_segments": "1",
            "sid": "SM" + "a" * 32,
            "status": "queued",
            "to": "+48601234567",
        },
    ),
    "smsapi": (
        200,
        {
            "count": 1,
            "list": [
                {
                    "id": "5C2A0F3B6661356D3A1D0001",
                    "points": 0.16,
                    "number": "48601234567",
                    "date_sent": 1795435200,
                    "submitted_number": "48601234567",
                    "status": "QUEUE",
                    "parts": 1,
                }
            ],
        },
    ),
    "gateway": (202, "0: Accepted for delivery"),
}
TAKEN_ID = {"twilio": "SM" + "a" * 32, "smsapi": "5C2A0F3B6661356D3A1D0001", "gateway": ""}
NO_SUCH_NUMBER: dict[str, tuple[int, Any]] = {
    "twilio": (
        400,
        {
            "code": 21211,
            "message": "Invalid 'To' Phone Number: +4860123XXXX",
            "more_info": "https://www.twilio.com/docs/errors/21211",
            "status": 400,
        },
    ),
    "smsapi": (
        200,
        {
            "invalid_numbers": [
                {
                    "number": "48100200300",
                    "submitted_number": "48100200300",
                    "message": "Invalid phone number",
                }
            ],
            "error": 13,
            "message": "No correct phone numbers",
        },
    ),
}
WRONG_KEY: dict[str, tuple[int, Any]] = {
    "twilio": (
        401,
        {
            "code": 20003,
            "message": "Authenticate",
            "more_info": "https://www.twilio.com/docs/errors/20003",
            "status": 401,
        },
    ),
    "smsapi": (401, {"error": 101, "message": "Authorization failed"}),
    "gateway": (403, "Authorization failed for sendsms"),
}
BUSY: dict[str, tuple[int, Any]] = {
    "twilio": (429, {"code": 20429, "message": "Too Many Requests", "status": 429}),
    "smsapi": (200, {"error": 203, "message": "Too many connections"}),
    "gateway": (503, "Temporal failure, try again later."),
}
RECEIVED: dict[str, Call] = {
    "twilio": Call(
        "POST",
        HOOK,
        b"ToCountry=PL&ToState=&SmsMessageSid=SM000000000000000000000000000000aa&NumMedia=0&ToCity=&FromZip="
        b"&SmsSid=SM000000000000000000000000000000aa&FromState=&SmsStatus=received&FromCity="
        b"&Body=Prosz%C4%99+w+pi%C4%85tek&FromCountry=PL&To=%2B48500100200&ToZip=&NumSegments=1"
        b"&MessageSid=SM000000000000000000000000000000aa&AccountSid=AC00000000000000000000000000000000"
        b"&From=%2B48601234567&ApiVersion=2010-04-01",
        FORM,
    ),
    "smsapi": Call(
        "POST",
        HOOK,
        b"sms_to=48500100200&sms_from=48601234567&sms_text=Prosz%C4%99+w+pi%C4%85tek&sms_date=1795435200"
        b"&username=lasidom&MsgId=5C2A0F3B6661356D3A1D00FF",
        FORM,
    ),
    "gateway": Call(
        "GET",
        HOOK + "?from=%2B48601234567&to=48500100200&text=Prosz%C4%99+w+pi%C4%85tek&time=2026-11-23+12:00:00"
        "&id=0a3d9f4e-2a0e-4c0c-8a53-2b7f9d1c6a11",
    ),
}
DELIVERED: dict[str, Call] = {
    "twilio": Call(
        "POST",
        HOOK + "report/",
        b"SmsSid=SM000000000000000000000000000000ab&SmsStatus=delivered&MessageStatus=delivered&To=%2B48601234567"
        b"&MessageSid=SM000000000000000000000000000000ab&AccountSid=AC00000000000000000000000000000000"
        b"&From=%2B48500100200&ApiVersion=2010-04-01",
        FORM,
    ),
    "smsapi": Call(
        "POST",
        HOOK + "report/",
        b"MsgId=5C2A0F3B6661356D3A1D0001&status=404&status_name=DELIVERED&idx=00112233445566778899aabbccddeeff"
        b"&donedate=1795435260&to=48601234567&from=LasIDom&username=lasidom&points=0.16",
        FORM,
    ),
    "gateway": Call("GET", HOOK + "report/?id=00112233445566778899aabbccddeeff&status=1"),
}
REPORTED_ID = {
    "twilio": "SM000000000000000000000000000000ab",
    "smsapi": "5C2A0F3B6661356D3A1D0001",
    "gateway": "00112233445566778899aabbccddeeff",
}
STATUS = {"twilio": b"MessageStatus=delivered", "smsapi": b"status=404", "gateway": b"status=1"}


def reported_as(provider: str, word: str) -> Call:
    """The same report with another word."""
    call = DELIVERED[provider]
    name = STATUS[provider].split(b"=")[0]
    wanted = name + b"=" + word.encode()
    return Call(
        call.method,
        call.url.replace(STATUS[provider].decode(), wanted.decode()),
        call.body.replace(STATUS[provider], wanted),
        call.headers,
    )


@dataclass
class Network:
    """The other side of HTTP: what it was asked, and what it answers."""

    answer: Callable[[httpx.Request], httpx.Response]
    asked: list[httpx.Request] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)

    @property
    def last(self) -> dict[str, str]:
        """The fields of the last request."""
        request = self.asked[-1]
        return dict(parse_qsl(request.content.decode() or request.url.query.decode()))


def answering(answer: tuple[int, Any]) -> Callable[[httpx.Request], httpx.Response]:
    """Always the same answer."""
    status, body = answer
    if isinstance(body, str):
        return lambda _request: httpx.Response(status, text=body)
    return lambda _request: httpx.Response(status, json=body)


@contextmanager
def network(answer: Callable[[httpx.Request], httpx.Response]) -> Iterator[Network]:
    """Nothing leaves this process while it lasts."""
    made = Network(answer)

    def client(**_options: object) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(made.handle))

    with patch.object(outbound, "client", client):
        yield made
