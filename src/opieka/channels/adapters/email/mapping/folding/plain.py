"""Folding plain text."""

from __future__ import annotations

import re
from itertools import groupby

from opieka.channels.adapters.email.mapping.folding.attribution import inside
from opieka.channels.adapters.email.mapping.folding.history import classify
from opieka.channels.adapters.email.mapping.folding.lines import (
    MAX_LINES,
    MAX_WIDTH,
    Line,
    take_marks,
    visible,
)
from opieka.channels.adapters.email.mapping.folding.types import Folded, Segment

_PHYSICAL = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def fold(text: str, *, forwards: bool = False) -> Folded:
    """Tell what is new in a plain text from history and signatures. Linear in its length.

    `forwards`: the subject says that a message is passed on, so the one below is content.
    """
    pieces, rest = _pieces(text)
    if not pieces:
        return Folded(())
    lines = _lines(pieces)
    kinds = classify(lines, forwards=forwards)
    if rest:
        pieces.append(rest)
        kinds.append(kinds[-1])
    parts = zip(kinds, pieces, strict=True)
    return Folded(
        tuple(
            Segment(kind, "".join(piece for _, piece in run))
            for kind, run in groupby(parts, key=lambda p: p[0])
        )
    )


def _pieces(text: str) -> tuple[list[str], str]:
    """The physical lines with their ends, and what lies beyond the lines that are looked at."""
    pieces: list[str] = []
    for found in _PHYSICAL.finditer(text):
        if len(pieces) >= MAX_LINES:
            return pieces, text[found.start() :]
        piece = found.group()
        at = inside(piece[:MAX_WIDTH].rstrip()) if "wrote" in piece else None
        if at is None:
            pieces.append(piece)
        else:
            pieces += [piece[:at], piece[at:]]
    return pieces, ""


def _lines(pieces: list[str]) -> list[Line]:
    lines = [Line(visible(piece)) for piece in pieces]
    take_marks(lines)
    return lines
