"""The test sets themselves: every row is whole, dated in the future, written once and in its right half."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from opieka.kernel.text import fold

HERE = Path(__file__).parent / "replies"
LANGUAGES = ["pl", "ru", "el", "en"]
HALVES = ["seen", "held"]
PLACES = {"neighbour", "safe_place", "pickup_point", "address"}
DAYS = PLACES | {"reschedule", "hold"}
HOURS = PLACES | {"reschedule", "time_window"}
INTENTS = DAYS | HOURS | {"cancel", "confirm", "reject", "stop", "question", "unclear"}
NOTES = {
    *[
        "plain",
        "polite",
        "typo",
        "bare",
        "translit",
        "slang",
        "emoji",
        "two_wishes",
        "negation",
        "thanks",
        "anger",
    ],
    *[
        "question",
        "unrelated",
        "other_language",
        "date",
        "relative",
        "range",
        "hours",
        "part_of_day",
        "place",
    ],
    *["ambiguous", "impossible"],
}
KEYS = ["text", "at", "intent", "date_from", "date_to", "time_from", "time_to", "place", "note"]
WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:poniedzial|wtor|srod|czwart|piat|sobot|niedziel)\w*"
    r"|(?:понедельник|вторник|сред|четверг|пятниц|суббот|воскресен)\w*"
    r"|(?:δευτερα|τριτη|τεταρτη|πεμπτη|παρασκευη|σαββατο|κυριακη)\w*)\b"
)


@cache
def rows(language: str) -> list[tuple[str, dict[str, Any]]]:
    """Every row of a language, with the half it stands in."""
    return [
        (half, json.loads(line))
        for half in HALVES
        for line in (HERE / f"{language}.{half}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def folded(text: str) -> str:
    return " ".join(fold(text).split())


def skeleton(text: str) -> str:
    """What is left of a sentence without its weekdays, numbers and marks; a row of marks stays itself."""
    bare = re.sub(r"\d+", "0", WEEKDAY.sub("day", fold(text)))
    return " ".join(re.findall(r"\w+|[^\w\s.,!]", bare)) or bare


def span(row: dict[str, Any], what: str, kind: type[date] | type[time]) -> list[Any]:
    """Both ends of a row's days or hours, in the one spelling allowed."""
    told = [row[f"{what}_from"], row[f"{what}_to"]]
    read = [kind.fromisoformat(one) for one in told if one is not None]
    spelt = [one.isoformat("minutes") if isinstance(one, time) else one.isoformat() for one in read]
    assert spelt == [one for one in told if one is not None]
    assert read == sorted(read)
    return read


def check(row: dict[str, Any]) -> None:
    assert list(row) == KEYS
    assert row["intent"] in INTENTS
    assert row["note"] in NOTES
    at = datetime.fromisoformat(row["at"])
    assert at.tzinfo is None
    days, hours = span(row, "date", date), span(row, "time", time)
    assert all(0 <= (day - at.date()).days <= 60 for day in days)
    assert all(time(7) <= hour <= time(22) for hour in hours)
    assert not days or row["intent"] in DAYS
    assert not hours or row["intent"] in HOURS
    assert row["place"] is None or (row["intent"] in PLACES and row["place"] in row["text"])
    assert row["place"] != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_is_whole_and_stands_in_its_half(language: str) -> None:
    for half, row in rows(language):
        try:
            check(row)
            even = hashlib.sha256(folded(row["text"]).encode()).digest()[-1] % 2 == 0
            assert half == ("seen" if even else "held")
        except (AssertionError, ValueError) as problem:
            shown = row["text"] if half == "seen" else "a held row"
            raise AssertionError(f"{language}: {shown}: {type(problem).__name__}") from None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fresh_row_is_whole_and_written_once(language: str) -> None:
    lines = (HERE / f"{language}.fresh.jsonl").read_text(encoding="utf-8").splitlines()
    fresh = [json.loads(line) for line in lines]
    for row in fresh:
        check(row)
    assert len({folded(row["text"]) for row in fresh}) == len(fresh)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_rows_say_the_same(language: str) -> None:
    said = Counter(skeleton(row["text"]) for _, row in rows(language))
    assert sum(count - 1 for count in said.values()) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sets_are_large_and_varied(language: str) -> None:
    found = rows(language)
    intents = Counter(row["intent"] for _, row in found)
    notes = {(half, row["note"]) for half, row in found}
    wanted = NOTES if language in {"ru", "el"} else NOTES - {"translit"}
    assert len(found) >= 320
    assert all(intents[intent] >= 10 for intent in INTENTS)
    assert wanted - {note for half, note in notes if half == "seen"} == set()
    assert wanted - {note for half, note in notes if half == "held"} == set()
    assert sum(row["at"] != "2026-11-23T10:00" for _, row in found) >= len(found) / 3
