"""Asks DPD Polska: getEventsForWaybillV1, one waybill a question, all its events."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import Context, Reading, merged
from opieka.deliveries.carriers.dpd import mapping
from opieka.deliveries.carriers.soap import call, element, envelope, quoted

URL = "https://dpdinfoservices.dpd.com.pl/DPDInfoServicesObjEventsService/DPDInfoServicesObjEvents"
NAMESPACE = "http://events.dpdinfoservices.dpd.com.pl/"


class InfoServices:
    """An account of DPD Polska."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._user = element(
            "authDataV1",
            element("channel", quoted(credentials.get("channel", ""))),
            element("login", quoted(credentials["login"])),
            element("password", quoted(credentials["password"])),
        )

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        question = element(
            "even:getEventsForWaybillV1",
            element("waybill", quoted(number)),
            element("eventsSelectType", "ALL"),
            element("language", "PL"),
            self._user,
            xmlns__even=NAMESPACE,
        )
        return mapping.answer(call(self._http, URL, envelope(question)), number, self._context)
