"""Nova Poshta's branches and postomats: Address/getWarehouses, 500 a page.

Source: developers.novaposhta.ua, "Відділення Нова Пошта". What does not work or may not be chosen is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import httpx

from opieka.deliveries.carriers.base import (
    ACCEPT,
    Json,
    Refused,
    answered,
    ask,
    document,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.nova_poshta.client import URL
from opieka.deliveries.carriers.points import degrees, joined, listed, weekly
from opieka.deliveries.types import Point

AT_ONCE = 500
MOST_PAGES = 500
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """All pages, one after the other."""
    return joined(_pages(keys["api_key"], http))


def _pages(key: str, http: httpx.Client) -> Iterator[Listed]:
    for page in range(1, MOST_PAGES + 1):
        question = {
            "apiKey": key,
            "modelName": "Address",
            "calledMethod": "getWarehouses",
            "methodProperties": {"Page": str(page), "Limit": str(AT_ONCE)},
        }
        told = document(answered(ask(http, "POST", URL, json=question, headers=ACCEPT)))
        if told.get("success") is False:
            raise Refused("bad_request", str(told.get("errors"))[:200])
        found = objects(told, "data")
        yield listed(found, _point)
        if len(found) < AT_ONCE:
            return


def _point(told: Json) -> Point | None:
    if text(told, "WarehouseStatus") not in {"", "Working"} or text(told, "DenyToSelect") == "1":
        return None
    city = required(told, "CityDescription")
    return Point(
        code=required(told, "Ref"),
        name=text(told, "Description").partition(":")[0] or required(told, "Number"),
        street=text(told, "ShortAddress").removeprefix(f"{city}, "),
        postcode=text(told, "PostalCodeUA"),
        city=city,
        country="UA",
        latitude=degrees(text(told, "Latitude"), 90, "Latitude"),
        longitude=degrees(text(told, "Longitude"), 180, "Longitude"),
        locker=text(told, "CategoryOfWarehouse") == "Postomat",
        hours=weekly([text(told, "Schedule", day) for day in WEEK]),
    )
