"""The words of the transport: what a received mail is once it has been read."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    person wrote.
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
    """What the mail service has told of a message it took, in the order of `policy.delivery.heard`."""

    NOTHING = ""
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
    UNEXPECTED = "unexpected"


class Receiving(StrEnum):
    """How mail comes to an account."""

    NONE = "none"
    IMAP = "imap"
    SMTP = "smtp"
    WEBHOOK = "webhook"


class Sending(StrEnum):
    """How mail leaves an account."""

    NONE = "none"
    SMTP = "smtp"
    PROVIDER = "provider"
    CONSOLE = "console"
    MEMORY = "memory"


class Security(StrEnum):
    """How a connection to a mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True)
class OAuth:
    """How to get access tokens where passwords are not taken (Gmail, Microsoft 365); `scope` may be empty."""

    token_url: str
    client_id: str
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""


@dataclass(frozen=True)
class Server:
    """A mail server and how to log in there; without `user` nobody logs in, with `oauth` no password is used."""

    host: str
    port: int
    security: Security = Security.TLS
    user: str = ""
    password: str = ""
    oauth: OAuth | None = None


@dataclass(frozen=True)
class AccountDetails:
    """Everything about a mailbox of a shop. Stored encrypted where it holds secrets.

    `folders` are read by IMAP, with what is in them already when `history`. `provider` is a key of
    `adapters.anymail.mapping.PROVIDERS`; `options` are its keys and secrets for both directions.
    `plus_addressing`: mail to `name+anything@host` arrives too, so answers carry a signed reply address.
    """

    address: str
    name: str
    receiving: Receiving = Receiving.NONE
    sending: Sending = Sending.NONE
    plus_addressing: bool = False
    imap: Server | None = None
    folders: tuple[str, ...] = ("INBOX",)
    history: bool = True
    smtp: Server | None = None
    provider: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProviderCard:
    """A service that mails for shops. `keys` are what an owner copies from its console, `hook_keys` those for
    what comes in; `regions` it can be asked in besides its first one."""

    name: str
    title: str
    keys: tuple[str, ...]
    hook_keys: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class AccountCard:
    """A mailbox as others see it. The troubles are None while all is well; `token` names it in webhooks."""

    id: int
    shop_id: int
    address: str
    name: str
    receiving: Receiving
    sending: Sending
    plus_addressing: bool
    provider: str
    token: str
    active: bool
    changed_at: datetime
    receive_trouble: Trouble | None
    receive_detail: str
    received_at: datetime | None
    send_trouble: Trouble | None
    send_detail: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A stored file: what its bytes are (sniffed, not claimed) and the bytes."""

    sha256: str
    content_type: str
    size: int
    data: bytes


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
