"""Asks Nova Poshta's API 2.0: one POST for up to 100 numbers."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Context, Reading, answered, ask, batches, merged
from opieka.deliveries.carriers.nova_poshta import mapping

URL = "https://api.novaposhta.ua/v2.0/json/"
BATCH = 100


class NovaPoshta:
    """One shop's key; with its phone number the answers hold more."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._key, self._phone = credentials["api_key"], credentials.get("phone", "")
        self._context, self._http = context, http

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._some(some) for some in batches(numbers, BATCH))

    def _some(self, numbers: tuple[str, ...]) -> Reading:
        question = {
            "apiKey": self._key,
            "modelName": "TrackingDocument",
            "calledMethod": "getStatusDocuments",
            "methodProperties": {
                "Documents": [{"DocumentNumber": number, "Phone": self._phone} for number in numbers]
            },
        }
        return mapping.answer(
            answered(ask(self._http, "POST", URL, json=question, headers=ACCEPT)), self._context
        )
