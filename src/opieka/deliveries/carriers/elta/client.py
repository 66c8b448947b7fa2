"""Asks ELTA's public tracking: a form with one number."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Context, Reading, Refused, ask, merged
from opieka.deliveries.carriers.elta import mapping

URL = "https://www.elta-courier.gr/track.php"


class Elta:
    """ELTA's public tracking."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._context, self._http = context, http

    def track(self, numbers: tuple[str, ...]) -> Reading:
        return merged(self._one(number) for number in numbers)

    def _one(self, number: str) -> Reading:
        response = ask(self._http, "POST", URL, data={"number": number}, headers=ACCEPT)
        # JSON, though it says it is HTML and begins with a mark and a line break.
        content = response.content.removeprefix(b"\xef\xbb\xbf").strip()
        if not content.startswith(b"{"):
            raise Refused("not_json", response.text[:200])
        return mapping.answer(content, self._context)
