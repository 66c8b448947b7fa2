"""Keys as PostgreSQL's tsvector and tsquery read them, to be passed as a parameter and cast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

Weight = Literal["A", "B", "C", "D"]

# PostgreSQL refuses a tsvector above 1 MB and keeps 255 places of a word and places up to 16383.
_MOST_BYTES = 600_000
_MOST_PLACES = 255
_LAST_PLACE = 16_383


def tsvector(fields: Iterable[tuple[Weight, Iterable[str]]]) -> str:
    """The keys of each field with its weight; of a monstrous text the beginning."""
    places: dict[str, list[str]] = {}
    spent = at = 0
    for weight, keys in fields:
        for key in keys:
            at = min(at + 1, _LAST_PLACE)
            held = places.get(key)
            if held is None and spent < _MOST_BYTES:
                held = places[key] = []
                spent += len(key.encode()) + 8
            if held is not None and len(held) < _MOST_PLACES and spent < _MOST_BYTES:
                held.append(f"{at}{weight}")
                spent += 2
    return " ".join(f"{_quoted(key)}:{','.join(found)}" for key, found in places.items() if found)


def tsquery(words: Iterable[Sequence[str]]) -> str:
    """All words, each by any of its alternatives (what `query_keys` returns); empty finds nothing."""
    alternatives = (" | ".join(map(_quoted, keys)) for keys in words if keys)
    return " & ".join(f"({keys})" for keys in alternatives)


def _quoted(key: str) -> str:
    return "'" + key.replace("\\", "\\\\").replace("'", "''") + "'"
