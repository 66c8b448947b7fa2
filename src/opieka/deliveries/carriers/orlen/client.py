"""Asks ORLEN Paczka: GiveMePackStatusFullHistoryList, a hundred numbers a question (a thousand are allowed)."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import Context, Reading, batches, merged
from opieka.deliveries.carriers.orlen import mapping
from opieka.deliveries.carriers.soap import call, element, envelope, quoted

URL = "https://api.orlenpaczka.pl/WebServicePwRProd/WebServicePwR.asmx"
NAMESPACE = "https://91.242.220.103/WebServicePwR"
QUESTION = "GiveMePackStatusFullHistoryList"
AT_ONCE = 100


class Partner:
    """A partner of ORLEN Paczka."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http
        self._partner = element("PartnerID", quoted(credentials["partner_id"])) + element(
            "PartnerKey", quoted(credentials["partner_key"])
        )

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._some(some) for some in batches(numbers, AT_ONCE))

    def _some(self, numbers: tuple[str, ...]) -> Reading:
        wanted = element("PackCodes", *(element("string", quoted(number)) for number in numbers))
        question = element(QUESTION, wanted, self._partner, xmlns=NAMESPACE)
        raw = call(self._http, URL, envelope(question), f"{NAMESPACE}/{QUESTION}")
        return mapping.answer(raw, self._context)
