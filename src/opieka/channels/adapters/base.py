"""What every way of sending offers, and what it may say when it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from opieka.channels.types import Trouble


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do. Without `keeps_message_id` answers refer to an id of the provider's making.

    `repeatable`: the same message may be sent again when nobody knows whether it was taken, because the
    recipient or the provider knows it by its id.
    """

    keeps_message_id: bool
    max_bytes: int
    repeatable: bool = True


@dataclass(frozen=True)
class Letter:
    """A complete message and its envelope. Sending it again sends the very same bytes.

    `raw` is as RFC 5322 has it, of an SMS its text in UTF-8. `report_url` is where the provider may tell what
    became of it; `in_doubt_since` the first attempt, when nobody knows whether the last one succeeded.
    """

    raw: bytes
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    report_url: str = ""
    in_doubt_since: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """One recipient that was not served; `permanent` when trying again is of no use."""

    permanent: bool
    status: str
    detail: str


@dataclass(frozen=True)
class Receipt:
    """The message was taken for all recipients but the refused. `provider_id` is "" where ours is kept."""

    provider_id: str = ""
    refused: Mapping[str, Refusal] = field(default_factory=dict)


class ChannelError(Exception):
    """It did not work. `detail` is what the other side said, for staff.

    `permanent`: trying again is of no use. `in_doubt`: the message may have been taken all the same.
    """

    def __init__(
        self, trouble: Trouble, detail: str = "", *, permanent: bool = False, in_doubt: bool = False
    ) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, detail[:1000]
        self.permanent, self.in_doubt = permanent, in_doubt


class Sender(Protocol):
    """One way of sending."""

    @property
    def capabilities(self) -> Capabilities: ...

    def send(self, letter: Letter) -> Receipt:
        """Hand the letter over; ChannelError when it was taken for nobody."""

    def check(self) -> None:
        """Reach the other side and log in, send nothing; ChannelError."""
