"""Asks DHL: GET /track/shipments?trackingNumber={number}, one number a question."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Context, Reading, Refused, answered, ask, merged
from opieka.deliveries.carriers.dhl import mapping

URL = "https://api-eu.dhl.com/track/shipments"


class Unified:
    """An application of developer.dhl.com."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._headers = {**ACCEPT, "DHL-API-Key": credentials["api_key"]}

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        question = {"trackingNumber": number, "language": "en"}
        try:
            response = ask(self._http, "GET", URL, headers=self._headers, params=question)
        except Refused as refusal:
            if refusal.reason == "not_found" and '"title"' in refusal.detail:
                return Reading()
            raise
        return mapping.answer(answered(response), self._context)
