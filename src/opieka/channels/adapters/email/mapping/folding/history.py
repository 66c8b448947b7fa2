"""Which lines are history: by quote marks, by mark-up, or below an attribution or a block of headers."""

from __future__ import annotations

from opieka.channels.adapters.email.mapping.folding import signature
from opieka.channels.adapters.email.mapping.folding.attribution import attribution
from opieka.channels.adapters.email.mapping.folding.headers import (
    generic_block,
    header_block,
    rules_before,
    separator,
)
from opieka.channels.adapters.email.mapping.folding.lines import MAX_LINES, Hint, Line, is_rule, next_filled
from opieka.channels.adapters.email.mapping.folding.types import Kind


def classify(lines: list[Line], *, forwards: bool = False) -> list[Kind]:
    """The kind of every line. A mail of which nothing would be left is new as a whole.

    `forwards`: the subject says that a message is passed on; then the first whole message below is content.
    """
    lines, rest = lines[:MAX_LINES], len(lines) - MAX_LINES
    reader = _Reader(lines, forwards)
    reader.read()
    kinds = reader.kinds
    _close_gaps(lines, kinds)
    signature.mark(lines, kinds, reader.end)
    if not any(
        kind is Kind.NEW and (line.text or line.picture) for kind, line in zip(kinds, lines, strict=True)
    ):
        kinds = [Kind.NEW] * len(lines)
    return kinds + kinds[-1:] * rest


class _Reader:
    """One pass from top to bottom."""

    def __init__(self, lines: list[Line], forwards: bool) -> None:
        self.lines = lines
        self.forwards = forwards
        self.kinds = [Kind.NEW] * len(lines)
        self.end = len(lines)
        """Where a forwarded message begins: it is content, whatever it quotes."""
        self._anchored = False

    def read(self) -> None:
        at = 0
        while at < self.end:
            at = self._step(at)

    def _step(self, at: int) -> int:
        """Judge the line, and perhaps some after it; the next line to judge."""
        line = self.lines[at]
        if line.hint is Hint.SIGNATURE:
            self.kinds[at] = Kind.SIGNATURE
            return at + 1
        if line.blank and not line.depth and line.hint is Hint.NONE:
            return at + 1
        if self._passes_on(at):
            self.end = at
            return at
        if line.hint is Hint.START or (line.depth and not self._anchored and self._headed(at)):
            return self._start(at)
        if line.hint is Hint.HISTORY or (line.depth and (self._anchored or not line.soft)):
            self._anchored = True
            return self._fold(at, at + 1)
        return self._boundary(at, separator(line))

    def _passes_on(self, at: int) -> bool:
        """Whether a message begins here that is forwarded: not one that the writer answers."""
        line, kind = self.lines[at], separator(self.lines[at])
        if kind == "forward":
            return not self._anchored or (not line.depth and line.hint is not Hint.HISTORY)
        if self._anchored or not self.forwards:
            return False
        return kind == "original" or line.hint is Hint.START or header_block(self.lines, at) is not None

    def _headed(self, at: int) -> bool:
        """Whether only the headers of a whole message have quote marks, and its text below has none (abv.bg)."""
        stop = (
            header_block(self.lines, at + 1)
            if separator(self.lines[at]) and at + 1 < len(self.lines)
            else None
        )
        if stop is None or (following := next_filled(self.lines, stop)) == len(self.lines):
            return False
        return not any(line.depth for line in self.lines[following:])

    def _boundary(self, at: int, kind: str | None) -> int:
        stop = at + 1 if kind == "original" else self._announcement(at)
        if stop is None:
            return at + 1
        self._anchored = True
        self._fold(rules_before(self.lines, at), stop)
        following = next_filled(self.lines, stop)
        if following < len(self.lines) and self._quoted(following, self.lines[at]):
            return self._fold_pipes(following)
        return self._fold(stop, self._region(at))

    def _announcement(self, at: int) -> int | None:
        """The line after an attribution or header block at `at`, None if there is none."""
        if self.lines[at].hint is Hint.ATTRIBUTION:
            return self._hinted(at)
        stop = attribution(self.lines, at) or header_block(self.lines, at)
        if stop is None and at > 0 and is_rule(self.lines[at - 1]):
            stop = generic_block(self.lines, at)
        return stop

    def _hinted(self, at: int) -> int:
        while at < len(self.lines) and self.lines[at].hint is Hint.ATTRIBUTION:
            at += 1
        return at

    def _quoted(self, following: int, announcement: Line) -> bool:
        line = self.lines[following]
        return line.depth > announcement.depth or line.hint is Hint.HISTORY or line.text.startswith("|")

    def _fold_pipes(self, at: int) -> int:
        while at < len(self.lines) and self.lines[at].text.startswith("|"):
            at = self._fold(at, at + 1)
        return at

    def _start(self, at: int) -> int:
        """The mail program marked the beginning of the history."""
        self._anchored = True
        return self._fold(rules_before(self.lines, at), len(self.lines))

    def _region(self, at: int) -> int:
        """Where history without quote marks ends: with its element or container, else with the mail."""
        lines, depth, stop = self.lines, self.lines[at].depth, at
        limit = lines[at].until or len(lines)
        while stop < limit and (not depth or lines[stop].depth >= depth or lines[stop].blank):
            stop += 1
        return stop

    def _fold(self, start: int, stop: int) -> int:
        self.kinds[start:stop] = [Kind.QUOTE] * (stop - start)
        return stop


def _close_gaps(lines: list[Line], kinds: list[Kind]) -> None:
    """Blank lines go with the line above; the broken end of a quoted link goes with its quote."""
    for at in range(1, len(lines)):
        if lines[at].blank and lines[at].hint is Hint.NONE:
            if kinds[at] is Kind.NEW and kinds[at - 1] is Kind.QUOTE:
                kinds[at] = Kind.QUOTE
        elif kinds[at] is Kind.NEW and kinds[at - 1] is Kind.QUOTE and _ends_link(lines, kinds, at):
            kinds[at] = Kind.QUOTE


def _ends_link(lines: list[Line], kinds: list[Kind], at: int) -> bool:
    """Whether a line between two quoted ones is the rest of a link that a program broke."""
    if at + 1 >= len(lines) or kinds[at + 1] is not Kind.QUOTE:
        return False
    text, above = lines[at].text.rstrip("> "), lines[at - 1].text
    if text.startswith(("(http", "<http")) and text.endswith(")") and " " not in text:
        return True
    opened = max(above.rfind("(http"), above.rfind("<http"))
    return (
        opened >= 0 and not {")", ">"} & set(above[opened:]) and text.endswith((")", ">")) and " " not in text
    )
