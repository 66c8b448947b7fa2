"""What a customer may decide about a parcel, what she decided, and where it can be collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from opieka.deliveries.types.words import ParcelStage
from opieka.orders.types import Address

Hours = tuple[time, time]
"""From when until when on a day, in the parcel's zone."""


class ChoiceKind(StrEnum):
    """What can be decided."""

    SLOT = "slot"
    ADDRESS = "address"
    NEIGHBOUR = "neighbour"
    SAFE_PLACE = "safe_place"
    PICKUP_POINT = "pickup_point"
    INSTRUCTIONS = "instructions"
    HOLD = "hold"
    CANCEL = "cancel"


class ChoiceState(StrEnum):
    """Where a decision stands. REQUESTED by hand waits for a person at the shop."""

    REQUESTED = "requested"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


class Refusal(StrEnum):
    """Why a decision could not be carried out."""

    TOO_LATE = "too_late"
    CARRIER = "carrier"
    SHOP = "shop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A decision. SLOT has a day and perhaps hours, HOLD the day until which; NEIGHBOUR, SAFE_PLACE and INSTRUCTIONS
    have words (who, where, what) and perhaps pictures (`photos` are hashes of stored files), ADDRESS an address,
    PICKUP_POINT the id of a point."""

    kind: ChoiceKind
    day: date | None = None
    hours: Hours | None = None
    words: str = ""
    address: Address | None = None
    point_id: int | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choosable:
    """What a carrier can do for its recipients: at which stages, on how many working days ahead and in which hours.
    One that is not `asked` by its interface is arranged by a person at the shop."""

    kind: ChoiceKind
    stages: frozenset[ParcelStage]
    asked: bool = False
    days: int = 0
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What can be decided of a parcel now; `days` and `hours` to choose from (without `hours`: a day as a whole)."""

    kind: ChoiceKind
    by_hand: bool
    days: tuple[date, ...] = ()
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PointCard:
    """A point or locker where parcels of a carrier are collected; `metres` from where one looked, None without that."""

    id: int
    carrier: str
    code: str
    locker: bool
    name: str
    street: str
    postcode: str
    city: str
    country: str
    latitude: float
    longitude: float
    hours: str
    metres: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A point or locker as a carrier or a file tells of it."""

    code: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    latitude: float
    longitude: float
    locker: bool = False
    hours: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceCard:
    """A decision as others see it; `point` is the one of `choice.point_id`."""

    id: int
    shop_id: int
    parcel_id: int
    choice: Choice
    state: ChoiceState
    by_hand: bool
    refusal: Refusal | None
    made_at: datetime
    settled_at: datetime | None
    point: PointCard | None = None


class Arrival(StrEnum):
    """How a delivered parcel arrived, in its customer's word."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    MISSING = "missing"
    WRONG_ITEM = "wrong_item"
    NOT_HERE = "not_here"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivalNews:
    """What a customer says of a delivered parcel; `photos` are hashes of stored files."""

    arrival: Arrival
    words: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivalCard:
    """What a customer said of a delivered parcel, and when."""

    parcel_id: int
    news: ArrivalNews
    told_at: datetime


def choosable(kinds: Iterable[ChoiceKind], stages: frozenset[ParcelStage]) -> tuple[Choosable, ...]:
    """What a person at the shop can arrange with a carrier, in its own usual terms."""
    return tuple(Choosable(kind=kind, stages=stages, days=DAYS.get(kind, 0)) for kind in kinds)


DAYS = {ChoiceKind.SLOT: 5, ChoiceKind.HOLD: 10}
"""How many working days ahead one may choose where a carrier names no number."""
