"""Asks Packeta: packetTracking, one packet a question."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers import soap
from opieka.deliveries.carriers.base import Context, Reading, ask, merged
from opieka.deliveries.carriers.packeta import mapping
from opieka.deliveries.carriers.soap import element, quoted

URL = "https://www.zasilkovna.cz/api/rest"
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "Accept": "application/xml"}


class Rest:
    """A client account of Packeta."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._password = element("apiPassword", quoted(credentials["api_password"]))

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        packet = element("packetId", quoted(number.upper().removeprefix("Z")))
        question = element("packetTracking", self._password, packet).encode()
        answered = soap.answered(ask(self._http, "POST", URL, content=question, headers=HEADERS))
        return mapping.answer(answered, number, self._context)
