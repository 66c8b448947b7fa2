"""A list of points and lockers as a table or JSON: what a carrier's site or account lets a shop download.

Columns by name, in any order: code, name, street, postcode, city, country, latitude, longitude; if there are any: type
(what contains "locker", "machine", "automat" or "paczkomat" is one) and hours. JSON is a list of objects with these
names, or an object that holds one under "points" or "items". What the carriers' own services answer is read with the
same care, entry by entry.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from opieka.deliveries.carriers.base import Json, Unreadable, text
from opieka.deliveries.carriers.listing import Listed
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
POLISH = {
    "pn": "Mo", "wt": "Tu", "śr": "We", "sr": "We", "cz": "Th", "pt": "Fr", "sb": "Sa", "so": "Sa", "nd": "Su",
    "ni": "Su",
}  # fmt: skip
_DAY_OF_POLAND = re.compile(rf"\b({'|'.join(POLISH)})\b", re.IGNORECASE)
_AFTER_A_DAY = re.compile(r"(?<=[a-z]):")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
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


def listed(found: Iterable[Json], make: Callable[[Json], Point | None]) -> Listed:
    """The points in a carrier's answer; one that cannot be read becomes a notice, one that is None is closed."""
    points: list[Point] = []
    notices: dict[Notice, None] = {}
    for one in found:
        try:
            point = make(one)
        except Unreadable as problem:
            where = f"points: {problem.where}"
            notices[Notice(kind=NoticeKind.MALFORMED, where=where, value=problem.value)] = None
        else:
            points += [point] if point is not None else []
    return Listed(points=tuple(points), notices=tuple(notices))


def joined(several: Iterable[Listed]) -> Listed:
    """Several pages or lists as one."""
    pages = list(several)
    return Listed(
        points=tuple(point for page in pages for point in page.points),
        notices=tuple(dict.fromkeys(notice for page in pages for notice in page.notices)),
    )


def weekly(days: Sequence[str]) -> str:
    """Hours from Monday to Sunday in the notation of OpenStreetMap, days alike together: “Mo-Fr 08:00-20:00; Sa
    09:00-14:00”, “24/7”; "" when nothing is told."""
    told = [day.replace("\N{EN DASH}", "-").replace(" ", "") for day in days]
    if set(told) <= {"00:00-24:00", "00:00-23:59"} and told:
        return "24/7"
    runs = [list(run) for _hours, run in groupby(range(len(told)), key=told.__getitem__)]
    spans = [
        (DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}", told[run[0]]) for run in runs
    ]
    return "; ".join(f"{span} {hours}" for span, hours in spans if any(map(str.isdigit, hours)))


def from_polish(told: str) -> str:
    """Hours as Polish carriers write them (“Pn-Pt:08:00-20:00, So:08:00-14:00”, “PN-SB 06-23”) in the same notation."""
    named = _DAY_OF_POLAND.sub(lambda day: POLISH[day[1].casefold()], told)
    spans = [" ".join(_AFTER_A_DAY.sub(" ", span).split()) for span in re.split(r"[,;|]", named)]
    parts = [span for span in spans if any(map(str.isdigit, span))]
    if parts and all(part.endswith("00:00-24:00") for part in parts):
        return "24/7"
    return "; ".join(parts)


def degrees(told: str, most: float, where: str) -> float:
    """A latitude (`most` 90) or longitude (180) as it is written; `Unreadable`. Zero is a place nobody entered."""
    try:
        found = float(told.replace(",", "."))
    except ValueError as error:
        raise Unreadable(where, told) from error
    if not -most <= found <= most or not found:
        raise Unreadable(where, told)
    return found


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
        latitude=degrees(told["latitude"], 90, "latitude"),
        longitude=degrees(told["longitude"], 180, "longitude"),
        locker=any(word in told["type"].casefold() for word in LOCKERS),
        hours=told["hours"],
    )


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := text(row, name))), "")
