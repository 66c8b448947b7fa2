"""DPD Pickup points and lockers of a country: GET /api/pudo/list/bycountry of mypudo.dpd.com.pl, by a key of its own.

Source: DPD Polska's Pickup Services as its open-source clients publish it (answear/dpd-pl-pickup-services-bundle):
types 400 and 501 and what begins with 400 are lockers; DAY_ID counts from Monday; a day may have two spans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers import soap
from opieka.deliveries.carriers.base import Json, Refused, ask, objects, required, text
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.points import degrees, listed, weekly
from opieka.deliveries.types import Point

URL = "https://mypudo.dpd.com.pl/api/pudo/list/bycountry"
COUNTRIES: Mapping[str, str] = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CH": "CHE", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST",
    "ES": "ESP", "FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC", "HR": "HRV", "HU": "HUN", "IE": "IRL",
    "IT": "ITA", "LT": "LTU", "LU": "LUX", "LV": "LVA", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT",
    "RO": "ROU", "SE": "SWE", "SI": "SVN", "SK": "SVK",
}  # fmt: skip
SHORT = {long: short for short, long in COUNTRIES.items()}
LOCKERS = ("400", "501")


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """All points of the shop's country."""
    asked = {"countryCode": COUNTRIES.get(country, "POL"), "key": keys["pickup_key"]}
    response = ask(http, "GET", URL, params=asked, headers={"Accept": "application/xml"})
    told = soap.document(soap.answered(response))
    if "ERROR" in told:
        raise Refused("bad_credentials", text(told, "ERROR", "VALUE"))
    return listed(objects(told, "PUDO_ITEMS", "PUDO_ITEM"), _point)


def _point(told: Json) -> Point:
    code, country = required(told, "PUDO_ID"), text(told, "COUNTRY")
    return Point(
        code=code,
        name=text(told, "LOCATION_HINT").partition(" : ")[0] or code,
        street=text(told, "ADDRESS1"),
        postcode=text(told, "ZIPCODE"),
        city=required(told, "CITY"),
        country=SHORT.get(country, country[:2]),
        latitude=degrees(text(told, "LATITUDE"), 90, "LATITUDE"),
        longitude=degrees(text(told, "LONGITUDE"), 180, "LONGITUDE"),
        locker=text(told, "PUDO_TYPE").startswith(LOCKERS),
        hours=_hours(told),
    )


def _hours(told: Json) -> str:
    days: defaultdict[str, list[str]] = defaultdict(list)
    for span in objects(told, "OPENING_HOURS_ITEMS", "OPENING_HOURS_ITEM"):
        days[text(span, "DAY_ID")].append(f"{text(span, 'START_TM')}-{text(span, 'END_TM')}")
    return weekly([",".join(days[str(day)]) for day in range(1, 8)])
