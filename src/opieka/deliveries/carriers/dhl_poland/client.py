"""Asks DHL24: getTrackAndTraceInfo, one number a question."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import Context, Reading, Refused, merged
from opieka.deliveries.carriers.dhl_poland import mapping
from opieka.deliveries.carriers.soap import call, element, envelope, quoted

URL = "https://dhl24.com.pl/webapi2/provider/service.html?ws=1"
NOT_KNOWN = ("nie znaleziono", "nie istnieje", "not found")


class WebApi:
    """A user of DHL24's WebAPI."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        username, password = quoted(credentials["username"]), quoted(credentials["password"])
        self._user = element("authData", element("username", username), element("password", password))

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        question = element(
            "getTrackAndTraceInfo", self._user, element("shipmentId", quoted(number)), xmlns=URL
        )
        try:
            raw = call(self._http, URL, envelope(question), f"{URL}#getTrackAndTraceInfo")
        except Refused as refusal:
            if any(words in refusal.detail.casefold() for words in NOT_KNOWN):
                return Reading()
            raise
        return mapping.answer(raw, self._context)
