"""Codes written in groups, `RR 123 456 785 PL`, as they are written together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PIECE = r"[A-Za-z]{0,4}\d[A-Za-z\d]{0,23}"
_GAP = r"[ \u00a0-]"
_CODE = re.compile(
    rf"(?<![\w.,])(?:(?P<lead>[A-Za-z]{{1,4}}){_GAP})?(?P<core>{_PIECE}(?:{_GAP}{_PIECE}){{0,11}})"
    rf"(?:{_GAP}(?P<tail>[A-Za-z]{{1,3}}))?(?!\w)"
)
_DIGITS = re.compile(r"\d")
_LEAST, _MANY = 5, 8


class Code(NamedTuple):
    """A code that stands in groups at `text[start:end]`, folded and in one piece."""

    joined: str
    start: int
    end: int


def codes(text: str) -> Iterator[Code]:
    """Every way to read groups with digits in them as one code, with and without the letters around them.

    Letters belong to a code when they are capitals, or beside so many digits that it is hardly a count.
    """
    if not _DIGITS.search(text):
        return
    for found in _CODE.finditer(text):
        digits = len(_DIGITS.findall(found["core"]))
        if digits >= _LEAST:
            yield from _readings(text, found, digits)


def _readings(text: str, found: re.Match[str], digits: int) -> Iterator[Code]:
    (first, last), (start, end) = found.span("core"), found.span()
    begins = [first, start] if _belongs(found["lead"], digits) else [first]
    ends = [last, end] if _belongs(found["tail"], digits) else [last]
    for begin in begins:
        for stop in ends:
            part = text[begin:stop]
            joined = "".join(filter(str.isalnum, part.casefold()))
            if len(joined) < len(part):
                yield Code(joined, begin, stop)


def _belongs(letters: str | None, digits: int) -> bool:
    return letters is not None and (letters.isupper() or digits >= _MANY)
