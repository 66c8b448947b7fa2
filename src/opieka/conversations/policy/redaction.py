"""Taking one person out of what others wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

GONE = "[…]"


def redacted(text: str, words: Collection[str]) -> str:
    """A text without these words, however their letters are cased; whole words only."""
    if not words or not text:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    pattern = "|".join(re.escape(word) for word in longest_first)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", GONE, text, flags=re.IGNORECASE)


def without(sides: Iterable[Mapping[str, str]], values: Collection[str]) -> list[dict[str, str]]:
    """The sides of a message but for those with these addresses."""
    return [dict(side) for side in sides if side["value"].strip().lower() not in values]
