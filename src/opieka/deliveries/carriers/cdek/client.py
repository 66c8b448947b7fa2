"""Asks CDEK's API v2: GET /v2/orders by number, POST /v2/delivery to agree on a day, with a token of credentials."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from opieka.deliveries.carriers.arranging import Outcome, Wish
from opieka.deliveries.carriers.base import ACCEPT, Bearer, Context, Reading, Refused, answered, ask, merged
from opieka.deliveries.carriers.cdek import mapping
from opieka.kernel import clock

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

    def arrange(self, wish: Wish) -> Outcome:
        """An agreement is checked after it was accepted: its outcome is asked for by its uuid."""
        headers = {**ACCEPT, **self._bearer.headers()}
        if wish.reference:
            url = f"{BASE}/delivery/{quote(wish.reference, safe='')}"
            return mapping.outcome(answered(ask(self._http, "GET", url, headers=headers)))
        try:
            response = ask(
                self._http, "POST", f"{BASE}/delivery", json=self._agreement(wish), headers=headers
            )
        except Refused as refusal:
            if refusal.reason == "bad_request":
                return Outcome(accepted=False)
            raise
        return mapping.outcome(answered(response))

    def _agreement(self, wish: Wish) -> dict[str, Any]:
        """To a point the day is of no consequence, but it must be told."""
        choice = wish.choice
        day = choice.day or (clock.now().astimezone(self._context.zone) + timedelta(days=1)).date()
        agreed: dict[str, Any] = {"cdek_number": wish.number, "date": day.isoformat()}
        if choice.hours:
            agreed |= {"time_from": f"{choice.hours[0]:%H:%M}", "time_to": f"{choice.hours[1]:%H:%M}"}
        if wish.point:
            agreed["delivery_point"] = wish.point.code
        return agreed
