"""Asks Speedex's SOAP service: a session, then one message for each number."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers import soap
from opieka.deliveries.carriers.base import Context, Json, Reading, Refused, Unreadable, merged, text
from opieka.deliveries.carriers.speedex import mapping

URL = "https://spdxws.gr/accesspoint.asmx"
SPACE = "https://spdxws.gr/"
WELL, WRONG_PASSWORD = "1", "100"


class Speedex:
    """One customer's name and password."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._login = (credentials["username"], credentials["password"])
        self._context, self._http, self._session = context, http, ""

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        session = self._session or self._open()
        answer = self._say("GetTraceByVoucher", sessionID=session, VoucherID=number)
        return mapping.answer(answer, number, self._context)

    def _open(self) -> str:
        username, password = self._login
        answer = self._say("CreateSession", username=username, password=password)
        self._session = text(answer, "sessionId")
        if not self._session:
            raise Refused("bad_credentials", text(answer, "returnMessage"))
        return self._session

    def _say(self, method: str, **arguments: str) -> Json:
        """What a method answers; `Refused` when its return code is no success."""
        inner = "".join(soap.element(name, soap.quoted(value)) for name, value in arguments.items())
        message = soap.envelope(soap.element(method, inner, xmlns=SPACE))
        raw = soap.call(self._http, URL, message, f"{SPACE}{method}")
        try:
            found = soap.document(raw).get(f"{method}Response")
        except Unreadable as problem:
            raise Refused("not_xml", problem.value) from problem
        answer = found if isinstance(found, dict) else {}
        code = text(answer, "returnCode")
        if code != WELL:
            reason = "bad_credentials" if code == WRONG_PASSWORD else "answer"
            raise Refused(reason, f"{code} {text(answer, 'returnMessage')}"[:200])
        return answer
