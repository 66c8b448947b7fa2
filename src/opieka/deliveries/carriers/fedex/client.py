"""Asks FedEx: POST /track/v1/trackingnumbers, up to 30 numbers a question."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Bearer, Context, Reading, answered, ask, batches, merged
from opieka.deliveries.carriers.fedex import mapping

BASE = "https://apis.fedex.com"
AT_ONCE = 30


class Track:
    """The project of one FedEx account."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        form = {"client_id": credentials["client_id"], "client_secret": credentials["client_secret"]}
        self._bearer = Bearer(http, f"{BASE}/oauth/token", form)

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._some(some) for some in batches(numbers, AT_ONCE))

    def _some(self, numbers: tuple[str, ...]) -> Reading:
        wanted = [{"trackingNumberInfo": {"trackingNumber": number}} for number in numbers]
        response = ask(
            self._http,
            "POST",
            f"{BASE}/track/v1/trackingnumbers",
            headers={**ACCEPT, **self._bearer.headers(), "X-locale": "en_US"},
            json={"includeDetailedScans": True, "trackingInfo": wanted},
        )
        return mapping.answer(answered(response), self._context)
