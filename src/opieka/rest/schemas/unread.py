"""What came in and could not be read."""

from __future__ import annotations

from datetime import datetime

from opieka.rest.fields import Out


class Unread(Out):
    """Something that came in (`source`: mail, provider-mail, provider-events, orders or tracking) to a mailbox or a
    connection (`owner_id`), why it could not be read, and when that is tried again by itself (null: never)."""

    id: int
    source: str
    owner_id: int
    topic: str
    received_at: datetime
    tries: int
    next_try_at: datetime | None
    error: str


class ReadAgain(Out):
    """How many are being read again. What fails once more comes back to the list."""

    count: int
