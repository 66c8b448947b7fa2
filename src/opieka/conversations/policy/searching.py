"""What is searched for, and what a mistyped word may have been."""

from __future__ import annotations

from itertools import chain, takewhile
from typing import NamedTuple

from opieka.conversations.types import Highlight
from opieka.kernel.text import fold, readings, tokens, word_keys

LONGEST = 50_000
"""Of a longer text only so many letters are searched."""
PASSAGE = 160
_SHORTEST, _LONGEST_WORD = 4, 32
_FEW = 3


def shop_key(shop_id: int) -> str:
    """A key that every message of a shop has; no text yields one like it."""
    return f"§{shop_id}"


def is_learned(key: str) -> bool:
    """Whether a key is a word somebody may mistype: no code, no number, not too short."""
    return key.isalpha() and _SHORTEST <= len(key) <= _LONGEST_WORD


def variants(key: str) -> list[str]:
    """A word and what is left of it when one letter is left out.

    Two words within one slip (a letter more, less, other or swapped) share one of these.
    """
    return sorted({key, *(key[:place] + key[place + 1 :] for place in range(len(key)))})


class Foreign(NamedTuple):
    """What a Latin-script word may be in Greek and Russian: keys to look for in any case, and if anybody wrote them."""

    likely: tuple[str, ...]
    learned: tuple[str, ...]


def foreign(word: str) -> Foreign:
    """The readings of a word somebody typed; of short ones, which are not learned, the likeliest few.

    An apostrophe, which may stand for a soft sign, is passed over; codes have no readings.
    """
    if any(map(str.isdigit, word)):
        return Foreign((), ())
    found = readings("".join(filter(str.isalpha, fold(word))))
    likely = tuple(key for known in found for key in known[: 1 if is_learned(known[0]) else _FEW])
    return Foreign(likely, tuple(key for known in found for key in known if is_learned(key)))


def passage(text: str, wanted: frozenset[str]) -> tuple[Highlight, ...]:
    """The stretch of a text around the first of the wanted keys, those marked; its beginning without any."""
    flat = " ".join(text[:LONGEST].split())
    hits = (token for token in tokens(flat) if not wanted.isdisjoint(word_keys(token.text)))
    first = next(hits, None)
    if first is None:
        return tuple(Highlight(part, hit=False) for part in [flat[:PASSAGE]] if part)
    start = flat.rfind(" ", 0, max(first.start - PASSAGE // 3, 0)) + 1
    end = max(start + PASSAGE, first.end)
    made, at = [], start
    for token in chain([first], takewhile(lambda token: token.start < end, hits)):
        made += [Highlight(flat[at : token.start], hit=False), Highlight(token.text, hit=True)]
        at = token.end
    made.append(Highlight(flat[at:end], hit=False))
    return tuple(part for part in made if part.text)
