"""What customers may decide and have decided about parcels, and where these can be collected."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Self

from pydantic import Field

from opieka.deliveries import types
from opieka.deliveries.types import ChoiceCard, ChoiceKind, ChoiceState, Refusal
from opieka.orders.types import Address
from opieka.rest.fields import CLEAN, CountryOrNone, Day, Flag, Id, In, Line, Out

Time = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Words = Annotated[str, Field(max_length=300, pattern=CLEAN)]


class Hours(Out):
    """From when until when on a day, in the shop's zone."""

    time_from: str
    time_to: str

    @classmethod
    def of(cls, value: object) -> Self:
        first, last = value if isinstance(value, tuple) else (time(), time())
        return cls(time_from=f"{first:%H:%M}", time_to=f"{last:%H:%M}")


class Offer(Out):
    """What can be decided of a parcel now. `by_hand`: a person at the shop arranges it. SLOT and HOLD want one of the
    `days`; SLOT may also name one of the `hours`."""

    kind: ChoiceKind
    by_hand: bool
    days: list[date]
    hours: list[Hours]

    @classmethod
    def of(cls, value: object) -> Self:
        assert isinstance(value, types.Offer)  # noqa: S101  # tells the type checker what `of` is called with
        hours = [Hours.of(each) for each in value.hours]
        return cls(kind=value.kind, by_hand=value.by_hand, days=list(value.days), hours=hours)


class ChoiceAddress(In):
    """Where else a parcel is to go."""

    name: Line = ""
    street: Line
    postcode: Line
    city: Line
    country: CountryOrNone = ""


class NewChoice(In):
    """A decision: `day` with SLOT and HOLD, `words` with NEIGHBOUR, SAFE_PLACE and INSTRUCTIONS, `address` with
    ADDRESS, `point_id` with PICKUP_POINT."""

    kind: ChoiceKind
    day: Day | None = None
    time_from: Time | None = None
    time_to: Time | None = None
    words: Words = ""
    address: ChoiceAddress | None = None
    point_id: Id | None = None

    def choice(self) -> types.Choice:
        """The same as the deliveries take it."""
        both = (self.time_from, self.time_to)
        hours = (time.fromisoformat(both[0]), time.fromisoformat(both[1])) if both[0] and both[1] else None
        to = self.address
        return types.Choice(
            kind=self.kind,
            day=self.day,
            hours=hours,
            words=self.words,
            address=Address(**to.model_dump()) if to else None,
            point_id=self.point_id,
        )


class PickupPoint(Out):
    """A point or locker; `metres` from where one looked."""

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
    metres: int | None


class Choice(Out):
    """A decision about a parcel. `refusal` says why it could not be done: too_late, carrier or shop."""

    id: int
    parcel_id: int
    kind: ChoiceKind
    state: ChoiceState
    by_hand: bool
    day: date | None
    hours: Hours | None
    words: str
    address: str
    point: PickupPoint | None
    refusal: Refusal | None
    made_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, value: object) -> Self:
        assert isinstance(value, ChoiceCard)  # noqa: S101  # tells the type checker what `of` is called with
        card, choice, to = value, value.choice, value.choice.address
        lines = (to.name, to.street, to.postcode, to.city, to.country) if to else ()
        return cls(
            id=card.id,
            parcel_id=card.parcel_id,
            kind=choice.kind,
            state=card.state,
            by_hand=card.by_hand,
            day=choice.day,
            hours=Hours.of(choice.hours) if choice.hours else None,
            words=choice.words,
            address=", ".join(line for line in lines if line),
            point=PickupPoint.of(card.point) if card.point else None,
            refusal=card.refusal,
            made_at=card.made_at,
            settled_at=card.settled_at,
        )


class Settlement(In):
    """Whether it could be arranged."""

    accepted: Flag


class OrderPage(Out):
    """Where an order's customer sees it, without an account."""

    address: str
