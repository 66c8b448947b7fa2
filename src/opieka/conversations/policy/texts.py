"""What of a text is new, what is folded, what a list shows of it, and filling in saved answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from opieka.conversations.types import Segment

PREVIEW = 160
PLACEHOLDERS = frozenset(
    {"customer.name", "customer.first_name", "order.number", "agent.name", "agent.first_name", "shop.name"}
)
_REPLY = re.compile(
    r"^(?:\s*(?:re|odp|odpowiedź|aw|sv|ответ|на|απ|απάντηση|σχετ)(?:\[\d+\])?\s*:)+", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+(?:\.[a-z_]+)*)\s*\}\}")


def folds(text: str, reply: str) -> list[int] | None:
    """The folded stretches of `text` as flat [start, end, ...], given what of it is new.

    None when `reply` is not made of lines of `text` in their order. Nothing is folded when nothing is new:
    a mail that only forwards is read for what it forwards.
    """
    wanted = [line.strip() for line in reply.splitlines() if line.strip()]
    found: list[int] = []
    at = place = 0
    folded = False
    for line in text.splitlines(keepends=True):
        here = line.strip()
        if here:
            new = place < len(wanted) and here == wanted[place]
            place += new
            if new == folded:
                found.append(at)
                folded = not new
        at += len(line)
    if place < len(wanted):
        return None
    if not wanted:
        return []
    return [*found, len(text)] if folded else found


def segments(text: str, folded: Sequence[int], reply: str) -> tuple[Segment, ...]:
    """A text in stretches which joined are the whole; a `reply` kept apart comes first, the text folded."""
    if reply:
        return Segment(reply, folded=False), Segment(text, folded=True)
    cuts = [0, *folded, len(text)]
    made = (Segment(text[start:end], folded=bool(n % 2)) for n, (start, end) in enumerate(pairwise(cuts)))
    return tuple(segment for segment in made if segment.text)


def new_text(text: str, folded: Sequence[int], reply: str) -> str:
    """What the writer has added."""
    return "".join(segment.text for segment in segments(text, folded, reply) if not segment.folded)


def preview(text: str) -> str:
    """The first words, on one line."""
    return " ".join(text[: 4 * PREVIEW].split())[:PREVIEW]


def telling(subject: str, new: str) -> str:
    """The words that tell the writer's language: of an answer only what is new, the subject is not hers."""
    return new if _REPLY.match(subject) else f"{subject}\n{new}"


def reply_subject(subject: str) -> str:
    """The subject of an answer: one mark of it, whatever the language of those it has."""
    bare = _REPLY.sub("", subject).strip()
    return f"Re: {bare}" if bare else subject


@dataclass(frozen=True)
class Filled:
    """A saved answer with its placeholders filled in, and those nobody could fill in."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values for placeholders such as {{ customer.first_name }}; one without a value stays as it is."""
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        if not value:
            missing[found[1]] = None
        return value or found[0]

    return Filled(_PLACEHOLDER.sub(put, text), tuple(missing))


def first_name(name: str) -> str:
    """How somebody is addressed: the first word of her name, "" when it is an address or a number."""
    word = name.rsplit(",", maxsplit=1)[-1].split(maxsplit=1)[0] if name.strip(" ,") else ""
    return word if word and not any(sign.isdigit() or sign == "@" for sign in word) else ""


def placeholders(text: str) -> frozenset[str]:
    """The placeholders a saved answer uses."""
    return frozenset(_PLACEHOLDER.findall(text))
