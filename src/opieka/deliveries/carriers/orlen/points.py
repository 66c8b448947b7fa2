"""ORLEN Paczka's points and machines: GiveMeAllRUCHWithFilled of its partner service.

Source: API_ORLENPaczka v1.26; the answer as its open-source clients show it. What is not available is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from opieka.deliveries.carriers import soap
from opieka.deliveries.carriers.base import Json, Refused, objects, required, text
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.orlen.client import NAMESPACE, URL
from opieka.deliveries.carriers.points import degrees, from_polish, listed
from opieka.deliveries.carriers.soap import call, element, envelope, quoted
from opieka.deliveries.types import Point

QUESTION = "GiveMeAllRUCHWithFilled"


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """All points."""
    who = [
        element("PartnerID", quoted(keys["partner_id"])),
        element("PartnerKey", quoted(keys["partner_key"])),
    ]
    question = element(QUESTION, *who, xmlns=NAMESPACE)
    told = soap.document(call(http, URL, envelope(question), f"{NAMESPACE}/{QUESTION}"))
    rows = objects(told, f"{QUESTION}Response", f"{QUESTION}Result", "Data", "PointPwR")
    if not rows:
        said = text(told, f"{QUESTION}Response", f"{QUESTION}Result", "ErrDes")
        raise Refused("bad_request", said or "no points")
    return listed(rows, _point)


def _point(told: Json) -> Point | None:
    if text(told, "Available").casefold() == "false":
        return None
    code = required(told, "DestinationCode")
    return Point(
        code=code,
        name=text(told, "Location") or code,
        street=text(told, "StreetName"),
        postcode=text(told, "ZipCode"),
        city=required(told, "City"),
        country="PL",
        latitude=degrees(text(told, "Latitude"), 90, "Latitude"),
        longitude=degrees(text(told, "Longitude"), 180, "Longitude"),
        locker=text(told, "PointType") in {"APM", "Automat"},
        hours=from_polish(text(told, "OpeningHours")),
    )
