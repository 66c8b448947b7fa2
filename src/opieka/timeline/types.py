"""The words others may use about the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from opieka.kernel.actor import Actor
from opieka.kernel.facts import Fact


@dataclass(frozen=True)
class Entry:
    """One touchpoint as read back. `subject` names the row it is about, e.g. "conversation:17"."""

    id: int
    shop_id: int
    customer_id: int | None
    subject: str
    fact: Fact
    by: Actor
    at: datetime


@dataclass(frozen=True)
class NewTouchpoint:
    """One touchpoint to be recorded."""

    fact: Fact
    shop_id: int
    customer_id: int | None
    subject: str
    by: Actor
    at: datetime | None = None


@dataclass(frozen=True, order=True)
class Position:
    """A place in the log that a reader can go on from and miss nothing.

    All rows written by transactions before `low` are read, and of those from `low` to below `high` the ones
    up to id `last_id`. The text form `low-high-last_id` is what a browser sends back as `Last-Event-ID`.
    """

    low: int
    high: int
    last_id: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}-{self.last_id}"

    @classmethod
    def parse(cls, text: str) -> Position:
        """The inverse of `str`; ValueError."""
        low, high, last_id = (int(part) for part in text.split("-"))
        return cls(low, high, last_id)


@dataclass(frozen=True)
class Pulse:
    """What surrounds a page: the place in the log it was made at, and how much is set aside."""

    place: Position
    failures: int
