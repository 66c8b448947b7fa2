"""Messages that come in and go out, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opieka.channels.types.mails import Bounce


class Channel(StrEnum):
    """The ways a message travels."""

    EMAIL = "email"
    CHAT = "chat"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    TELEGRAM = "telegram"
    VIBER = "viber"
    PHONE = "phone"
    PORTAL = "portal"
    CONSOLE = "console"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a message: a way to reach it and the name it goes by ("" when unknown).

    `kind` is a value of `customers.types.ContactKind`; `value` is as it came, not normalised.
    """

    kind: str
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MessageFile:
    """A stored file as one message carries it; the bytes are under `sha256` (`queries.file`)."""

    sha256: str
    filename: str
    content_type: str
    size: int
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in, whatever the channel.

    `external_id` is the Message-ID (no angle brackets) or the provider's id; when there is none, `sha256:`
    and the hash of the raw bytes: unique per shop, the same however often the message is fed.
    `own_thread` is what our own signed reply address or Message-ID names ("conversation:17"), verified; or
    "". `references` are Message-IDs, nearest first: In-Reply-To, then References from its end.
    `html` is as sent, not cleaned. `reply_text` is what is new, `quoted_text` the folded rest, `text` all.
    `automatic`: no person wrote it and nothing automatic may answer it. `bulk`: a list or newsletter.
    `received_at` is when we took it, `sent_at` what its writer claims.
    """

    shop_id: int
    account_id: int
    channel: Channel
    external_id: str
    sender: Party | None
    received_at: datetime
    raw_sha256: str
    own_thread: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    html: str | None = None
    reply_text: str = ""
    quoted_text: str = ""
    files: tuple[MessageFile, ...] = ()
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    reply_to: tuple[Party, ...] = ()
    sent_at: datetime | None = None
    automatic: bool = False
    bulk: bool = False
    bounce: Bounce | None = None
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent.

    `thread` ("conversation:17") is signed into Message-ID and reply address and comes back as
    `Incoming.own_thread`; `message` ("message:99") is whose delivery state this is. `references` are
    Message-IDs of the thread, oldest first; `in_reply_to` is the one answered. `automatic` marks what no
    person wrote. `not_before`: it waits until then; what has not left by `not_after` does not leave any more.
    """

    shop_id: int
    account_id: int
    customer_id: int | None
    thread: str
    message: str
    to: tuple[Party, ...]
    subject: str
    text: str
    cc: tuple[Party, ...] = ()
    html: str = ""
    files: tuple[MessageFile, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    language: str = ""
    automatic: bool = False
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A stored file: what its bytes are (sniffed, not claimed) and the bytes."""

    sha256: str
    content_type: str
    size: int
    data: bytes


class Alphabet(StrEnum):
    """In what the characters of a text are sent: 7 bits each, or 16 when one of them needs it."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs as SMS: `units` of its alphabet in `count` parts; `left` fit without one more."""

    alphabet: Alphabet
    units: int
    count: int
    left: int
