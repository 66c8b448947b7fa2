"""Conversations: rows of lists, threads with their messages, notes and events, and what is written in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from opieka.channels import queries as channel_queries
from opieka.channels import types as channels
from opieka.channels.types import Channel, DispatchState
from opieka.clocks.types import Basis, Status
from opieka.conversations import types
from opieka.conversations.types import Direction, MessageKind, RelatedWhy, State
from opieka.customers.types import ContactKind
from opieka.kernel.actor import ActorKind
from opieka.rest.fields import CLEAN, Flag, Id, In, LanguageOrNone, Letter, Moment, Out, Title, absent
from opieka.rest.schemas.files import File, FileName


class Clock(Out):
    """A deadline: what for, by promise, law or the shop's own aim, and when."""

    kind: str
    basis: Basis
    status: Status
    starts_at: datetime
    due_at: datetime


class ConversationRow(Out):
    """A conversation as lists show it. `unread` is told for the staff member the list was asked for."""

    id: int
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
    clock: Clock | None

    @classmethod
    def make(cls, row: types.Row) -> Self:
        told = {name: getattr(row, name) for name in cls.model_fields if name != "clock"}
        return cls(**told, clock=Clock.of(row.clock) if row.clock else None)


class Counts(Out):
    """How many conversations the lists of the day hold; 100 stands for that and more."""

    mine: int
    unassigned: int
    open: int
    waiting: int
    snoozed: int


class Party(Out):
    """One side of a message."""

    kind: str
    value: str
    name: str


class Segment(Out):
    """A stretch of a text; joined in order they are the whole text. `folded`: history or signature."""

    text: str
    folded: bool


class Attached(File):
    """A file of a message; `inline` files are shown in its HTML by their `content_id`."""

    content_id: str
    inline: bool


class Delivery(Out):
    """How far an outgoing message has come; until `held_until` it can be taken back."""

    state: DispatchState
    attempts: int
    held_until: datetime | None
    next_try_at: datetime | None
    error: str


class Message(Out):
    """A message of the thread. `raw_sha256` names its source among the files, "" without one; `text_parts` is in how
    many parts one of ours leaves as a text."""

    type: Literal["message"] = "message"
    id: int
    at: datetime
    direction: Direction
    kind: MessageKind
    channel: Channel
    author: str
    author_id: int | None
    sender: Party | None
    to: list[Party]
    cc: list[Party]
    subject: str
    segments: list[Segment]
    has_html: bool
    files: list[Attached]
    sent_at: datetime | None
    delivery: Delivery | None
    withdrawn: bool
    about_id: int | None
    raw_sha256: str
    defects: list[str]
    text_parts: int | None

    @classmethod
    def make(cls, item: types.MessageItem) -> Self:
        nested = {"type", "sender", "to", "cc", "segments", "files", "delivery", "defects", "text_parts"}
        return cls(
            **{name: getattr(item, name) for name in cls.model_fields if name not in nested},
            sender=Party.of(item.sender) if item.sender else None,
            to=[Party.of(party) for party in item.to],
            cc=[Party.of(party) for party in item.cc],
            segments=[Segment.of(segment) for segment in item.segments],
            files=[Attached.of(file) for file in item.files],
            delivery=Delivery.of(item.delivery) if item.delivery else None,
            defects=list(item.defects),
            text_parts=_text_parts(item),
        )


def _text_parts(item: types.MessageItem) -> int | None:
    if item.channel is not Channel.SMS or item.direction is not Direction.OUT:
        return None
    return channel_queries.measured("".join(segment.text for segment in item.segments)).count


class Note(Out):
    """A remark among staff; no customer ever sees it."""

    type: Literal["note"] = "note"
    id: int
    at: datetime
    author: str
    author_id: int | None
    text: str


class Event(Out):
    """Something that happened to the conversation: a fact's kind and fields, and who did it."""

    type: Literal["event"] = "event"
    id: int
    at: datetime
    kind: str
    actor_kind: ActorKind
    actor: str
    data: dict[str, Any]


Item = Annotated[Message | Note | Event, Field(discriminator="type")]


def _item(item: types.Item) -> Message | Note | Event:
    if isinstance(item, types.MessageItem):
        return Message.make(item)
    return Note.of(item) if isinstance(item, types.NoteItem) else Event.of(item)


class Conversation(Out):
    """A conversation with its latest `items`, oldest first; `next` is the cursor of the page before them.

    Asked for by an id that was joined into another one it is that other one.
    """

    id: int
    account_id: int
    channel: Channel
    state: State
    customer_id: int | None
    subject: str
    language: str
    assignee_id: int | None
    assignee: str
    waiting_since: datetime | None
    snoozed_until: datetime | None
    clock: Clock | None
    related_id: int | None
    related_why: RelatedWhy | None
    joined_ids: list[int]
    last_message_id: int
    items: list[Item]
    next: str | None

    @classmethod
    def make(cls, thread: types.Thread, *, earlier: str | None) -> Self:
        nested = {"clock", "joined_ids", "items", "next"}
        return cls(
            **{name: getattr(thread, name) for name in cls.model_fields if name not in nested},
            clock=Clock.of(thread.clock) if thread.clock else None,
            joined_ids=list(thread.joined_ids),
            items=[_item(item) for item in thread.items],
            next=earlier,
        )


class Highlight(Out):
    """A stretch of a found text; `hit` marks what was searched for."""

    text: str
    hit: bool


class Found(Out):
    """A conversation found, and the passage that fits best."""

    conversation: ConversationRow
    message_id: int | None
    passage: list[Highlight]

    @classmethod
    def make(cls, found: types.Found) -> Self:
        return cls(
            conversation=ConversationRow.make(found.row),
            message_id=found.message_id,
            passage=[Highlight.of(stretch) for stretch in found.passage],
        )


class SearchPage(Out):
    """What was found, newest first: one page. `read_as` maps words nobody ever wrote to those looked for."""

    items: list[Found]
    next: str | None
    read_as: dict[str, list[str]]


class PartyIn(In):
    """Whom a message goes to."""

    kind: ContactKind = ContactKind.EMAIL
    value: Annotated[str, Field(min_length=1, max_length=320, pattern=CLEAN)]
    name: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""

    def party(self) -> channels.Party:
        """As the channels take it."""
        return channels.Party(self.kind, self.value, self.name)


Parties = Annotated[tuple[PartyIn, ...], Field(max_length=50)]


class Writing(In):
    """What is written, and the stored files that go with it."""

    text: Letter
    files: Annotated[tuple[FileName, ...], Field(max_length=50)] = ()
    cc: Parties = ()
    resolve: Flag = False


class NewReply(Writing):
    """An answer. Without `to` it goes to whom the last message calls for, or to where she is reached by another
    `channel` that is chosen. What came after `seen_message_id` is
    pointed out by a 409 (`colleague_answered`, `customer_wrote`) unless it is sent `anyway`."""

    to: Parties = ()
    channel: Channel | None = None
    seen_message_id: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] = 0
    anyway: Flag = False


class NewConversation(Writing):
    """A conversation the shop begins: from which mailbox or number, to whom, about what. Texts have no subject."""

    mailbox_id: Id
    to: PartyIn
    subject: Title = ""
    language: LanguageOrNone = ""


class Draft(Out):
    """An answer taken back, to be written on."""

    text: str
    to: list[Party]
    cc: list[Party]
    files: list[File]
    seen_message_id: int

    @classmethod
    def make(cls, draft: types.Draft) -> Self:
        return cls(
            text=draft.text,
            to=[Party.of(party) for party in draft.to],
            cc=[Party.of(party) for party in draft.cc],
            files=[File.of(file) for file in draft.files],
            seen_message_id=draft.seen_message_id,
        )


class NewNote(In):
    """A remark for colleagues."""

    text: Annotated[Letter, Field(min_length=1)]


class Made(Out):
    """What was made, by its id."""

    id: int


class ConversationChange(In):
    """Whose conversation it is: `assignee_id` of the team (null for nobody's), `customer_id` of the people."""

    assignee_id: Id | None = None
    customer_id: Id = absent()


class Snooze(In):
    """Until when it is put away, unless the customer writes before."""

    until: Moment


class Read(In):
    """Who has read it, and up to which message."""

    staff_id: Id
    message_id: Id


class NewJoin(In):
    """Which other conversation is the same one."""

    other_id: Id
