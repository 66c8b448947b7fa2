"""The line, in which plain and HTML mails are judged alike, and the key under which words compare."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

# Beyond this many lines, or this far into one line, nobody replies; it also bounds the work on hostile input.
MAX_LINES = 10_000
MAX_WIDTH = 600

# By expressions and not by a table for `translate`, which asks it for every letter: this is done to every line.
_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_DROPPED = re.compile(f"[\u0300-\u036f{_HIDDEN}]")
_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "’": "'", "ʼ": "'", "：": ":", "\xa0": " "}


def names(text: str) -> frozenset[str]:
    """The words of a text as a set: how tables of names are written here."""
    return frozenset(text.split())


class Hint(Enum):
    """What the mark-up of an HTML mail says about a line, whatever its words."""

    NONE = auto()
    ATTRIBUTION = auto()
    HISTORY = auto()
    START = auto()
    SIGNATURE = auto()


@dataclass(slots=True)
class Line:
    """One visible line without its quote marks."""

    text: str
    depth: int = 0
    """How many quote marks or quoting elements it stands under."""
    soft: bool = False
    """Only under elements that people also use themselves (a bare `<blockquote>`)."""
    hint: Hint = Hint.NONE
    until: int | None = None
    """Where the mail program's container of history ends, as a line number."""
    picture: bool = False
    rule: bool = False
    """A horizontal rule was drawn here."""
    gap: bool = False
    """A paragraph begins here: a reader sees space above."""

    @property
    def blank(self) -> bool:
        return not self.text


def key(text: str) -> str:
    """The form under which words compare: lower case, no accents, no invisible characters."""
    if text.isascii():
        return text.lower()
    text = _DROPPED.sub("", unicodedata.normalize("NFD", text.casefold()))
    for letter, plain in _LETTERS.items():
        text = text.replace(letter, plain)
    return text


def visible(text: str) -> str:
    """The text without outer white space and characters that show nothing, as far as it is looked at."""
    text = text.strip()[:MAX_WIDTH]
    return text if text.isascii() else _INVISIBLE.sub("", text).strip()


def fresh(lines: list[Line], at: int) -> bool:
    """Whether there is space above the line."""
    return at == 0 or lines[at].gap or lines[at - 1].blank


def next_filled(lines: list[Line], start: int) -> int:
    """The first line from `start` that is not blank, or the number of lines."""
    while start < len(lines) and lines[start].blank:
        start += 1
    return start


_RULE = re.compile(r"[\s*>]*[-_=*~—–─]{3,}[\s\-_=*~—–─]*\Z")


def is_rule(line: Line) -> bool:
    """Whether the line only draws a line across the mail."""
    return line.rule or (3 <= len(line.text) <= 200 and _RULE.match(line.text) is not None)


_MARKS = re.compile(r"(?:>[ \t\xa0]?)+")


def take_marks(lines: list[Line]) -> None:
    """Turn the quote marks (">") of lines into their depth.

    ">>> sale <<<" and ">>> code" quote nobody when no line stands under one or two marks.
    """
    found = [_marks(lines, at) for at in range(len(lines))]
    depths = [marks.count(">") for marks in found]
    if not any(1 <= depth <= 2 for depth in depths):
        return
    for line, marks, depth in zip(lines, found, depths, strict=True):
        if depth:
            line.text, line.depth, line.soft = line.text[len(marks) :].strip(), line.depth + depth, False


def _marks(lines: list[Line], at: int) -> str:
    text = lines[at].text
    if not text.startswith(">") or (at and _link_open(lines[at - 1].text)):
        return ""
    marks = _MARKS.match(text)
    return marks.group() if marks else ""


def _link_open(text: str) -> bool:
    """Whether a line leaves `<http...` open, so that the next line's ">" closes it."""
    opened = text.rfind("<")
    return opened >= 0 and text.startswith(("http", "mailto"), opened + 1) and ">" not in text[opened:]
