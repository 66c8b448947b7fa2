"""Which carrier and which number: what shops, aggregators and people write, as one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from opieka.kernel.text.fold import fold

LONGEST = 60


def normal_number(text: str) -> str:
    """A tracking number however it is written: capitals and digits only; "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST]


def by_word(word: str, names: Mapping[str, Sequence[str]]) -> str:
    """The carrier a shop's word means ("DHL Express Polska" is dhl); "" when none of `names` stands in it.

    `names` are the names of each carrier by its code; the longest that stands in the word, on whole words, counts.
    """
    said = _spaced(word)
    found = [
        (len(spoken), carrier)
        for carrier, known in names.items()
        for spoken in map(_spaced, (carrier, *known))
        if spoken.strip() and spoken in said
    ]
    return min(found, key=lambda hit: (-hit[0], hit[1]))[1] if found else ""


def by_number(number: str, patterns: Mapping[str, Sequence[str]], *, likely: Collection[str] = ()) -> str:
    """The one carrier whose patterns fit a number in full, of several the only `likely` one; "" when it is unclear."""
    fitting = [
        carrier for carrier, known in patterns.items() if any(re.fullmatch(each, number) for each in known)
    ]
    if len(fitting) > 1:
        fitting = [carrier for carrier in fitting if carrier in likely]
    return fitting[0] if len(fitting) == 1 else ""


def _spaced(word: str) -> str:
    """The word folded, each run of letters and digits between spaces."""
    return " " + " ".join(re.findall(r"[^\W_]+", fold(word))) + " "
