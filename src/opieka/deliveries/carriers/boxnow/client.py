"""Asks BoxNow's Partner API of one country: POST /auth-sessions for a token, GET /parcels by
number, POST /parcels/{id}:cancel, GET /destinations."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import httpx

from opieka.deliveries.carriers.arranging import Outcome, Wish
from opieka.deliveries.carriers.base import (
    ACCEPT,
    Context,
    Reading,
    Refused,
    Unreadable,
    answered,
    ask,
    document,
    merged,
    text,
)
from opieka.deliveries.carriers.boxnow import mapping

COUNTRIES = ("gr", "cy", "bg", "hr")


class BoxNow:
    """One partner account. Each country has its own host; without one it is Greece."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        country = credentials.get("country", "").strip().casefold()
        self._base = f"https://api-production.boxnow.{country if country in COUNTRIES else 'gr'}/api/v1"
        self._login = {name: credentials[name] for name in ("client_id", "client_secret")}
        self._context, self._http, self._token = context, http, ""

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        headers = {**ACCEPT, "Authorization": f"Bearer {self._token or self._sign_in()}"}
        try:
            response = ask(
                self._http, "GET", f"{self._base}/parcels", params={"parcelId": number}, headers=headers
            )
        except Refused as refusal:
            # P400 and 404 name a parcel that this account does not have.
            if refusal.reason == "not_found" and "P4" in refusal.detail:
                return Reading()
            raise
        return mapping.answer(answered(response), self._context)

    def arrange(self, wish: Wish) -> Outcome:
        """Cancelled while its sender still has it. P420: it has left, or was cancelled before."""
        url = f"{self._base}/parcels/{quote(wish.number, safe='')}:cancel"
        headers = {**ACCEPT, "Authorization": f"Bearer {self._token or self._sign_in()}"}
        try:
            ask(self._http, "POST", url, headers=headers)
        except Refused as refusal:
            if "P4" in refusal.detail:
                return Outcome(accepted=False)
            raise
        return Outcome(accepted=True)

    def destinations(self) -> bytes:
        """All lockers parcels can be sent to."""
        headers = {**ACCEPT, "Authorization": f"Bearer {self._token or self._sign_in()}"}
        return answered(ask(self._http, "GET", f"{self._base}/destinations", headers=headers))

    def _sign_in(self) -> str:
        """A token for the questions of this client; it outlives them."""
        question = {"grant_type": "client_credentials", **self._login}
        response = ask(self._http, "POST", f"{self._base}/auth-sessions", json=question, headers=ACCEPT)
        try:
            self._token = text(document(answered(response)), "access_token")
        except Unreadable as problem:
            raise Refused("not_json", problem.value) from problem
        if not self._token:
            raise Refused("bad_credentials", "no access_token")
        return self._token
