"""A list of points and lockers as a table or JSON: what a carrier's site or account lets a shop download.

Columns by name, in any order: code, name, street, postcode, city, country, latitude, longitude; if there are any: type
(what contains "locker", "machine", "automat" or "paczkomat" is one) and hours. JSON is a list of objects with these
names, or an object that holds one under "points" or "items".
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

from opieka.deliveries.carriers.base import Unreadable, text
from opieka.deliveries.types import Notice, NoticeKind, Point

NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "external_id"),
    "name": ("name", "title"),
    "street": ("street", "address", "address_line_1"),
    "postcode": ("postcode", "post_code", "postal_code", "zip"),
    "city": ("city", "town"),
    "country": ("country", "country_code"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "type": ("type", "kind"),
    "hours": ("hours", "opening_hours"),
}
LOCKERS = ("locker", "machine", "automat", "paczkomat", "postamat")


def read(raw: bytes) -> tuple[list[Point], list[Notice]]:
    """The points of a file, and which rows are none; `Unreadable` when the whole file is no list."""
    points: list[Point] = []
    notices: list[Notice] = []
    for number, row in enumerate(_rows(raw), start=1):
        try:
            points.append(_point(row))
        except Unreadable as problem:
            where = f"row {number}: {problem.where}"
            notices.append(Notice(kind=NoticeKind.MALFORMED, where=where, value=problem.value))
    return points, notices


def _rows(raw: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        written = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("utf-8", error) from error
    if written.lstrip()[:1] in {"[", "{"}:
        yield from _listed(written)
        return
    head = written.partition("\n")[0]
    try:
        rows = csv.DictReader(written.splitlines(), delimiter=max(",;\t", key=head.count), strict=True)
        yield from ({_plain(name): value for name, value in row.items() if name} for row in rows)
    except csv.Error as error:
        raise Unreadable("csv", error) from error


def _listed(written: str) -> Iterator[Mapping[str, Any]]:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise Unreadable("json", error) from error
    if isinstance(found, dict):
        found = next((found[name] for name in ("points", "items") if name in found), None)
    if not isinstance(found, list):
        raise Unreadable("json", type(found).__name__)
    yield from (
        {_plain(str(name)): value for name, value in row.items()} for row in found if isinstance(row, dict)
    )


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _point(row: Mapping[str, Any]) -> Point:
    told = {field: _first(row, names) for field, names in NAMES.items()}
    for field in ("code", "city", "country"):
        if not told[field]:
            raise Unreadable(field)
    return Point(
        code=told["code"],
        name=told["name"] or told["code"],
        street=told["street"],
        postcode=told["postcode"],
        city=told["city"],
        country=told["country"].upper(),
        latitude=_degrees(told["latitude"], 90, "latitude"),
        longitude=_degrees(told["longitude"], 180, "longitude"),
        locker=any(word in told["type"].casefold() for word in LOCKERS),
        hours=told["hours"],
    )


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := text(row, name))), "")


def _degrees(told: str, most: float, where: str) -> float:
    try:
        found = float(told.replace(",", "."))
    except ValueError as error:
        raise Unreadable(where, told) from error
    if not -most <= found <= most:
        raise Unreadable(where, told)
    return found
