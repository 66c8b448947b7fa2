"""Asks ACS's REST services: two POSTs for each number, the summary and the details."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.acs import mapping
from opieka.deliveries.carriers.base import ACCEPT, Context, Json, Reading, answered, ask, merged

URL = "https://webservices.acscourier.net/ACSRestServices/api/ACSAutoRest"
QUESTIONS = ("ACS_TrackingDetails", "ACS_Trackingsummary")


class Acs:
    """One contract: its key and the names and passwords of company and user."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._headers = {**ACCEPT, "AcsApiKey": credentials["api_key"]}
        self._login = {
            "Company_ID": credentials["company_id"],
            "Company_Password": credentials["company_password"],
            "User_ID": credentials["user_id"],
            "User_Password": credentials["user_password"],
            "Language": "GR",
        }
        self._context, self._http = context, http

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        found: list[Json] = []
        for question in QUESTIONS:
            found += [row for row in self._rows(question, number) if row not in found]
        return mapping.tracking(number, found, self._context)

    def _rows(self, question: str, number: str) -> tuple[Json, ...]:
        asked = {"ACSAlias": question, "ACSInputParameters": {**self._login, "Voucher_No": number}}
        return mapping.rows(answered(ask(self._http, "POST", URL, json=asked, headers=self._headers)))
