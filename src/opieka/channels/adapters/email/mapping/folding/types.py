"""The words of reply folding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of a mail is to the person who reads the conversation."""

    NEW = "new"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text of one kind, exactly as it stood in the mail."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A plain text in segments; joined, their texts are the input, character for character."""

    segments: tuple[Segment, ...]

    @property
    def reply(self) -> str:
        """What is new: neither history nor signature, without outer blank lines."""
        return "".join(s.text for s in self.segments if s.kind is Kind.NEW).strip()

    @property
    def quoted(self) -> str:
        """Everything that is folded away, history and signatures, in the order of the mail."""
        return "".join(s.text for s in self.segments if s.kind is not Kind.NEW).strip()


@dataclass(frozen=True, slots=True)
class FoldedHtml:
    """An HTML mail as two balanced fragments which together hold all its visible text.

    Not sanitised: styles, classes and links are those of the sender.
    """

    reply_html: str
    quoted_html: str
    reply: str
    quoted: str
