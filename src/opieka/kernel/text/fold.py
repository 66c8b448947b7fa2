"""One spelling for what people write in many: case, diacritics, final sigma, ё.

Cyrillic й, ї and ў stay: they are letters of their own, and people type them.
"""

from __future__ import annotations

import unicodedata

_STROKED = {
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
}
_LATIN_AND_GREEK = ((0x00C0, 0x0250), (0x0370, 0x0400), (0x1E00, 0x2000))
_COMBINING = range(0x0300, 0x0370)


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(_COMBINING)
    for first, last in _LATIN_AND_GREEK:
        for point in range(first, last):
            plain = "".join(
                c for c in unicodedata.normalize("NFD", chr(point)) if not unicodedata.combining(c)
            )
            if plain != chr(point):
                table[point] = plain
    table |= {ord(letter): plain for letter, plain in _STROKED.items()}
    # U+0400..U+045F: only ё, and the stress marks of textbooks and dictionaries
    table |= dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
    return table | {ord("ё"): "е", ord("ѐ"): "е", ord("ѝ"): "и", ord("ς"): "σ", ord("’"): "'", ord("ʼ"): "'"}


_TABLE = _table()


def fold(text: str) -> str:
    """The text without case, Latin and Greek diacritics and compatibility forms; idempotent."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)
    # Case folding may leave letters decomposed, and what the table leaves may compose anew.
    return folded if folded.isascii() else unicodedata.normalize("NFKC", folded).translate(_TABLE)
