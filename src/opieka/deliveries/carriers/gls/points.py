"""GLS parcel shops and lockers of a country: the public list behind GLS's own map.

Source: map.gls-hungary.com/data/deliveryPoints/{country}.json, which its open-source clients read (answear/gls-bundle):
`{items: [{id, name, contact: {countryCode, postalCode, city, address}, location: [latitude, longitude], hours:
[[weekday, from, to, ...]], type}]}`, weekdays from Monday, a break after the first span.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.deliveries.carriers.base import (
    ACCEPT,
    Json,
    Unreadable,
    answered,
    ask,
    document,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.points import degrees, listed, weekly
from opieka.deliveries.types import Point

URL = "https://map.gls-hungary.com/data/deliveryPoints/{country}.json"


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """All points of the shop's country."""
    response = ask(http, "GET", URL.format(country=country.lower()), headers=ACCEPT)
    return listed(objects(document(answered(response)), "items"), _point)


def _point(told: Json) -> Point:
    place = told.get("location")
    if not isinstance(place, list) or len(place) < 2:
        raise Unreadable("location", place)
    return Point(
        code=required(told, "id"),
        name=text(told, "name") or required(told, "id"),
        street=text(told, "contact", "address"),
        postcode=text(told, "contact", "postalCode"),
        city=required(told, "contact", "city"),
        country=required(told, "contact", "countryCode").upper(),
        latitude=degrees(str(place[0]), 90, "location"),
        longitude=degrees(str(place[1]), 180, "location"),
        locker="locker" in text(told, "type").casefold(),
        hours=_hours(told.get("hours")),
    )


def _hours(told: Any) -> str:
    """Open from the first to the second time; a third and a fourth are the break."""
    days = [""] * 7
    for day in told if isinstance(told, list) else []:
        if not isinstance(day, list) or not day or day[0] not in range(1, 8):
            continue
        match [str(part) for part in day[1:5] if part]:
            case [first, last]:
                days[day[0] - 1] = f"{first}-{last}"
            case [first, last, pause, end]:
                days[day[0] - 1] = f"{first}-{pause},{end}-{last}"
    return weekly(days)
