"""What is announced about conversations. The subject of each is "conversation:<id>"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class ConversationErased(Fact):
    """What was said in it is gone: its customer was erased, or what nobody may keep was too old."""

    stage: ClassVar = Stage.STAY
    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class OriginalsForgotten(Fact):
    """Messages need their raw sources no more. Hashes of the bytes."""

    stage: ClassVar = Stage.STAY
    sha256s: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(Fact):
    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact):
    """`message_kind` is a value of MessageKind: only `person` was written by one."""

    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    message_id: int
    channel: str
    message_kind: str


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    """A message was handed to its channel; it can still be taken back for some seconds."""

    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    message_id: int
    channel: str
    message_kind: str


@dataclass(frozen=True, kw_only=True)
class MessageWithdrawn(Fact):
    """Taken back before it left."""

    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """It did not arrive; `delivery` is failed or bounced."""

    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    message_id: int
    delivery: str


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Fact):
    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    note_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationAssigned(Fact):
    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    staff_id: int | None
    previous_id: int | None


@dataclass(frozen=True, kw_only=True)
class ConversationResolved(Fact):
    stage: ClassVar = Stage.RESOLVE
    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(Fact):
    """`because` is the Step that opened it again: receive, reopen, wake or fail."""

    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    because: str


@dataclass(frozen=True, kw_only=True)
class ConversationSnoozed(Fact):
    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    until: str


@dataclass(frozen=True, kw_only=True)
class ConversationMarkedSpam(Fact):
    stage: ClassVar = Stage.RESOLVE
    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationMoved(Fact):
    """It belongs to another customer than was thought."""

    stage: ClassVar = Stage.RESOLVE
    conversation_id: int
    from_customer_id: int | None
    to_customer_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationsJoined(Fact):
    """Two were one; the loser's messages are in the winner now."""

    stage: ClassVar = Stage.RESOLVE
    join_id: int
    winner_id: int
    loser_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationsParted(Fact):
    """A join was undone."""

    stage: ClassVar = Stage.RESOLVE
    join_id: int
    winner_id: int
    loser_id: int
