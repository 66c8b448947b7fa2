"""What the shop tells a customer by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from opieka.channels.types import Channel
from opieka.customers.types import Purpose


@dataclass(frozen=True)
class Way:
    """A channel that leads from the shop to a person: the accounts that send there, her addresses; the best first."""

    channel: Channel
    account_ids: Sequence[int]
    addresses: Sequence[str]


class Outcome(StrEnum):
    """What became of telling a customer something."""

    TOLD = "told"
    UNREACHABLE = "unreachable"  # no account of the shop's leads to a contact point of hers
    DECLINED = "declined"  # she does not want it by any way that leads to her
    LOOP = "loop"  # it would answer a program, or spam
    LATE = "late"  # by every way that leads to her it would leave when it is not so any more


@dataclass(frozen=True)
class Notice:
    """Something the shop tells a customer by itself.

    `channel` None: the one she last wrote by, or else her best. `about` ("order:17") keeps what is told of
    one thing in one conversation. `answers` is the id of a message of hers that this answers, in its
    conversation and on its channel. `language` "" is hers. Purposes but SERVICE need her consent. `short` says
    the same where every character costs ("": as `text`). What is `urgent` does not wait for the morning; by a way
    that would let it leave later than `not_after` it is not told, and what waits longer is not sent.
    """

    shop_id: int
    customer_id: int
    subject: str
    text: str
    language: str = ""
    channel: Channel | None = None
    about: str = ""
    answers: int | None = None
    purpose: Purpose = Purpose.SERVICE
    short: str = ""
    urgent: bool = False
    not_after: datetime | None = None


@dataclass(frozen=True)
class Told:
    """What became of a notice; where and how it was told, if it was."""

    outcome: Outcome
    message_id: int | None = None
    conversation_id: int | None = None
    channel: Channel | None = None


@dataclass(frozen=True)
class Reply:
    """What a person wrote, without what she quotes. `led`: the last who wrote to her is a person of the shop."""

    message_id: int
    conversation_id: int
    customer_id: int
    channel: Channel
    text: str
    at: datetime
    led: bool


@dataclass(frozen=True)
class TextPreferences:
    """A shop's preferences for texts that no person wrote: in the quiet hours (minutes after midnight of the
    shop's clock, alike for none) only urgent ones leave."""

    key: ClassVar[str] = "conversations.texts"
    quiet_from: int = 21 * 60
    quiet_until: int = 8 * 60
