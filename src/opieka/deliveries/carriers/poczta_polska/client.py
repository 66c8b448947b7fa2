"""Asks Poczta Polska: sprawdzPrzesylke, one number a question, with a WS-Security user name and password."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import Context, Reading, merged
from opieka.deliveries.carriers.poczta_polska import mapping
from opieka.deliveries.carriers.soap import call, element, envelope, quoted

URL = "https://tt.poczta-polska.pl/Sledzenie/services/Sledzenie.SledzenieHttpSoap11Endpoint/"
NAMESPACE = "http://sledzenie.pocztapolska.pl"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
AS_TEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"


class Tracking:
    """The post's tracking service."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._header = element(
            "wsse:Security",
            element(
                "wsse:UsernameToken",
                element("wsse:Username", quoted(credentials["username"])),
                element("wsse:Password", quoted(credentials["password"]), Type=AS_TEXT),
            ),
            xmlns__wsse=WSSE,
            soapenv__mustUnderstand="1",
        )

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        question = element(
            "sled:sprawdzPrzesylke", element("sled:numer", quoted(number)), xmlns__sled=NAMESPACE
        )
        message = envelope(question, self._header)
        return mapping.answer(call(self._http, URL, message, "urn:sprawdzPrzesylke"), self._context)
