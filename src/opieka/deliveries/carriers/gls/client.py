"""Asks GLS: GET /tracking/simple/trackids/{numbers}, up to ten numbers a question (500 questions a day by default)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Bearer, Context, Reading, answered, ask, batches, merged
from opieka.deliveries.carriers.gls import mapping

BASE = "https://api.gls-group.net"
AT_ONCE = 10


class TrackAndTrace:
    """The application of one GLS account."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._bearer = Bearer(
            http, f"{BASE}/oauth2/v2/token", auth=(credentials["client_id"], credentials["client_secret"])
        )

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._some(some) for some in batches(numbers, AT_ONCE))

    def _some(self, numbers: tuple[str, ...]) -> Reading:
        wanted = ",".join(quote(number, safe="") for number in numbers)
        response = ask(
            self._http,
            "GET",
            f"{BASE}/track-and-trace-v1/tracking/simple/trackids/{wanted}",
            headers={**ACCEPT, **self._bearer.headers(), "Accept-Language": "EN"},
            params={"showEvents": "true"},
        )
        return mapping.answer(answered(response), self._context)
