"""What people say in the gallery, in Polish and Greek (texts/*.toml): real in tone, long where life is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Texts:
    """One language's words. `rows` are (channel, name, words, preview)."""

    views: tuple[str, ...]
    list_title: str
    places: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    subject: str
    customer: str
    initials: str
    agent: str
    colleague: str
    first: str
    first_folded: str
    answer: str
    note: str
    second: str
    facts: tuple[str, ...]
    status: tuple[str, ...]
    clock: tuple[str, ...]
    delivery: tuple[str, ...]
    days: tuple[str, ...]
    products: tuple[str, ...]
    strips: tuple[str, ...]
    since: str
    language: str
    balance: str
    story: tuple[str, ...]
    acts: tuple[str, ...]
    trouble: str
    form: tuple[str, ...]


def _read(language: str) -> Texts:
    found = tomllib.loads((Path(__file__).parent / "texts" / f"{language}.toml").read_text())
    rows = tuple(tuple(row) for row in found.pop("rows"))
    rest: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in found.items()}
    return Texts(rows=rows, **rest)


TEXTS = {language: _read(language) for language in ("pl", "el")}
