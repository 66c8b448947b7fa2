"""Which number: what shops, aggregators and people write, as one spelling."""

from __future__ import annotations

import unicodedata

LONGEST = 60


def normal_number(text: str) -> str:
    """A tracking number however it is written: capitals and digits only; "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST]
