"""Packeta's points and Z-BOXes: the feeds `branch` and `box` of its pickup-point API, by the key of its widget.

Source: docs.packeta.com, "Pickup points" (v5, JSON): at most four times a day. Only what is in operation
(`status.statusId` 1) and may be shown (`displayFrontend`) is taken. 409 says that the feed is just being made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from opieka.deliveries.carriers.base import ACCEPT, Json, Refused, answered, ask, required, text
from opieka.deliveries.carriers.listing import Listed
from opieka.deliveries.carriers.points import degrees, joined, listed, weekly
from opieka.deliveries.types import Point

URL = "https://pickup-point.api.packeta.com/v5/{key}/{feed}/json"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def fetch(keys: Mapping[str, str], country: str, http: httpx.Client) -> Listed:
    """Both feeds of the shop's country."""
    return joined(_feed(feed, keys["api_key"], country, http) for feed in ("branch", "box"))


def _feed(feed: str, key: str, country: str, http: httpx.Client) -> Listed:
    url, asked = URL.format(key=quote(key, safe=""), feed=feed), {"lang": "en", "country": country.lower()}
    try:
        found = json.loads(answered(ask(http, "GET", url, params=asked, headers=ACCEPT)))
    except (ValueError, RecursionError) as error:
        raise Refused("not_json", str(error)) from error
    return listed(_rows(found), lambda told: _point(told, locker=feed == "box"))


def _rows(found: Any) -> list[Json]:
    """A list, or one (or an object of points by id) under `data`."""
    rows = found.get("data", found) if isinstance(found, dict) else found
    rows = list(rows.values()) if isinstance(rows, dict) else rows
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _point(told: Json, *, locker: bool) -> Point | None:
    if text(told, "status", "statusId") not in {"", "1"} or text(told, "displayFrontend") == "0":
        return None
    code = required(told, "id")
    days = [text(told, "openingHours", "regular", day) for day in WEEK]
    return Point(
        code=code,
        name=text(told, "place") or text(told, "name") or code,
        street=text(told, "street"),
        postcode=text(told, "zip"),
        city=required(told, "city"),
        country=required(told, "country").upper(),
        latitude=degrees(text(told, "latitude"), 90, "latitude"),
        longitude=degrees(text(told, "longitude"), 180, "longitude"),
        locker=locker,
        hours=weekly(days) or ("24/7" if locker else ""),
    )
