"""Asks UPS: GET /api/track/v1/details/{number}, one number a question."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from uuid import uuid4

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Bearer, Context, Reading, Refused, answered, ask, merged
from opieka.deliveries.carriers.ups import mapping

BASE = "https://onlinetools.ups.com"
NOT_KNOWN = ("TW0001", "TV1002", "TV0002")


class Track:
    """The application of one UPS account."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._bearer = Bearer(
            http,
            f"{BASE}/security/v1/oauth/token",
            auth=(credentials["client_id"], credentials["client_secret"]),
        )

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        url = f"{BASE}/api/track/v1/details/{quote(number, safe='')}"
        headers = {**ACCEPT, **self._bearer.headers(), "transId": str(uuid4()), "transactionSrc": "opieka"}
        question = {"locale": "en_US", "returnSignature": "false"}
        try:
            response = ask(self._http, "GET", url, headers=headers, params=question)
        except Refused as refusal:
            if any(code in refusal.detail for code in NOT_KNOWN):
                return Reading()
            raise
        return mapping.answer(answered(response), self._context)
