"""Asks DHL: the unified tracking, or DHL24 about a Polish domestic number when the shop has an account there."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Context, Reading, Refused, answered, ask, merged
from opieka.deliveries.carriers.dhl.mapping import poland, unified
from opieka.deliveries.carriers.soap import call, element, envelope, quoted

UNIFIED = "https://api-eu.dhl.com/track/shipments"
DHL24 = "https://dhl24.com.pl/webapi2/provider/service.html?ws=1"
POLISH = re.compile(r"[0-9]{11}")
NOT_KNOWN = ("nie znaleziono", "nie istnieje", "not found")


class Tracking:
    """An application of developer.dhl.com and, if there is one, a user of DHL24's WebAPI. One number a question."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._headers = {**ACCEPT, "DHL-API-Key": credentials["api_key"]}
        username, password = credentials.get("webapi_username", ""), credentials.get("webapi_password", "")
        self._user = element("username", quoted(username)) + element("password", quoted(password))
        self._polish = bool(username and password)

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        return self._dhl24(number) if self._polish and POLISH.fullmatch(number) else self._unified(number)

    def _unified(self, number: str) -> Reading:
        question = {"trackingNumber": number, "language": "en"}
        try:
            response = ask(self._http, "GET", UNIFIED, headers=self._headers, params=question)
        except Refused as refusal:
            if refusal.reason == "not_found" and '"title"' in refusal.detail:
                return Reading()
            raise
        return unified.answer(answered(response), self._context)

    def _dhl24(self, number: str) -> Reading:
        user, shipment = element("authData", self._user), element("shipmentId", quoted(number))
        question = element("getTrackAndTraceInfo", user, shipment, xmlns=DHL24)
        try:
            raw = call(self._http, DHL24, envelope(question), f"{DHL24}#getTrackAndTraceInfo")
        except Refused as refusal:
            if any(words in refusal.detail.casefold() for words in NOT_KNOWN):
                return Reading()
            raise
        return poland.answer(raw, self._context)
