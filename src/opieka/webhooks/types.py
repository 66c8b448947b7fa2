"""The words others may use about outgoing webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands. GAVE_UP: the last attempt of the table failed; only a replay goes on."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    GAVE_UP = "gave_up"


class Step(StrEnum):
    """What happens to a delivery."""

    CLAIM = "claim"
    SUCCEED = "succeed"
    FAIL = "fail"
    GIVE_UP = "give_up"
    REPLAY = "replay"


class AttemptTrouble(StrEnum):
    """Why an attempt failed."""

    ANSWER = "answer"
    REDIRECT = "redirect"
    GONE = "gone"
    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    TOO_LARGE = "too_large"
    LOST = "lost"
    UNREADABLE = "unreadable"


class DisabledBecause(StrEnum):
    """Why an endpoint is disabled: by a person, by its own answer 410, or after failing for days."""

    ASKED = "asked"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True)
class Target:
    """Where webhooks go and of what; no `kinds` means every fact."""

    url: str
    description: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class EndpointCard:
    """An endpoint as shown. `waiting` and `lost` count its deliveries that are open and given up;
    `old_secret_until` is the end of the time in which the secret before this one is valid too."""

    id: int
    shop_id: int
    url: str
    description: str
    kinds: tuple[str, ...]
    active: bool
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_because: DisabledBecause | None
    resting_until: datetime | None
    old_secret_until: datetime | None
    waiting: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Attempt:
    """One attempt: when, how long it took, and what was answered. `status` 0: nothing was."""

    number: int
    at: datetime
    milliseconds: int
    status: int
    trouble: AttemptTrouble | None = None
    excerpt: str = ""


@dataclass(frozen=True)
class DeliveryCard:
    """A delivery as shown. A test has no touchpoint."""

    id: int
    endpoint_id: int
    touchpoint_id: int | None
    message_id: str
    kind: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    status: int
    trouble: AttemptTrouble | None
    created_at: datetime
    log: tuple[Attempt, ...] = field(default=())


@dataclass(frozen=True)
class Work:
    """One claimed attempt: what to post where. `secrets` are the valid ones, the newest first."""

    delivery_id: int
    endpoint_id: int
    attempt: int
    url: str
    message_id: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt; `wait` are the seconds its answer asks to be left alone."""

    attempt: Attempt
    wait: float | None = None
