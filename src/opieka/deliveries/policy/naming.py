"""Which carrier and which number: what shops, aggregators and people write, as one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

LONGEST = 60


def normal_number(text: str) -> str:
    """A tracking number however it is written: capitals and digits only; "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST]


def by_number(number: str, patterns: Mapping[str, Sequence[str]], *, likely: Collection[str] = ()) -> str:
    """The one carrier whose patterns fit a number in full, of several the only `likely` one; "" when it is unclear."""
    fitting = [
        carrier for carrier, known in patterns.items() if any(re.fullmatch(each, number) for each in known)
    ]
    if len(fitting) > 1:
        fitting = [carrier for carrier in fitting if carrier in likely]
    return fitting[0] if len(fitting) == 1 else ""
