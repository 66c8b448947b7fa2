"""The words others may use about conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from opieka.channels.types import Channel, CleanHtml, Delivery, MessageFile, Party
from opieka.clocks.types import ClockCard
from opieka.kernel.actor import ActorKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


FIRST_RESPONSE = "first_response"
"""The kind of the clock that runs until a person answers for the first time."""


class State(StrEnum):
    """What a conversation asks of the desk."""

    OPEN = "open"  # somebody must act
    WAITING = "waiting"  # we have answered; it is the customer's turn
    SNOOZED = "snoozed"  # comes back at a time
    RESOLVED = "resolved"
    SPAM = "spam"


UNRESOLVED = (State.OPEN, State.WAITING, State.SNOOZED)


class Step(StrEnum):
    """What can happen to a conversation's state."""

    RECEIVE = "receive"
    ANSWER = "answer"
    FAIL = "fail"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    WAKE = "wake"
    MARK_SPAM = "mark_spam"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class MessageKind(StrEnum):
    """Who or what wrote it. Only `person` reopens a conversation, starts a clock or may be answered."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    UNREADABLE = "unreadable"


class View(StrEnum):
    """The lists of the inbox."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    SPAM = "spam"
    ALL = "all"


class RelatedWhy(StrEnum):
    """Why a conversation points to another one."""

    REFERENCE = "reference"  # it refers to a mail of that one, but its sender took no part there
    CONTINUES = "continues"  # that one was resolved too long ago to be reopened


@dataclass(frozen=True)
class InboxPreferences:
    """A shop's preferences. Days after which a resolved conversation is not reopened (0: always reopened);
    business minutes to the first answer (0: no target); months for which mails are kept as they came and went,
    and for which the texts of spam and of what no person wrote are (0: as long as their customers)."""

    key: ClassVar[str] = "conversations"
    reopen_days: int = 30
    first_response_minutes: int = 240
    keep_sources_months: int = 0
    keep_spam_months: int = 0


@dataclass(frozen=True)
class Draft:
    """What somebody is about to send.

    `to` and `cc` empty: whoever the last message calls for, or who the customer is on another `channel` that is
    chosen. `seen_message_id` is the newest message the
    writer has seen; what came after it is pointed out unless `anyway`. `resolve`: and that settles it.
    """

    text: str
    html: str = ""
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    channel: Channel | None = None
    files: tuple[MessageFile, ...] = ()
    seen_message_id: int = 0
    anyway: bool = False
    resolve: bool = False


@dataclass(frozen=True)
class Opening:
    """A conversation the shop begins: from which account, to whom, about what."""

    shop_id: int
    account_id: int
    to: Party
    subject: str
    language: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A message whose raw bytes we hold but could not read. `reason` is a code."""

    shop_id: int
    account_id: int
    channel: Channel
    external_id: str
    received_at: datetime
    raw_sha256: str
    size: int
    filename: str
    content_type: str
    reason: str


@dataclass(frozen=True)
class Filters:
    """What narrows a list; None leaves it as wide as it was."""

    channel: Channel | None = None
    language: str | None = None
    assignee_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a page of a list ended; the next one goes on after it. Text form `microseconds-id`."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """The inverse of `str`; ValueError."""
        microseconds, row_id = (int(part) for part in text.split("-"))
        try:
            return cls(_EPOCH + microseconds * _MICROSECOND, row_id)
        except OverflowError as error:
            raise ValueError(text) from error


@dataclass(frozen=True)
class Row:
    """One conversation in a list."""

    id: int
    shop_id: int
    channel: Channel
    state: State
    customer_id: int | None
    customer: str
    subject: str
    preview: str
    preview_direction: Direction
    language: str
    assignee_id: int | None
    assignee: str
    last_message_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    message_count: int
    has_files: bool
    unread: bool
    clock: ClockCard | None


@dataclass(frozen=True)
class Page:
    """A page of a list; `next` is the place to go on from, None at the end."""

    rows: tuple[Row, ...]
    next: Place | None


@dataclass(frozen=True)
class Segment:
    """A stretch of a text; joined in order they are the whole text. `folded` is shown on request."""

    text: str
    folded: bool


@dataclass(frozen=True)
class MessageItem:
    """A message in a thread."""

    id: int
    at: datetime
    direction: Direction
    kind: MessageKind
    channel: Channel
    author: str
    author_id: int | None
    sender: Party | None
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    subject: str
    segments: tuple[Segment, ...]
    has_html: bool
    files: tuple[MessageFile, ...]
    sent_at: datetime | None
    delivery: Delivery | None
    withdrawn: bool
    about_id: int | None
    raw_sha256: str
    defects: tuple[str, ...]


@dataclass(frozen=True)
class Original:
    """A message as it was sent: its HTML made safe to show (None without), and its raw bytes' hash."""

    conversation_id: int
    shop_id: int
    html: CleanHtml | None
    raw_sha256: str
    item: MessageItem


@dataclass(frozen=True)
class NoteItem:
    """An internal remark in a thread."""

    id: int
    at: datetime
    author: str
    author_id: int | None
    text: str


@dataclass(frozen=True)
class EventItem:
    """A fact in a thread: its kind and data, for a surface to put into words; `actor` is a person's name."""

    id: int
    at: datetime
    kind: str
    actor_kind: ActorKind
    actor: str
    data: Mapping[str, object] = field(default_factory=dict)


Item = MessageItem | NoteItem | EventItem


@dataclass(frozen=True)
class Thread:
    """A conversation with what was said, noted and done, oldest first.

    `items` are the latest; `earlier` is the message id to ask before for older ones, None when all are here.
    `team`: who can answer here, names by ids.
    """

    id: int
    shop_id: int
    account_id: int
    channel: Channel
    state: State
    customer_id: int | None
    subject: str
    language: str
    assignee_id: int | None
    assignee: str
    team: Mapping[int, str]
    waiting_since: datetime | None
    snoozed_until: datetime | None
    clock: ClockCard | None
    related_id: int | None
    related_why: RelatedWhy | None
    joined_ids: tuple[int, ...]
    last_message_id: int
    items: tuple[Item, ...]
    earlier: int | None


@dataclass(frozen=True)
class Gist:
    """A conversation in the fewest words: whose it is and what about."""

    id: int
    shop_id: int
    customer_id: int | None
    channel: Channel
    state: State
    subject: str
    preview: str
    last_message_at: datetime


@dataclass(frozen=True)
class Highlight:
    """A stretch of a found text; `hit` marks what was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Found:
    """One conversation found: its row and the passage that fits best."""

    row: Row
    message_id: int | None
    passage: tuple[Highlight, ...]


@dataclass(frozen=True)
class SearchResult:
    """What was found, newest first. `read_as` maps words nobody ever wrote to those looked for instead."""

    found: tuple[Found, ...]
    read_as: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class MacroCard:
    """A saved answer; `texts` by language code, with placeholders such as {{ customer.first_name }}."""

    id: int
    shop_id: int
    name: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class MacroPreview:
    """A saved answer filled in for one conversation; `missing` placeholders are left visible in the text."""

    text: str
    language: str
    missing: tuple[str, ...]
