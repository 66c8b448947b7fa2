"""What the documents of aggregators share: two levels of status, a country's code, a sentence of some length."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from babel.core import get_global

from opieka.deliveries.carriers.base import NO_MEANING, Meaning, Notes, text
from opieka.deliveries.types import NoticeKind

_ALIASES: Mapping[str, list[str]] = get_global("territory_aliases")
KEPT = 1000
"""How many letters of a carrier's sentence are kept."""


def refined(
    notes: Notes,
    broad: Mapping[str, Meaning],
    fine: Mapping[str, Meaning],
    status: tuple[str, str],
    *,
    vague: Collection[str],
) -> Meaning:
    """What a status and its sub-status mean: the finer one where it is known.

    An unknown sub-status is noted and means what its status means, except for the `vague` ones, which hold
    everything that can go wrong: there a new word must not raise an alarm.
    """
    main, sub = (word.strip().casefold() for word in status)
    if found := fine.get(sub):
        return found
    if not sub or sub == main:
        return notes.meaning(broad, status[0], where="status")
    notes.note(NoticeKind.UNKNOWN_CODE, "sub-status", status[1])
    return NO_MEANING if main in vague else broad.get(main, NO_MEANING)


def alpha2(code: str) -> str:
    """An ISO 3166-1 code of two or three letters as two, "" for anything else."""
    known = code.strip().upper()
    if len(known) == 3:
        known = _ALIASES.get(known, [""])[0]
    return known if len(known) == 2 and known.isalpha() and known.isascii() else ""


def words_of(data: Any, *keys: str) -> str:
    """The first text under `keys`, as much of it as is kept."""
    return next((found for key in keys if (found := text(data, key))), "")[:KEPT]
