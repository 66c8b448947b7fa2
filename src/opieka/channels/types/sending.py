"""What becomes of a message on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DispatchState(StrEnum):
    """How far an outgoing message has come. `held` is the time in which it can be taken back."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class Reported(StrEnum):
    """What the provider has told of a message it took, in the order of `policy.delivery.heard`.

    `unknown`: in a word we do not know, which stands in the delivery's error.
    """

    NOTHING = ""
    UNKNOWN = "unknown"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    OPENED = "opened"
    COMPLAINED = "complained"


class Trouble(StrEnum):
    """Why an account cannot receive or send, or a message did not arrive; `queries.sentence` explains it."""

    SETTINGS = "settings"
    UNKNOWN_HOST = "unknown_host"
    BLOCKED_HOST = "blocked_host"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    LOGIN = "login"
    FOLDER = "folder"
    BUSY = "busy"
    REFUSED_SENDER = "refused_sender"
    REFUSED_RECIPIENT = "refused_recipient"
    REFUSED_MESSAGE = "refused_message"
    TOO_LARGE = "too_large"
    NOT_ASCII = "not_ascii"
    IN_DOUBT = "in_doubt"
    BOUNCED = "bounced"
    UNSURE = "unsure"
    STOPPED = "stopped"
    OVERDUE = "overdue"
    CREDIT = "credit"
    UNKNOWN_WORD = "unknown_word"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery state of one message, for whoever shows it. `error` is a sentence for staff."""

    dispatch_id: int
    message: str
    message_id: str
    state: DispatchState
    attempts: int
    held_until: datetime | None
    next_try_at: datetime | None
    error: str
    reported: Reported
