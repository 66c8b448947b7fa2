"""How the shop tells a customer something by itself: by which way, in which conversation, and what is not answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from opieka.channels.types import Channel
from opieka.conversations.types import MessageKind, Outcome, Way

MOST_ANSWERS = 10
WINDOW = timedelta(hours=1)
"""After so many automatic messages within this time no other one answers: whoever talks so much is a program too."""


def best(ways: Sequence[Way], *, wanted: Channel | None, last: Channel | None) -> Way | None:
    """The way to take: the wanted channel or none; else the one she last wrote by; else the first."""
    if wanted is not None:
        return next((way for way in ways if way.channel is wanted), None)
    return next((way for way in ways if way.channel is last), ways[0] if ways else None)


def why_not(*, allowed: bool, reached: bool) -> Outcome:
    """Why nobody was told: no way leads to her, she allows none, or by those she allows it would come too late."""
    if allowed:
        return Outcome.LATE
    return Outcome.DECLINED if reached else Outcome.UNREACHABLE


def is_loop(answered: MessageKind, lately: int) -> bool:
    """Whether an answer would go to a program: it says that it is one, or the talk has no end."""
    return answered is not MessageKind.PERSON or lately >= MOST_ANSWERS


def account(way: Way, *, usual: int) -> int:
    """The account to write from: the one the conversation goes by, if it sends on this channel."""
    return usual if usual in way.account_ids else way.account_ids[0]


def address(way: Way, *, wrote_from: Collection[str]) -> str:
    """The address to write to: the one she wrote from, if it works."""
    return next((known for known in way.addresses if known in wrote_from), way.addresses[0])
