"""What is announced about the transport of messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class FilesReleased(Fact):
    """Somebody needs these stored files no more; what nobody needs is dropped. Hashes of their bytes."""

    stage: ClassVar = Stage.STAY
    sha256s: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MessageDispatched(Fact):
    """A relay or provider has taken the message; `message` is e.g. "message:99"."""

    stage: ClassVar = Stage.RESOLVE
    dispatch_id: int
    message: str


@dataclass(frozen=True, kw_only=True)
class DispatchDelayed(Fact):
    """The first attempt did not succeed; it is being repeated. `trouble` is a code."""

    stage: ClassVar = Stage.RESOLVE
    dispatch_id: int
    message: str
    trouble: str


@dataclass(frozen=True, kw_only=True)
class DispatchFailed(Fact):
    """The message was given up: a person must look. `trouble` is a code."""

    stage: ClassVar = Stage.RESOLVE
    dispatch_id: int
    message: str
    trouble: str


@dataclass(frozen=True, kw_only=True)
class DispatchBounced(Fact):
    """The message came back; `bounce_kind` is hard or soft, `status` as in RFC 3463."""

    stage: ClassVar = Stage.RESOLVE
    dispatch_id: int
    message: str
    bounce_kind: str
    status: str


@dataclass(frozen=True, kw_only=True)
class DispatchReported(Fact):
    """The mail service told more of a message it took: `reported` is deferred, delivered, opened or complained."""

    stage: ClassVar = Stage.RESOLVE
    dispatch_id: int
    message: str
    reported: str
