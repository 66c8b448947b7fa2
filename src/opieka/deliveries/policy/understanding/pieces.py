"""A text as a row of pieces, each with a meaning and its place in the text; and rules that put pieces together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opieka.deliveries.policy.understanding.vocabulary import PAST, Vocabulary
from opieka.kernel.text.fold import fold

UNKNOWN = "x"
_ABBREVIATION = 5
_ABBREVIATED = re.compile(r"WEEK|OTHERWEEK|STREET|FLAT|FLOOR|OCLOCK|TITLE|ABOUT|AM|PM|WD\d|MO\d+")
UNHEARD = frozenset({"NOISE", "SORRY"})
"""Meanings the grammar does not see. They end the words of a place, but for NOISE."""

_TOKEN = re.compile(
    r"""
    (?P<iso>\b20\d\d-\d\d-\d\d\b)
  | (?P<day>(?<![\d.,:/])\d{1,2}[./]\d{1,2}(?:[./](?:20)?\d\d)?(?![\d:/])(?!\.\d))
  | (?P<clock>(?<![\d.,:])\d{1,2}(?::\d\d|[.h]\d\d(?!\d))(?!\d))
  | (?P<nth>\b\d{1,2}(?:st|nd|rd|th|os|-?(?:ος|ου|ο|os|go|ego|tego|ym|szego|го|ого|е|ое|му|ого|η|ής|ης))\b)
  | (?P<hour>\b\d{1,2}(?:h\b|ч\b|-?ish\b)|\b\d{1,2}\s?(?:am|pm|a\.m\.?|p\.m\.?|πμ|μμ|π\.\s?μ\.?|μ\.\s?μ\.?)(?!\w))
  | (?P<house>\b\d{1,4}(?![hчgμ])[^\W\d_](?:/\d{1,4})?\b)
  | (?P<code>(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]{4,}|\b[A-Z]{2,4}-?\d{2,}[A-Z]*\b|\d{2}-\d{3}
      |\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b)
  | (?P<flat>\bno\.?\s?(?=\d)|№)
  | (?P<number>\d+)
  | (?P<word>[^\W\d_]+(?:['’`´][^\W\d_]+)*['’]?|[πμap]\.\s?[μm]\.)
  | (?P<yes>[👍👌✅🆗☑✔💯🤝]|(?<!\S)\+(?!\S)) | (?P<no>[👎❌🚫✖⛔])
  | (?P<unit>[€$£%])
  | (?P<emoji>[\U0001F300-\U0001FAFF\u2600-\u27BF])
  | (?P<sign>[?;;!.…\n]+|[,()—–-]|/|&|@)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIGIT_LETTERS = re.compile(r"[a-z]*[34689][a-z]{3,}|[a-z]{2,}[34689][a-z]*")
_CONTRACTED = {
    "n't": "not", "'m": "am", "'re": "are", "'ll": "will", "'ve": "have", "'d": "would",
}  # fmt: skip
_SPELT = {
    "dont": "do not", "cant": "can not", "wont": "will not", "isnt": "is not", "arent": "are not", "didnt": "did not",
    "doesnt": "does not", "wouldnt": "would not", "couldnt": "could not", "shouldnt": "should not", "cannot": "can not",
    "wasnt": "was not", "havent": "have not", "hasnt": "has not", "im": "i am", "ive": "i have", "youre": "you are",
    "were not": "are not", "gonna": "going to", "thats": "that is", "aint": "is not", "dnt": "do not", "cnt": "can not",
    "theyre": "they are", "id": "i would", "itll": "it will",
}  # fmt: skip
_LITERALS = {
    "yes": "YES", "no": "NO", "code": "CODE", "iso": "DATE", "clock": "CLOCK", "hour": "CLOCK", "house": "HOUSE",
    "emoji": ",", "flat": "FLAT", "unit": "UNIT",
}  # fmt: skip
_SIGNS = {"—": "-", "–": "-", "(": ",", ")": ",", "&": "AND", "@": "AT"}
_LONG_NUMBER = 5
_SHORTENED = re.compile(r"\b\w{1,4}\.$")
_PREPOSITIONS = {
    "AT",
    "ON",
    "IN",
    "WITH",
    "OLD",
    "TO",
    "TOWHOM",
    "SAFEPREP",
    "FROM",
    "UNTIL",
    "BEFORE",
    "AFTER",
}
_ACCENTED = {
    "ή": "OR",
    "οπότε": "SO",
    "όποτε": "EVERYDAY",
    "πού": "QUESTION",
    "πότε": "QUESTION",
    "πώς": "QUESTION",
    "ποτέ": "NEG",
}
"""Greek words that only their accent tells apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What `text[start:end]` means. `value` is a clock, days or hours where the meaning is one, else the words
    as they were written; `mended` says that a slip of the writer was put right."""

    meaning: str
    start: int
    end: int
    value: Any = None
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over meanings and what its pieces become; `build` returns None to leave them as they are."""

    pattern: re.Pattern[str]
    meaning: str
    build: Callable[[Sequence[Piece]], Any]


def rule(pattern: str, meaning: str, build: Callable[[Sequence[Piece]], Any]) -> Rule:
    """A rule whose pattern names whole meanings, each followed by one space."""
    return Rule(re.compile(r"(?<!\S)(?:" + pattern + ")"), meaning, build)


def line(pieces: Sequence[Piece]) -> str:
    """The meanings in order, each followed by one space."""
    return "".join(piece.meaning + " " for piece in pieces)


def rewrite(pieces: list[Piece], rules: Sequence[Rule]) -> list[Piece]:
    """Apply the rules one after the other, each to all places it fits, from the left."""
    for one in rules:
        text = line(pieces)
        if one.pattern.search(text) is None:
            continue
        done: list[Piece] = []
        last = 0
        for found in one.pattern.finditer(text):
            first, after = text.count(" ", 0, found.start()), text.count(" ", 0, found.end())
            covered = pieces[first:after]
            value = one.build(covered)
            if value is None:
                continue
            done += pieces[last:first]
            mended = any(piece.mended for piece in covered)
            done.append(Piece(one.meaning, covered[0].start, covered[-1].end, value, mended))
            last = after
        pieces = [*done, *pieces[last:]]
    return pieces


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign as written, folded, with its kind."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str, language: str) -> Iterator[Token]:
    """The words, numbers and signs of a text. English contractions are taken apart: both words have one place."""
    for found in _TOKEN.finditer(text):
        kind, start, end = found.lastgroup or "sign", found.start(), found.end()
        if found[0] == "-" and text[start - 1 : start].isalpha() and text[end : end + 1].isalpha():
            continue
        if kind in {"code", "house"} and language in {"ru", "el"} and _DIGIT_LETTERS.fullmatch(found[0]):
            kind = "word"  # 4etverg, 8urwro
        elif kind == "flat" and language != "en" and found[0] != "№":
            kind = "word"  # Polish and Latin-script Russian say it otherwise
        elif language == "en" and found[0].lower() in {"2morrow", "2moro", "2day", "2nite"}:
            kind = "word"
        if kind != "word":
            yield Token(kind, found[0], start, end)
            continue
        word = fold(found[0]).replace(".", "").replace("`", "'").replace("´", "'").replace(" ", "")
        parts = _apart(word) if language == "en" else [word.replace("'", "") or word]
        yield from (Token(kind, part, start, end) for part in parts)


def _apart(word: str) -> list[str]:
    bare = word.replace("'", "")
    if bare in _SPELT and (bare != "id" or "'" in word):
        return _SPELT[bare].split()
    for tail, meant in _CONTRACTED.items():
        if word.endswith(tail) and len(word) > len(tail):
            return [{"ca": "can", "wo": "will"}.get(word[: -len(tail)], word[: -len(tail)]), meant]
    if word in {"it's", "that's", "he's", "she's", "there's"}:
        return [word[:-2], "is"]
    return [word.removesuffix("'s") if word not in {"where's", "what's", "when's", "o'clock"} else word]


def pieces_of(text: str, words: Vocabulary) -> list[Piece]:
    """The text as pieces, the longest phrases first; unknown words are UNKNOWN."""
    row = list(tokens(text, words.language))
    keys = [_keys(text, one, words) for one in row]
    pieces: list[Piece] = []
    place = 0
    while place < len(row):
        piece, taken = _next(text, row, keys, place, words)
        if keys[place][0] == (PAST,) and pieces and pieces[-1].meaning in _PREPOSITIONS:
            piece = replace(piece, meaning=UNKNOWN)  # a noun that ends like a verb: "у вокзала"
        pieces.append(piece)
        place += taken
    return pieces


def _keys(text: str, token: Token, words: Vocabulary) -> tuple[tuple[str, ...], bool]:
    """The known words a token may be. A name, with a capital inside a sentence, is mended to a day or month only."""
    if token.kind != "word":
        return (), False
    keys, mended = words.keys(token.text)
    before = text[: token.start].rstrip()
    inside = bool(before) and (before[-1] not in ".!?" or _SHORTENED.search(before) is not None)
    name = text[token.start].isupper() and inside and not text[token.start : token.end].isupper()
    if name and keys == (PAST,):
        return (), False
    if mended and name and not all((words.meaning(key) or "")[:2] in {"WD", "MO"} for key in keys):
        return (), False
    return keys, mended


def _next(
    text: str, row: list[Token], keys: list[tuple[tuple[str, ...], bool]], place: int, words: Vocabulary
) -> tuple[Piece, int]:
    token = row[place]
    if token.kind != "word":
        return Piece(_literal(token), token.start, token.end, token.text), 1
    accented = _ACCENTED.get(text[token.start : token.end].lower()) if words.language == "el" else None
    best: tuple[int, str] = (1, accented or UNKNOWN)
    for key in keys[place][0] if not accented else ():
        for phrase in words.begins.get(key, ()):
            length = len(phrase.words)
            better = place + length <= len(row) and (length > best[0] or best[1] == UNKNOWN)
            if better and all(phrase.words[i] in keys[place + i][0] for i in range(length)):
                best = (length, phrase.meaning)
    mended = best[1] != UNKNOWN and any(keys[place + i][1] for i in range(best[0]))
    return Piece(best[1], token.start, row[place + best[0] - 1].end, token.text, mended), best[0]


def _literal(token: Token) -> str:
    """The meaning of what is no word."""
    if token.kind == "number":
        return f"N{int(token.text)}" if len(token.text) < _LONG_NUMBER else "CODE"
    if token.kind == "nth":
        return "TH" + str(re.findall(r"\d+", token.text)[0]).lstrip("0")
    if token.kind == "day":
        return _date_or_clock(token.text)
    return _sign(token.text) if token.kind == "sign" else _LITERALS[token.kind]


def _sign(text: str) -> str:
    """A sign; of several at the end of a sentence the question mark, then the exclamation mark, tells."""
    for mark in "?!":
        if mark in text or (mark == "?" and ";" in text):
            return mark
    return _SIGNS.get(text, "." if text[0] in ".…\n" else text)


def _date_or_clock(text: str) -> str:
    """24.11 and 17.30: the second number tells; 10.12 is a date."""
    numbers = re.findall(r"\d+", text)
    return "CLOCK" if len(numbers) == 2 and "." in text and not 1 <= int(numbers[1]) <= 12 else "DATE"


def heard(pieces: Sequence[Piece]) -> list[Piece]:
    """Without what the grammar does not see, and without the full stops of abbreviations."""
    seen = [piece for piece in pieces if piece.meaning not in UNHEARD]
    return [piece for at, piece in enumerate(seen) if not (piece.meaning == "." and _abbreviates(seen, at))]


def _abbreviates(pieces: Sequence[Piece], at: int) -> bool:
    if at == 0 or at + 1 >= len(pieces) or pieces[at].value != ".":
        return False
    before, after = pieces[at - 1], pieces[at + 1].meaning
    if before.meaning == "OTHERWEEK":
        return after in {"ON", "AT"} or after.startswith("WD")
    return before.end - before.start <= _ABBREVIATION and _ABBREVIATED.fullmatch(before.meaning) is not None
