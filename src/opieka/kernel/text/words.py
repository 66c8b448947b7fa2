"""Cut a text into words, numbers, codes and addresses, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from opieka.kernel.text.fold import fold

# Marks and invisible signs (soft hyphen, joiners) may stand inside a word.
_RUN = r"[^\W_][\w\u0300-\u036f\u00ad\u200b-\u200d\u2060]*"
_EMAIL = r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?<![-_])"
_NUMBER = r"\+\d{7,15}|\+?\(?\d{1,4}\)?(?:[ \u00a0.-]?[ \u00a0(.-]\d{2,4}\)?){2,9}"
# Every repetition is bounded or starts at a boundary: no text makes this slower than linear.
_TOKEN = re.compile(
    rf"(?<![\w.+%-]){_EMAIL}|(?=[+(\d])(?<![\w.])(?:{_NUMBER})(?!\w)|{_RUN}(?:[-./&'’]{_RUN})*"
)
_ONE_NUMBER = re.compile(_NUMBER)
_CONNECTOR = re.compile(r"[-._/&]")
_PIECE = re.compile(r"\d+|[^\W\d_]+")


class Kind(StrEnum):
    """What a token is: a CODE has digits in it, a COMPOUND is words joined by signs."""

    WORD = "word"
    COMPOUND = "compound"
    CODE = "code"
    NUMBER = "number"
    EMAIL = "email"


class Token(NamedTuple):
    """A word of a text, `text[start:end]`, as it was written."""

    text: str
    start: int
    end: int

    @property
    def kind(self) -> Kind:
        if self.text.isalpha():
            return Kind.WORD
        if "@" in self.text:
            return Kind.EMAIL
        if _ONE_NUMBER.fullmatch(self.text):
            return Kind.NUMBER
        if any(map(str.isdigit, self.text)):
            return Kind.CODE
        return Kind.COMPOUND if _CONNECTOR.search(self.text) else Kind.WORD

    @property
    def whole(self) -> str:
        """Folded, in one piece: `1001-PL` is 1001pl, `e-mail` is email, `+48 600 123 456` its digits."""
        folded = fold(self.text)
        if self.kind is Kind.EMAIL:
            return folded
        if self.kind is Kind.NUMBER:
            return "".join(filter(str.isdigit, folded))
        return "".join(filter(str.isalnum, folded.removesuffix("'s")))

    @property
    def parts(self) -> list[str]:
        """Folded, what people may look for instead: `1001-PL` gives 1001 and pl, `AB1001` ab and 1001."""
        if self.kind is Kind.WORD:
            return []
        folded = fold(self.text)
        if self.kind in {Kind.EMAIL, Kind.NUMBER}:
            return [part for part in re.split(r"[\W_]+", folded) if part]
        return [part for run in _CONNECTOR.split(folded) for part in _pieces(run)]


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; never raises, linear in the text."""
    for found in _TOKEN.finditer(text):
        yield Token(found[0], found.start(), found.end())


def words(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    return _TOKEN.findall(text)


def _pieces(run: str) -> list[str]:
    """A run of a code, with its letters and digits apart unless they alternate too often to be read so."""
    pieces = _PIECE.findall(run)
    whole = "".join(pieces)
    apart = [piece for piece in pieces if len(piece) > 1] if 1 < len(pieces) <= 3 else []
    return [piece for piece in (whole, *apart) if piece]
