"""The line in which a mail program says whose words follow: "On 5 Jan 2024 at 10:12, Anna <a@b.pl> wrote:".

Not one pattern per language but one shape for all: a date phrase, a name or address and a verb of writing, in
any order, over at most four lines. A sentence of the customer's with the same words does not have the shape.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from opieka.channels.adapters.email.mapping.folding import words
from opieka.channels.adapters.email.mapping.folding.lines import MAX_WIDTH, Hint, Line, key, next_filled

_MAX_LINES = 4
_MAX_TOKENS = 45
_MAX_NAME = 8

# A first look that costs little: a digit near the start, an address, or something shaped like a verb's end.
_WORTH = re.compile(
    r".{0,45}\d|.{0,160}@|.{0,160}[:：]\**\Z|\W{0,3}(?:wiadomo|zpr|W dniu|Dnia|On |Le |El |Em |Il |Am )", re.I
)
_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}[:.h]\d{2}(?!\.?\d)|\d{1,2}h\b")
_YEAR = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d{2}")
_NUMBER = re.compile(r"[\W_]*\d[\d.,:/\-–+()h]*(?:st|nd|rd|th|er|º|ª|\.|r|г|р|年|月|日|-?(?:го|е))?\W*\Z")
_DAY = re.compile(r"\d{1,4}[./\-]\d{1,2}|\d{4}")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# Languages that write a date without spaces, or from right to left; letters apart as `key` has them.
_ELSEWHERE = re.compile(
    unicodedata.normalize(
        "NFD",
        r"\d.*(?:写道|寫道|書きました|書いた|のメール|작성|작성함)\s*[:：]?\Z"
        r"|\A\d{4}\s?[年년].{0,60}@[^@]*[:：]\Z"
        r"|\Aבתאריך\s.*\d.*@[^@]*:\Z"
        r"|\Aفي\s.*\d.*@.*كتبت?\s*:\Z",
    )
)
# Yahoo's program for Android writes the answered mail on in the same line, after a gap.
_RUNS_ON = re.compile(r"@[^\s>]+>\s*[^\W\d_]+(?:\(a\))?:(?=\s{2,}\S)")
_EDGES = " \t-–—*_=#~|"
_GLUED = re.compile(r"(?<=\S)(?=<)|(?<=>)(?=\w)")


@dataclass(frozen=True, slots=True)
class _Shape:
    """An attribution taken apart."""

    tokens: list[str]
    verb: int
    """Index of the verb, -1 if there is none."""
    date: int
    """How many tokens at the start form the date phrase, 0 if it does not start with one."""
    dated: bool
    clock: bool
    year: bool
    address: bool
    closed: bool
    """Ends with a colon."""


def attribution(lines: list[Line], start: int) -> int | None:
    """The line after the attribution which starts at `start`, or None if none does."""
    if _WORTH.match(lines[start].text) is None:
        return None
    parts: list[str] = []
    if _runs_on(lines[start].text):
        return start + 1
    for stop in range(start + 1, min(start + _MAX_LINES, len(lines)) + 1):
        line = lines[stop - 1]
        if line.blank or len(line.text) >= MAX_WIDTH or line.depth != lines[start].depth:
            return None
        parts.append(line.text)
        quoted = _quote_follows(lines, start, stop)
        if (quoted or _may_end(line.text)) and _is_attribution(" ".join(parts), quoted):
            late = len(parts) > 1 and _starts_later(lines, start + 1, stop)
            return None if late else stop
        if line.text.endswith(":") or line.text[-1] in "!?":
            return None
    return None


def _runs_on(text: str) -> bool:
    found = _RUNS_ON.search(text, 0, MAX_WIDTH)
    return found is not None and _is_attribution(text[: found.end()], quoted=False, date_first=True)


def _may_end(text: str) -> bool:
    """Whether an attribution which no quote follows could end so: with a colon, or with its verb."""
    text = text.rstrip(_EDGES)
    return text.endswith((":", "：")) or key(text.rpartition(" ")[2]).removesuffix("(a)") in words.WROTE


def _quote_follows(lines: list[Line], start: int, stop: int) -> bool:
    following = next_filled(lines, stop)
    if following == len(lines):
        return False
    line = lines[following]
    return line.depth > lines[start].depth or line.hint is Hint.HISTORY or line.text.startswith("|")


def _starts_later(lines: list[Line], start: int, stop: int) -> bool:
    """Whether a later line begins an attribution of its own: then the lines before it are the customer's."""
    following = _quote_follows(lines, start, stop)
    return any(
        _is_attribution(" ".join(line.text for line in lines[first:stop]), following, date_first=True)
        for first in range(start, stop)
    )


def inside(text: str) -> int | None:
    """Where an English attribution begins in a line that starts with the customer's own words."""
    if "wrote" not in text or len(text) >= MAX_WIDTH:
        return None
    at = text.rfind(" On ")
    if at <= 0 and (at := text.rfind("-On ")) <= 0:
        return None
    if not _is_attribution(text[at + 1 :], quoted=False, date_first=True):
        return None
    return len(text[:at].rstrip(" -"))


def _is_attribution(text: str, quoted: bool, date_first: bool = False) -> bool:
    text = key(_GLUED.sub(" ", text[:MAX_WIDTH])).strip(_EDGES)
    if _ELSEWHERE.search(text):
        return True
    shape = _shape(text)
    if len(shape.tokens) > _MAX_TOKENS:
        return False
    if shape.date and shape.dated:
        return _after_date(shape, quoted)
    if date_first:
        return False
    return _verb_first(text, shape, quoted) or _name_first(shape, quoted)


def _shape(text: str) -> _Shape:
    tokens = text.split()[: _MAX_TOKENS + 1]
    date, dated = _date_phrase(tokens)
    phrase = " ".join(tokens[:date])
    verbs = (i for i, token in enumerate(tokens) if (m := _WORD.search(token)) and m.group() in words.WROTE)
    return _Shape(
        tokens=tokens,
        verb=next(verbs, -1),
        date=date,
        dated=dated,
        clock=_CLOCK.search(phrase) is not None,
        year=_YEAR.search(phrase) is not None,
        address="@" in text,
        closed=text.endswith(":"),
    )


def _date_phrase(tokens: list[str]) -> tuple[int, bool]:
    """How many tokens from the start form a date, and whether it names a day."""
    numbers, day, length = 0, False, 0
    for token in tokens:
        if _NUMBER.match(token) and "@" not in token:
            numbers += 1
            day = day or _DAY.search(token) is not None
        elif not _date_word(token):
            break
        length += 1
    return length, numbers > 0 and (day or numbers > 1)


def _date_word(token: str) -> bool:
    found = _WORD.findall(token)
    if not found:
        return "@" not in token and not token.startswith("<")
    return "@" not in token and all(w in words.DATE_WORDS or w[:3] in words.DATE_STEMS for w in found)


def _after_date(shape: _Shape, quoted: bool) -> bool:
    rest = shape.tokens[shape.date :]
    if shape.verb < 0:
        return _without_verb(shape, rest, quoted)
    name = shape.tokens[shape.date : shape.verb]
    tail = [token for token in shape.tokens[shape.verb + 1 :] if _WORD.search(token)]
    if len(tail) > _MAX_NAME or not (shape.closed or not tail or quoted):
        return False
    if quoted:
        return True
    if [token for token in name if token in words.PRONOUNS] and not shape.address:
        return False
    return shape.address or (shape.clock and shape.year and len(name) <= _MAX_NAME)


def _without_verb(shape: _Shape, rest: list[str], quoted: bool) -> bool:
    if not rest or len(rest) > 2 * _MAX_NAME:
        return False
    if shape.address and "@" in rest[-1]:
        return shape.closed or quoted
    if rest[0] in words.BY and shape.closed and shape.clock:
        return len(rest) <= _MAX_NAME
    return quoted and shape.closed and shape.clock and len(rest) <= _MAX_NAME


def _verb_first(text: str, shape: _Shape, quoted: bool) -> bool:
    opening = next((phrase for phrase in words.WROTE_FIRST if text.startswith(phrase)), None)
    return (
        opening is not None and shape.closed and (quoted or shape.address or _CLOCK.search(text) is not None)
    )


def _name_first(shape: _Shape, quoted: bool) -> bool:
    """ "Anna Nowak <a@b.pl> napisała w dniu 5.01.2024 o 10:12:" """
    if not 0 < shape.verb <= _MAX_NAME + 4 or not (shape.closed or shape.tokens[-1].endswith("):")):
        return False
    name, tail = shape.tokens[: shape.verb], shape.tokens[shape.verb + 1 :]
    addressed = any("@" in token for token in name)
    if any(token[-1] in "?!" or (token[-1] == "," and len(name) > 3 and not addressed) for token in name):
        return False
    if addressed:
        return len(tail) <= 2 * _MAX_NAME and (not tail or quoted or _dated(tail))
    if _dated(tail):
        return len(name) <= _MAX_NAME
    return quoted and len(name) <= 5 and len(tail) <= 2


def _dated(tail: list[str]) -> bool:
    """Whether what follows the verb is a date and a time, perhaps after a few filling words."""
    text = " ".join(tail)
    return _CLOCK.search(text) is not None and _DAY.search(text) is not None and len(tail) <= 14
