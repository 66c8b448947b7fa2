"""What is announced about customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class CustomerMet(Fact):
    """Somebody was seen for the first time."""

    stage: ClassVar = Stage.NEED


@dataclass(frozen=True, kw_only=True)
class ContactPointAdded(Fact):
    stage: ClassVar = Stage.STAY
    contact_kind: str


@dataclass(frozen=True, kw_only=True)
class ContactPointFailed(Fact):
    """A message to it came back; `reach` is soft or hard."""

    stage: ClassVar = Stage.RESOLVE
    contact_kind: str
    reach: str


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact):
    stage: ClassVar = Stage.STAY
    merge_id: int
    winner_id: int
    loser_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(Fact):
    stage: ClassVar = Stage.STAY
    merge_id: int
    winner_id: int
    loser_id: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    """She said yes to one purpose on one channel; `source` is how, `wording` the version she said it to."""

    stage: ClassVar = Stage.STAY
    purpose: str
    channel: str
    source: str
    wording: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """She said no, or no more."""

    stage: ClassVar = Stage.STAY
    purpose: str
    channel: str
    source: str
    wording: str


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Fact):
    """Her data was erased at her request; once for each shop of the operator. `customer_ids` are all ids she had.

    Whoever keeps something of hers forgets it, programs outside included.
    """

    stage: ClassVar = Stage.STAY
    erasure_id: int
    customer_ids: tuple[int, ...]
    received_before: str


@dataclass(frozen=True, kw_only=True)
class ExportRequested(Fact):
    """Somebody asked for a copy of all her data."""

    stage: ClassVar = Stage.STAY
    export_id: int


@dataclass(frozen=True, kw_only=True)
class ExportReady(Fact):
    """The copy can be fetched, for a while."""

    stage: ClassVar = Stage.STAY
    export_id: int
