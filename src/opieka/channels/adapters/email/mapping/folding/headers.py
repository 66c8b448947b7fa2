"""Blocks of mail headers (From, Sent, To, Subject) and lines such as "-----Original Message-----"."""

from __future__ import annotations

import re
from typing import Final

from opieka.channels.adapters.email.mapping.folding import words
from opieka.channels.adapters.email.mapping.folding.lines import (
    MAX_WIDTH,
    Line,
    fresh,
    is_rule,
    key,
    next_filled,
)

_MAX_LABEL: Final = 40
_MAX_HEADERS: Final = 16
_MAX_CONTINUATION: Final = 3

_LABELS = {phrase: kind for kind, phrases in words.HEADERS.items() for phrase in phrases}
# "to" and "date" are shared by many languages; a label of several kinds counts as the first in this order.
for _kind in ("other", "cc", "to", "date", "subject", "from"):
    _LABELS.update(dict.fromkeys(words.HEADERS[_kind], _kind))

_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}[:.]\d{2}(?!\.?\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_MANY = re.compile(r"(?<![\w*])\*?([^\W\d_][^\W\d_ ]{0,16}(?: [^\W\d_]{1,10})?)\*? ?:")


def header(line: Line) -> str | None:
    """Which header a line begins, as a key of `words.HEADERS`, or None."""
    at = line.text.find(":", 0, _MAX_LABEL)
    if at < 0:
        at = line.text.find("：", 0, _MAX_LABEL)
    if at < 1:
        return None
    return _LABELS.get(key(line.text[:at]).strip(" \t*_|•"))


def header_block(lines: list[Line], start: int) -> int | None:
    """The line after a block of mail headers which starts at `start`, or None."""
    first = header(lines[start])
    if first is None or first in {"cc", "other"}:
        return None
    ruled = start > 0 and is_rule(lines[start - 1])
    if _single_line(lines[start].text, 1 if ruled else 2):
        return start + 1
    kinds, stop = _collect(lines, start)
    text = " ".join(line.text[:MAX_WIDTH] for line in lines[start:stop])
    return stop if _is_block(kinds, text) or _lone_from(lines, start, kinds, text) else None


def _collect(lines: list[Line], start: int) -> tuple[set[str], int]:
    kinds: set[str] = set()
    stop = at = start
    skipped = 0
    while at < len(lines) and at < start + 2 * _MAX_HEADERS and skipped <= _MAX_CONTINUATION:
        line = lines[at]
        if line.depth != lines[start].depth:
            break
        kind = header(line)
        if kind is not None:
            kinds.add(kind)
            stop, skipped = at + 1, 0
        elif line.blank and _next_header(lines, at) is None:
            break
        else:
            skipped += 1
        at += 1
    return kinds, stop


def _next_header(lines: list[Line], blank: int) -> str | None:
    at = next_filled(lines, blank)
    return header(lines[at]) if at < len(lines) and at <= blank + 2 else None


def _is_block(kinds: set[str], text: str) -> bool:
    """Headers that could not be a customer's own "From: 8:00, To: 16:00"."""
    if "@" in text:
        return len(kinds & {"from", "date"}) > 0 and len(kinds & {"from", "date", "to", "subject"}) > 1
    if not {"from", "date"} <= kinds:
        return False
    return {"to", "subject"} <= kinds or (_CLOCK.search(text) is not None and bool(kinds & {"to", "subject"}))


def _lone_from(lines: list[Line], start: int, kinds: set[str], text: str) -> bool:
    """A single `From: x@y` after a blank line, with nothing else in its line."""
    if kinds != {"from"} or start == 0 or not fresh(lines, start):
        return False
    value = text.partition(":")[2]
    return "@" in value and len(value.split()) <= 5 and key(text).startswith("from")


def _single_line(text: str, least: int) -> bool:
    """All headers run together in one line, as some HTML-to-text conversions leave them."""
    if text.count(":") <= least:
        return False
    found = {kind for label in _MANY.findall(text) for kind in _last_label(label)}
    return "@" in text and "from" in found and len(found & {"date", "to", "subject"}) >= least


def _last_label(label: str) -> set[str]:
    whole = key(label).strip()
    return {kind for name in (whole, whole.rpartition(" ")[2]) if (kind := _LABELS.get(name)) is not None}


def generic_block(lines: list[Line], start: int) -> int | None:
    """Headers in an unknown language after a drawn line: three of "label: value", with address and time."""
    stop = start
    while stop < len(lines) and stop < start + 6 and lines[stop].text.find(":", 0, _MAX_LABEL) > 0:
        stop += 1
    text = " ".join(line.text[:MAX_WIDTH] for line in lines[start:stop])
    proof = stop - start >= 3 and "@" in lines[start].text and _CLOCK.search(text) is not None
    return stop if proof else None


def separator(line: Line) -> str | None:
    """`"original"` or `"forward"` for a line which announces a whole message, else None."""
    text = line.text
    if not 8 <= len(text) <= 120:
        return None
    dashed = text[0] in "-_=*~—–─" and text[:2] != "- " and text[1] in "-_=*~—–─ "
    if not dashed and not text.endswith(":"):
        return None
    found = _WORD.findall(key(text))
    parts = {part for word in found for part in (word, *word.split("-"))}  # "Original-Nachricht"
    if not 1 <= len(found) <= 6 or not words.MESSAGE.intersection(parts):
        return None
    if words.FORWARDED.intersection(parts):
        return "forward"
    drawn = dashed and text[-1] in "-_=*~—–─"
    return "original" if drawn and (words.ORIGINAL.intersection(parts) or len(found) <= 2) else None


def rules_before(lines: list[Line], start: int) -> int:
    """The first of the drawn lines and blank lines directly above `start`, at the same depth."""
    first = at = start
    while at > 0 and at > start - 6 and (lines[at - 1].blank or is_rule(lines[at - 1])):
        at -= 1
        if is_rule(lines[at]):
            first = at
    return first
