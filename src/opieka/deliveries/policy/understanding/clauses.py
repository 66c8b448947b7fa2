"""A text taken apart into clauses, and which of them ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from opieka.deliveries.policy.understanding.pieces import Piece

COURTESIES = {
    "AFFIRMED",
    "THANKS",
    "HELLO",
    "PLEASE",
    "ANGRY",
    "YES",
    "NO",
    "AND",
    "BUT",
    "COURIER",
    "PARCEL",
}
_SILENT_BEFORE_QUESTION = COURTESIES | {"SORRY"}
_BESIDE_QUESTION = {"ABOUT", "FROM", "UNTIL", "ON", "AT", "AFTER", "IF", "IFOUT", "ABSENT", "NOANSWER"}
""""And if I am out, what then?" asks."""


@dataclass(frozen=True)
class Clause:
    """A part of a sentence up to a comma or `but`; `asked`: it asks us something."""

    pieces: tuple[Piece, ...]
    asked: bool
    exclaimed: bool = False

    @property
    def meanings(self) -> list[str]:
        return [one.meaning for one in self.pieces]

    @property
    def told_in_order(self) -> list[str]:
        """What it says, in order."""
        return [one for one in self.meanings if one not in COURTESIES]

    @property
    def told(self) -> set[str]:
        """What it says, without courtesies."""
        return set(self.meanings) - COURTESIES


def clauses(pieces: Sequence[Piece]) -> Iterator[Clause]:
    """The clauses of a text."""
    sentence: list[Piece] = []
    for piece in [*pieces, Piece(".", 0, 0)]:
        if piece.meaning in {".", "?", "!"}:
            yield from _parts(sentence, piece.meaning)
            sentence = []
        else:
            sentence.append(piece)


def _parts(sentence: list[Piece], mark: str) -> Iterator[Clause]:
    parts: list[list[Piece]] = [[]]
    for at, piece in enumerate(sentence):
        after = sentence[at + 1].meaning if at + 1 < len(sentence) else ""
        if piece.meaning == "WHY":  # Greek γιατί: why, and because
            begins = not any(parts[-1]) and len(parts) == 1
            parts.append([replace(piece, meaning="QUESTION" if begins else "BECAUSE")])
        elif piece.meaning in {",", "-", "/"}:
            if after not in {"FLAT", "FLATNO", "FLOOR"}:
                parts.append([])
        elif piece.meaning in {"BUT", "SO", "BECAUSE", "CORRECT"}:
            parts.append([piece])
        else:
            parts[-1].append(piece)
    parts = [one for one in parts if one]
    begun = False
    meanings = {piece.meaning for piece in sentence}
    marked = mark == "?" and ("CANYOU" not in meanings or bool(meanings & {"QUESTION", "MATTER", "TAKE"}))
    tag = marked and bool(parts) and {piece.meaning for piece in parts[-1]} <= {"YES", "NO", "NEG"}
    for number, one in enumerate(parts):
        asked = tag or _asks(one, first=not begun, marked=marked and number == len(parts) - 1)
        yield Clause(
            tuple(one), asked and (mark != "!" or "QASK" in meanings), exclaimed=asked and mark == "!"
        )
        begun = begun or bool({piece.meaning for piece in one} - _SILENT_BEFORE_QUESTION)


def _asks(part: list[Piece], *, first: bool, marked: bool) -> bool:
    """A question mark, a question word that opens the sentence, or a phrase that only asks; but not what asks us to do
    something."""
    meanings = [one.meaning for one in part if one.meaning not in _SILENT_BEFORE_QUESTION]
    if not meanings:
        return False
    if marked and ("CANYOU", "TAKE") in pairwise(meanings):
        return True  # "can my neighbour take it?" does not ask us to do anything
    if marked and "MAYONE" in meanings:
        return True
    if "QASK" in meanings:
        return "MAYBE" not in meanings[: meanings.index("QASK")]  # "I do not know yet whether"
    asking = next((one for one in meanings if one not in _BESIDE_QUESTION), "")
    return marked or (first and asking in {"QUESTION", "QSTART"})
