"""Which alphabet a word is written in, and so which languages its forms may belong to."""

from __future__ import annotations

from enum import StrEnum


class Script(StrEnum):
    """The alphabets our languages are written in."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    OTHER = "other"


LANGUAGES: dict[Script, tuple[str, ...]] = {
    Script.LATIN: ("pl", "en"),
    Script.CYRILLIC: ("ru",),
    Script.GREEK: ("el",),
    Script.OTHER: (),
}
"""The languages whose rules a word of this script is reduced by (ISO 639-1)."""


def script(character: str) -> Script:
    """The alphabet of one letter; digits and signs are OTHER."""
    point = ord(character)
    if point < 0x0250:
        return Script.LATIN if character.isalpha() else Script.OTHER
    if 0x0370 <= point < 0x0400 or 0x1F00 <= point < 0x2000:
        return Script.GREEK
    if 0x0400 <= point < 0x0530:
        return Script.CYRILLIC
    return Script.LATIN if 0x1E00 <= point < 0x1F00 else Script.OTHER


def script_of(word: str) -> Script:
    """The alphabet of the word's first letter."""
    return script(next(filter(str.isalpha, word), " "))
