"""Asks ShipX's public tracking: GET /v1/tracking/{number}, one number a question, no token."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Context, Reading, Refused, answered, ask, merged
from opieka.deliveries.carriers.inpost import mapping

BASE = "https://api-shipx-pl.easypack24.net/v1/tracking"


class ShipX:
    """InPost's public tracking."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        try:
            response = ask(self._http, "GET", f"{BASE}/{quote(number, safe='')}", headers=ACCEPT)
        except Refused as refusal:
            if refusal.reason == "not_found" and "resource_not_found" in refusal.detail:
                return Reading()
            raise
        return mapping.answer(answered(response), self._context)
