"""What is announced about parcels: each once per parcel and meaning, however often it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class ParcelFact(Fact, abstract=True):
    """Of one parcel; `order_id` is None while nobody knows whose it is. `carrier` is our code of it, `leg` one of
    types.Leg: what a customer sends back is no delivery to her.

    A report may come late: the fact is then dated in the past, and the parcel itself has gone on.
    """

    stage: ClassVar = Stage.DELIVER
    parcel_id: int
    order_id: int | None
    carrier: str
    leg: str = "outbound"


@dataclass(frozen=True, kw_only=True)
class ParcelAnnounced(ParcelFact):
    """The carrier expects it, but does not have it yet."""


@dataclass(frozen=True, kw_only=True)
class ParcelShipped(ParcelFact):
    """The carrier has it. `promised_to` is the last moment promised to the customer."""

    promised_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelOutForDelivery(ParcelFact):
    """On the van; told again only after a failed attempt: `attempt` counts from 1."""

    attempt: int = 1


@dataclass(frozen=True, kw_only=True)
class ParcelReadyForCollection(ParcelFact):
    """At a point or locker until `collect_by`."""

    collect_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelAttemptFailed(ParcelFact):
    """Nobody took it. `reason` is a code of types.Reason, `attempt` counts from 1."""

    reason: str = ""
    attempt: int = 1


@dataclass(frozen=True, kw_only=True)
class ParcelDelayExpected(ParcelFact):
    """It will probably be late: `probability` 0 to 1, the expected window, and `why` as a code."""

    probability: float
    expected_from: datetime | None = None
    expected_to: datetime | None = None
    promised_to: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class ParcelLate(ParcelFact):
    """The promise has passed and it is not there."""

    promised_to: datetime


@dataclass(frozen=True, kw_only=True)
class ParcelStale(ParcelFact):
    """No news since `last_at`, longer than this carrier is ever silent at that stage."""

    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class ParcelLost(ParcelFact):
    """The carrier says so, or, when `presumed`, nothing was heard for so long that it must be taken as lost."""

    presumed: bool = False


@dataclass(frozen=True, kw_only=True)
class ParcelNotLost(ParcelFact):
    """It was taken as lost by mistake and stands again where its carrier says."""


@dataclass(frozen=True, kw_only=True)
class ParcelDamaged(ParcelFact):
    """The carrier reports damage."""


@dataclass(frozen=True, kw_only=True)
class ParcelHeld(ParcelFact):
    """It does not go on until somebody acts. `reason` is a code of types.Reason."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ParcelDelivered(ParcelFact):
    """In somebody's hands: `handed_to` is a code of types.HandedTo; `late_days` after the promise, 0 when in time."""

    handed_to: str = "unknown"
    late_days: int = 0
    first_attempt: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelReturning(ParcelFact):
    """It goes back to the sender. `reason` is a code of types.Reason."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ParcelReturned(ParcelFact):
    """The shop has it again."""


@dataclass(frozen=True, kw_only=True)
class ParcelCancelled(ParcelFact):
    """It will not be sent."""


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Fact):
    """The customer was told a date or slot. `source` says by whom: shop, carrier, agent, customer."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    promised_from: datetime | None
    promised_to: datetime
    source: str
    earlier: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PromiseTakenBack(Fact):
    """A date was told by mistake; the one told before, `earlier`, counts again, or none."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    promised_to: datetime
    earlier: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrderDelayExpected(Fact):
    """An order will probably be late of which no carrier has anything yet; as ParcelDelayExpected. Of one promise only
    one of the two is told."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    probability: float
    expected_from: datetime | None = None
    expected_to: datetime | None = None
    promised_to: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class HandOverOverdue(Fact):
    """The warehouse has not handed an order over in time: the carrier still waits for `waiting` parcels or senders."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    due_at: datetime
    waiting: int = 1


@dataclass(frozen=True, kw_only=True)
class OrderPartlyDelivered(Fact):
    """Some of an order's parcels are there, `missing` are not, and the promise has passed."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
    delivered: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class ChoiceFact(ParcelFact, abstract=True):
    """Of a decision about a parcel: `choice` is a code of types.ChoiceKind, `day` the one it names."""

    choice_id: int
    choice: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class DeliveryChosen(ChoiceFact):
    """The customer has decided something; `by_hand`: a person at the shop has to arrange it."""

    by_hand: bool


@dataclass(frozen=True, kw_only=True)
class ChoiceConfirmed(ChoiceFact):
    """It is arranged. A confirmed day is promised from now on."""


@dataclass(frozen=True, kw_only=True)
class ChoiceRefused(ChoiceFact):
    """It cannot be done. `reason` is a code of types.Refusal."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ChoiceDropped(ChoiceFact):
    """It does not count any more: `why` is withdrawn, or overtaken by another one or by the parcel itself."""

    why: str


@dataclass(frozen=True, kw_only=True)
class ArrivalTold(ParcelFact):
    """The customer said how it arrived: `arrival` is a code of types.Arrival, `photos` how many pictures she sent."""

    arrival: str
    photos: int = 0


@dataclass(frozen=True, kw_only=True)
class OrderPageLocked(Fact):
    """Links to the order's own page that were sent before open it no more."""

    stage: ClassVar = Stage.DELIVER
    order_id: int
