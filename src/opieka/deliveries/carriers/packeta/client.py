"""Asks Packeta: packetTracking, one packet a question; packetSetStoredUntil and cancelPacket for its recipient."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers import soap
from opieka.deliveries.carriers.arranging import Outcome, Wish
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
        return mapping.answer(self._call("packetTracking", number), number, self._context)

    def arrange(self, wish: Wish) -> Outcome:
        """Held for as long as a packet may lie there, or cancelled while its sender still has it."""
        day = wish.choice.day
        if day is None:
            return mapping.outcome(self._call("cancelPacket", wish.number))
        return mapping.outcome(
            self._call("packetSetStoredUntil", wish.number, element("date", day.isoformat()))
        )

    def _call(self, method: str, number: str, *more: str) -> bytes:
        packet = element("packetId", quoted(number.upper().removeprefix("Z")))
        question = element(method, self._password, packet, *more).encode()
        return soap.answered(ask(self._http, "POST", URL, content=question, headers=HEADERS))
