"""What a customer texts about her delivery, understood by rules: docs/algorithms/understanding.md.

text -> pieces with meanings -> days, hours, places -> what is said, clause by clause -> one answer
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from opieka.deliveries.policy.understanding import hours
from opieka.deliveries.policy.understanding.days import Calendar
from opieka.deliveries.policy.understanding.deciding import UNCLEAR, decide
from opieka.deliveries.policy.understanding.pieces import (
    UNKNOWN,
    Piece,
    Rule,
    heard,
    pieces_of,
    rewrite,
    rule,
)
from opieka.deliveries.policy.understanding.places import Finder
from opieka.deliveries.policy.understanding.vocabulary import LANGUAGES, vocabulary
from opieka.deliveries.policy.understanding.wishes import listen
from opieka.deliveries.types import Understood

__all__ = ["LANGUAGES", "is_thanks", "understand"]

_TWO_IN_ONE = {
    "THANKSFOR": ("THANKS", "BECAUSE"),
    "AT1": ("AT", "N1"),
    "TONIGHT": ("REL0", "EVENING"),
    "AFFIRM": ("YES", ",", "YES", "AFFIRMED"),
}
_HELD = {"HOLDFOR": ("HOLD", "D"), "MOVED": ("MOVE", "D")}
""""Keep it three days": the deed and its day."""
_TIME_FOLLOWS = (
    r"(?=(?:AT |ON |THIS |OCLOCK )*(?:N\d|TH\d|WD\d|DATE|CLOCK|REL\d|XMAS|NY|OTHERWEEK|WEEKEND|NOON))"
)
_MEANT = (
    rule(r"(?:AFTER |ABOUT )?N\d+ (?:TIMESN|UNIT) ", "LIFE", lambda _: True),
    rule(r"(?:ORD|WD\d|TH\d+|N\d+|AGAIN) TIMESN ", "AGAIN", lambda _: True),
    rule(r"VAGUETIME (?:ON |IN |AT |THIS |COMING )*WEEK ", "OTHERDAY", lambda _: True),
    rule(r"UNIT N\d+ ", "LIFE", lambda _: True),
    rule(r"AMAT (?:WITH|ON|IN|AT) (?:x|LIFE) ", "ABSENT", lambda _: True),
    rule(r"AMAT ", "PRESENT", lambda _: True),
    rule(r"NEG SEND (?:THIS )?ORDERN (?=[.,!]|$)", "NOTWANT", lambda _: True),
    rule(r"NEG WANT (?:THIS )?(?:PARCEL|ORDERN) ", "NOTWANT", lambda _: True),
    rule(r"NEG (?:BRING )?(?:PARCEL )?BEFORE ", "FROM", lambda _: True),
    rule(rf"NEG (?:BRING|SEND) (?:PARCEL |ORDERN )?(?:BEFORE|UNTIL) {_TIME_FOLLOWS}", "FROM", lambda _: True),
    rule(r"NEG (?:BRING )?(?:PARCEL )?AFTER ", "UNTIL", lambda _: True),
)
LONGEST = 600
LEAST_KNOWN = 0.3
_FOREIGN = re.compile(r"\b[a-zà-ž]*[řěůčšžýèçñäößìòùâêîôûãõ][a-zà-ž]*\b|\b[а-яіїєґў]*[іїєґў][а-яіїєґў]*\b")
"""Words, not names, with letters that none of our languages has."""
_OURS = re.compile(r"[ąćęłńśźżα-ωа-я]")
_SIGNS = {".", ",", "?", "-", "/"}
_KIND = {"THANKS", "HELLO", "PLEASE", "YES", "SORRY", "AND", ".", ",", "!", "-"}


def understand(text: str, *, language: str, at: datetime) -> Understood:
    """What she wants. `language` (pl, ru, el, en) is the one she is written to in; days count from `at`, her local
    time. Never raises on any text."""
    text = "№".join(unicodedata.normalize("NFKC", part) for part in text.split("№"))[:LONGEST]
    chosen, pieces = _read(text, language)
    if _FOREIGN.search(text) or (_known(pieces) < LEAST_KNOWN and not _OURS.search(text)):
        return UNCLEAR
    finder = Finder(text)
    pieces = finder.people(finder.addresses(heard(pieces)))
    pieces = rewrite(_apart(pieces, _TWO_IN_ONE), (*_MEANT, *_calendar(at.date())))
    pieces = hours.tell_halves(rewrite(pieces, hours.CLOCKS))
    pieces = rewrite(pieces, hours.SPANS)
    found = decide(listen(_apart(pieces, _HELD), finder))
    mended = sum(piece.mended for piece in pieces)
    return replace(
        found, confidence=round(found.confidence * 0.97**mended * (1 if chosen == language else 0.95), 2)
    )


def is_thanks(text: str, *, language: str) -> bool:
    """Whether somebody thanks and says nothing else: no person has to read it."""
    _chosen, pieces = _read(unicodedata.normalize("NFKC", text)[:LONGEST], language)
    meanings = {piece.meaning for piece in pieces}
    return "THANKS" in meanings and meanings <= _KIND


def _apart(pieces: list[Piece], apart: Mapping[str, tuple[str, ...]]) -> list[Piece]:
    """With pieces that mean several things in a row taken apart."""
    return [
        replace(piece, meaning=meaning)
        for piece in pieces
        for meaning in apart.get(piece.meaning, (piece.meaning,))
    ]


@lru_cache(maxsize=64)
def _calendar(today: date) -> tuple[Rule, ...]:
    return Calendar(today).rules()


def _read(text: str, language: str) -> tuple[str, list[Piece]]:
    """The text in the language that knows most of its words, the expected one in doubt."""
    best = (language, pieces_of(text, vocabulary(language)))
    score = _known(best[1])
    for other in LANGUAGES if score < 0.75 else ():
        if other != language:
            pieces = pieces_of(text, vocabulary(other))
            if _known(pieces) > score + 0.25:
                best, score = (other, pieces), _known(pieces)
    return best


def _known(pieces: list[Piece]) -> float:
    """The share of words that are known, counted by their letters; mended ones count little."""
    words = [piece for piece in pieces if piece.meaning not in _SIGNS]
    letters = sum(piece.end - piece.start for piece in words)
    good = sum(
        (piece.end - piece.start) * (0.6 if piece.mended else 1)
        for piece in words
        if piece.meaning != UNKNOWN
    )
    return good / letters if letters else 1.0
