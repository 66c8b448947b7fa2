"""The words of the intake."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Where a payload came from, and so how it is read."""

    MAIL = "mail"
    PROVIDER_MAIL = "provider-mail"
    PROVIDER_EVENTS = "provider-events"
    ORDERS = "orders"
    TRACKING = "tracking"
    TEXTS = "texts"
    TEXT_REPORTS = "text-reports"


FETCHED = frozenset({Source.PROVIDER_MAIL, Source.PROVIDER_EVENTS})
"""Sources whose reading may ask the provider for more: one job each, because no transaction may wait for that."""


class State(StrEnum):
    """How far a payload is. `failed` is shown to people, and tried again; `partial` waits for its other parts."""

    WAITING = "waiting"
    PARTIAL = "partial"
    FETCHING = "fetching"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class NewPayload:
    """What came in. Without `external_id` the hash of the bytes is taken."""

    shop_id: int
    source: Source
    owner_id: int
    raw: bytes
    content_type: str = "message/rfc822"
    external_id: str = ""
    headers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A payload as read back."""

    id: int
    shop_id: int
    source: Source
    owner_id: int
    external_id: str
    sha256: str
    content_type: str
    raw: bytes
    headers: dict[str, Any]
    received_at: datetime
    attempts: int


@dataclass(frozen=True)
class Aside:
    """A payload that could not be read, as people are told of it. `topic` is the sender's word for what it is."""

    id: int
    shop_id: int
    source: Source
    owner_id: int
    topic: str
    sha256: str
    received_at: datetime
    tries: int
    next_try_at: datetime | None
    error: str


PAUSES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
"""After which a failed payload is tried again: a mended program may read what the old one could not."""

PART_PATIENCE = timedelta(minutes=3)
"""How long the parts of a longer text wait for each other."""

SUSPICIOUS, HOPELESS = 2, 5
"""Attempts that ended with the death of the process: such a payload is tried alone, and then no more."""
