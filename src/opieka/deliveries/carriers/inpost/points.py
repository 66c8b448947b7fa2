"""InPost's points by ShipX: GET /v1/points, public, at most 500 a page.

Source: dokumentacja-inpost.atlassian.net, page "Points". A point is told by its `name`; only those that operate and
hand parcels out (`parcel_collect`) are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Json, answered, ask, document, objects, required, text
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.points import degrees, from_polish, joined, listed
from opieka.deliveries.types import Point

URL = "https://api-shipx-pl.easypack24.net/v1/points"
AT_ONCE = 500
MOST_PAGES = 500


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """All pages, one after the other."""
    return joined(_pages(http))


def _pages(http: httpx.Client) -> Iterator[Listed]:
    page, pages = 1, 1
    while page <= min(pages, MOST_PAGES):
        asked = {"functions": "parcel_collect", "per_page": AT_ONCE, "page": page}
        told = document(answered(ask(http, "GET", URL, params=asked, headers=ACCEPT)))
        count = text(told, "total_pages")
        pages = int(count) if count.isdecimal() else page
        yield listed(objects(told, "items"), _point)
        page += 1


def _point(told: Json) -> Point | None:
    functions, kinds = told.get("functions"), told.get("type")
    collects = not isinstance(functions, list) or "parcel_collect" in functions
    if text(told, "status").casefold() != "operating" or not collects:
        return None
    code, where = required(told, "name"), "address_details"
    number = [text(told, where, "building_number"), text(told, where, "flat_number")]
    return Point(
        code=code,
        name=" ".join(part for part in (code, text(told, "location_description")) if part),
        street=" ".join([text(told, where, "street"), "/".join(filter(None, number))]).strip(),
        postcode=text(told, where, "post_code"),
        city=required(told, where, "city"),
        country="PL",
        latitude=degrees(text(told, "location", "latitude"), 90, "location"),
        longitude=degrees(text(told, "location", "longitude"), 180, "location"),
        locker=isinstance(kinds, list) and "parcel_locker" in kinds,
        hours=from_polish(text(told, "opening_hours")),
    )
