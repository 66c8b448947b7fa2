"""Asks CDEK's API v2: GET /v2/orders by number, with a token of client credentials."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Bearer, Context, Reading, Refused, answered, ask, merged
from opieka.deliveries.carriers.cdek import mapping

BASE = "https://api.cdek.ru/v2"
UNKNOWN = ("not_found", "v2_order_not_found", "v2_entity_not_found")


class Cdek:
    """One integration of the shop's contract."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        form = {name: credentials[name] for name in ("client_id", "client_secret")}
        self._bearer = Bearer(http, f"{BASE}/oauth/token", form)
        self._context, self._http = context, http

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        headers = {**ACCEPT, **self._bearer.headers()}
        try:
            response = ask(
                self._http, "GET", f"{BASE}/orders", params={"cdek_number": number}, headers=headers
            )
        except Refused as refusal:
            # A number it does not know is a bad request there.
            if refusal.reason == "bad_request" and any(word in refusal.detail for word in UNKNOWN):
                return Reading()
            raise
        return mapping.answer(answered(response), self._context)
