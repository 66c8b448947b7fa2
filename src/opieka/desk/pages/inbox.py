"""The inbox: the list, the open conversation, its composer and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from opieka.desk.pages.parts import Act, Balance, Chip, Choice, Clock, Empty, Link, Person, Strip, Tone, When


@dataclass(frozen=True)
class ViewTab:
    """A view of the inbox. The first two stand in the open, the others in the menu beside them."""

    key: str
    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Row:
    """One conversation in the list (`components/rows.html`). `words` is its subject, else its first words."""

    id: int
    href: str
    channel: str
    channel_label: str
    name: str
    when: When
    words: str
    preview: str = ""
    unread: bool = False
    current: bool = False
    clock: Clock | None = None
    assignee: Person | None = None
    shop: str = ""
    failed: bool = False


@dataclass(frozen=True)
class RowList:
    """`desk/_list.html`: the left pane. `href` is its own address with all filters, for refreshing it.

    `note` says how a search was understood, `compose` leads to writing first. `waiting` and `aside` are for the
    rail, when the list is fetched alone.
    """

    title: str
    href: str
    tabs: tuple[ViewTab, ...]
    rows: tuple[Row, ...]
    empty: Empty
    query: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    shops: tuple[Choice, ...] = ()
    older: str | None = None
    note: str = ""
    compose: str = ""
    waiting: int | None = None
    aside: int | None = None


@dataclass(frozen=True)
class DayBreak:
    shape: ClassVar[str] = "day"
    when: When


@dataclass(frozen=True)
class SystemLine:
    """One grey line: something that happened beside the talking ("Parcel delayed, new date Fri")."""

    shape: ClassVar[str] = "system"
    icon: str
    text: str
    when: When
    href: str = ""
    tone: Tone = Tone.PLAIN
    undo: Act | None = None


@dataclass(frozen=True)
class Attachment:
    """`thumbnail` is the address of a small picture, empty when there is none to show."""

    name: str
    href: str
    size: str
    icon: str
    thumbnail: str = ""


@dataclass(frozen=True)
class Delivery:
    """How far our message has come. `kind`: sending, sent, delivered, read or failed.

    While it is "sending", `until` (ISO) is when it leaves and `undo` takes it back; a failed one says why in
    `reason` and offers `retry`.
    """

    kind: str
    text: str
    exact: str = ""
    until: str = ""
    undo: Act | None = None
    retry: Act | None = None
    reason: str = ""


@dataclass(frozen=True)
class Words:
    """A stretch of a message; `folded` ones (quoted history, a signature) open on a click."""

    html: Markup
    folded: bool = False


@dataclass(frozen=True)
class Message:
    """`desk/_message.html`. `words` joined are all that was written.

    With `looks` the mail is shown as it was sent, from that address, in a frame of its own, with `pictures` from
    elsewhere or without; `switch` changes between the two. `remote_images` loads what the frame leaves out.
    """

    shape: ClassVar[str] = "message"
    id: int
    author: Person
    when: When
    words: tuple[Words, ...]
    channel: str
    channel_label: str
    looks: str = ""
    pictures: bool = False
    switch: Act | None = None
    attachments: tuple[Attachment, ...] = ()
    remote_images: Act | None = None
    delivery: Delivery | None = None
    route: str = ""
    source: str = ""
    language: str = ""
    chip: Chip | None = None


@dataclass(frozen=True)
class Note:
    shape: ClassVar[str] = "note"
    id: int
    author: Person
    when: When
    body: Markup
    attachments: tuple[Attachment, ...] = ()


Item = DayBreak | SystemLine | Message | Note


@dataclass(frozen=True)
class ChannelChoice:
    """A way to answer. `limit` is how many parts it is sent in at most, None when it is not sent in parts."""

    value: str
    label: str
    icon: str
    address: str
    limit: int | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Trouble:
    """`desk/_trouble.html`: why something was not sent. `anyway` sends it all the same ("send" or "resolve")."""

    text: str
    anyway: str = ""


@dataclass(frozen=True)
class Macro:
    """A saved answer: `href` answers with its text, filled in for the open conversation."""

    name: str
    hint: str
    href: str


@dataclass(frozen=True)
class Composer:
    """`desk/_composer.html`: posted to `action`: mode (reply or note), channel, language, text, files, then.

    `then` is "resolve" when the conversation is to be resolved with the reply. `draft_key` names the draft
    kept in the browser. Without `channels` only notes can be written, and `blocked` says why. `key` makes
    sending twice the same as once, `seen` is the newest message its writer has seen. `macros` answers with
    `desk/_macros.html`.
    """

    action: str
    draft_key: str
    channels: tuple[ChannelChoice, ...]
    languages: tuple[Choice, ...]
    max_bytes: int
    max_text: str
    key: str
    seen: int
    macros: str = ""
    text: str = ""
    mode: str = "reply"
    trouble: Trouble | None = None
    blocked: str = ""


@dataclass(frozen=True)
class Picker:
    """A menu of which one is chosen by posting `name=value` to `url`."""

    url: str
    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ContactPointLine:
    icon: str
    kind: str
    text: str
    href: str = ""
    chip: Chip | None = None


@dataclass(frozen=True)
class OrderCard:
    """An order beside the conversation: what, how much, how far. `warning` says why it will probably be late."""

    number: str
    href: str
    total: str
    when: When
    what: str
    strip: Strip
    chip: Chip | None = None
    links: tuple[Link, ...] = ()
    warning: str = ""


@dataclass(frozen=True)
class CaseLine:
    """A case and its most pressing clock."""

    title: str
    href: str
    chip: Chip
    clock: Clock | None = None


@dataclass(frozen=True)
class TimelineEntry:
    """One touchpoint as a sentence."""

    icon: str
    text: str
    when: When
    href: str = ""
    detail: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class ConversationLine:
    title: str
    href: str
    channel: str
    when: When
    chip: Chip


@dataclass(frozen=True)
class Candidate:
    """A person who may be the same. `why` says what they share; `distinct` that they are two."""

    person: Person
    href: str
    why: str
    merge: Act
    distinct: Act | None = None


@dataclass(frozen=True)
class Beside:
    """`desk/_beside.html`: who she is, what she has, what happened."""

    person: Person
    href: str
    refresh: str
    live: str
    since: str
    language: str
    contact_points: tuple[ContactPointLine, ...]
    orders: tuple[OrderCard, ...]
    timeline: tuple[TimelineEntry, ...]
    balance: Balance | None = None
    cases: tuple[CaseLine, ...] = ()
    conversations: tuple[ConversationLine, ...] = ()
    suspects: tuple[Candidate, ...] = ()
    orders_more: Link | None = None


@dataclass(frozen=True)
class Conversation:
    """`desk/_conversation.html`: the open conversation with its composer and what stands beside it.

    `items_url` answers with `desk/_items.html`, the thread alone, and `head_url` with `desk/_head.html`, what
    stands above it. `earlier` is the address of what came before the first item, to be put in front of it.
    Without `beside` that is fetched from `beside_url` once the thread is on screen. `more` are the acts seldom needed,
    `related` leads to the conversation this one continues or seems to belong to. `may_act`: her role lets her
    do more than read. `composer` is None where only the head is asked for.
    """

    id: int
    title: str
    channel: str
    channel_label: str
    person: Person
    status: Chip
    back: str
    items_url: str
    head_url: str
    beside_url: str
    items: tuple[Item, ...]
    composer: Composer | None
    assign: Picker
    snooze: Picker
    finish: Act
    customer_href: str = ""
    beside: Beside | None = None
    more: tuple[Act, ...] = ()
    ways: tuple[Link, ...] = ()
    clock: Clock | None = None
    shop: str = ""
    earlier: str = ""
    related: Link | None = None
    may_act: bool = True


@dataclass(frozen=True)
class InboxPage:
    """`desk/inbox.html`, for the inbox and for one conversation.

    Without `list` that is fetched from `list_url` once the conversation is on screen.
    """

    title: str
    list: RowList | None
    open: Conversation | None
    nothing_open: Empty
    list_url: str = ""
