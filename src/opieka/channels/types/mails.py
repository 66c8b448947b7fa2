"""What a received mail is once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. Either side may be empty: `From: Jan` has a name and no email."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is kept as a file; `data` is free of its transfer encoding.

    `inline` says that the mail meant it to be seen inside its body: it is marked so, or the HTML refers to
    it by `content_id`. Only the references in `CleanHtml.content_ids` are really on screen.
    """

    filename: str | None
    content_type: str
    size: int
    md5: str
    sha256: str
    content_id: str | None
    inline: bool
    data: bytes


class BounceKind(StrEnum):
    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that could not be delivered: for good (5.x.x) or for now (4.x.x).

    `original_id` is the Message-ID of the mail that came back, when the report quotes it.
    """

    kind: BounceKind
    status: str
    recipient: str | None
    original_id: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A received mail, read. Ids are without angle brackets; `date` is UTC; newlines in texts are `\\n`.

    `text` is what a person reads; `html` is the body as sent, decoded but not cleaned. `reply_text` is what
    is new, `quoted_text` the folded rest. `auto_reply` is true for vacation notes, receipts and delivery
    reports; `automatic` also for every other mail no person wrote (newsletters, lists, notifications).
    `loop_mark` is what our own outgoing mail carries in LOOP_HEADER. `defects` are codes, for the curious.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    subject: str = ""
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    text: str = ""
    html: str | None = None
    reply_text: str = ""
    quoted_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    auto_reply: bool = False
    automatic: bool = False
    list_id: str | None = None
    loop_mark: str | None = None
    bounce: Bounce | None = None
    defects: tuple[str, ...] = ()


LOOP_HEADER = "X-Opieka-Loop"


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that is safe to show. Remote images carry `data-remote-src`, not `src`, until someone asks."""

    html: str
    remote_images: int
    content_ids: frozenset[str]
