"""Which of her parcels a text is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST = 5
"""So many parcels or points at most are put before her to choose from."""
_SHORTEST = 3
"""A shorter order number may be an hour or a day."""
_NUMBER = re.compile(r"\W*(?:\w{0,6}[\s.:]+)?(\d)\W*")
_WORD = re.compile(r"[\w/-]+")


@dataclass(frozen=True)
class Aim:
    """An open parcel of hers, the number of its order, and whether we told her of that lately in this conversation."""

    parcel_id: int
    order_id: int
    number: str
    told: bool = False


def aim(open_parcels: Sequence[Aim], *, text: str, pending: int | None) -> Sequence[Aim]:
    """The parcels a text can be about: that of our open question, the one she names, those told of, any of hers."""
    asked = [one for one in open_parcels if one.parcel_id == pending]
    told = [one for one in open_parcels if one.told]
    return next((found for found in (named(open_parcels, text), asked, told) if found), open_parcels)


def named(open_parcels: Sequence[Aim], text: str) -> list[Aim]:
    """The parcels whose order's number she writes."""
    return [one for one in open_parcels if _is_named(one, text)]


def unnamed(text: str, open_parcels: Sequence[Aim]) -> str:
    """A text without the numbers of her orders, which are no hours, days or doors."""
    for one in named(open_parcels, text):
        text = re.sub(rf"(?<![\w/-]){re.escape(one.number)}(?![\w/-])", " ", text, flags=re.IGNORECASE)
    return text


def _is_named(one: Aim, text: str) -> bool:
    words = {word.casefold() for word in _WORD.findall(text)}
    return len(one.number) >= _SHORTEST and one.number.casefold() in words


def number_in(text: str, *, among: Collection[object]) -> int | None:
    """The place in a list she chose by its number ("2", "nr 2."), counted from 0; None for any other text."""
    found = _NUMBER.fullmatch(text.strip())
    chosen = int(found[1]) if found else 0
    return chosen - 1 if 1 <= chosen <= len(among) else None
