"""BOX NOW's lockers: GET /api/v1/destinations of its Partner API.

Source: BoxNow's Partner API (OpenAPI document in m-michalis/boxnow-php, `Location`): the second line of an address is
its town. They are open day and night.
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers.base import Context, Json, document, objects, required, text
from opieka.deliveries.carriers.boxnow.client import BoxNow
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.points import degrees, listed
from opieka.deliveries.types import Point


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """All lockers of the account's country."""
    raw = BoxNow(keys, Context(), http).destinations()
    return listed(objects(document(raw), "data"), _point)


def _point(told: Json) -> Point | None:
    if text(told, "type") not in {"", "apm"}:  # "any-apm" stands for all of them
        return None
    code = required(told, "id")
    return Point(
        code=code,
        name=text(told, "title") or text(told, "name") or code,
        street=text(told, "addressLine1"),
        postcode=text(told, "postalCode"),
        city=text(told, "addressLine2") or required(told, "region"),
        country=required(told, "country").upper(),
        latitude=degrees(text(told, "lat"), 90, "lat"),
        longitude=degrees(text(told, "lng"), 180, "lng"),
        locker=True,
        hours="24/7",
    )
