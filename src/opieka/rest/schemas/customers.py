"""People and their contact points."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from opieka.customers.types import Consent as Word
from opieka.customers.types import (
    ConsentChannel,
    ConsentSource,
    ContactKind,
    CustomerCard,
    Purpose,
    Reach,
    Said,
)
from opieka.customers.types import ContactPoint as Written
from opieka.rest.fields import CLEAN, Flag, Id, In, Line, Moment, Out, absent
from opieka.shops.types import Language


class ContactPoint(Out):
    """A way to reach a person: its normal form, how people write it, and whether messages arrive."""

    kind: ContactKind
    value: str
    display: str
    reach: Reach


class Customer(Out):
    """A person. `known_as` are all ids she was ever known by, her present one first: every one of them finds her.

    Of one who was `erased` nothing else is left.
    """

    id: int
    name: str
    language: str
    since: datetime
    contact_points: list[ContactPoint]
    known_as: list[int]
    erased: bool

    @classmethod
    def make(cls, card: CustomerCard) -> Self:
        return cls(
            id=card.id,
            name=card.name,
            language=card.language,
            since=card.since,
            contact_points=[ContactPoint.of(point) for point in card.points],
            known_as=list(card.lineage),
            erased=card.erased,
        )


class NewContactPoint(In):
    """A way to reach a person, as people write it."""

    kind: ContactKind
    value: Annotated[str, Field(min_length=1, max_length=320, pattern=CLEAN)]

    def written(self) -> Written:
        """As the domain takes it."""
        return Written(self.kind, self.value)


class NewCustomer(In):
    """A person to be found by any of her contact points, the surest first, or to be met."""

    contact_points: Annotated[list[NewContactPoint], Field(min_length=1, max_length=20)]
    name: Line = ""
    language: Language | None = None


class CustomerChange(In):
    """What is to be different."""

    name: Line = absent()
    language: Language = absent()


class Merge(Out):
    """A merge that can be undone."""

    id: int
    winner_id: int
    loser_id: int
    loser_name: str
    merged_at: datetime


class NewMerge(In):
    """Who is the same person as this customer, and becomes part of her."""

    loser_id: Id


class Consent(Out):
    """The word that counts for one purpose on one channel: `allowed` or not, how and when it was said."""

    purpose: Purpose
    channel: ConsentChannel
    allowed: bool
    source: ConsentSource
    wording: str
    at: datetime

    @classmethod
    def make(cls, said: Said) -> Self:
        return cls(
            purpose=said.purpose,
            channel=said.channel,
            allowed=said.given,
            source=said.source,
            wording=said.wording,
            at=said.at,
        )


class NewConsent(In):
    """A yes or a no to one purpose on one channel; `wording` is the version of the text it was said to.

    `at` is when it was said, now if not given. Service messages need no consent.
    """

    purpose: Purpose
    channel: ConsentChannel
    allowed: Flag
    source: ConsentSource
    wording: Annotated[str, Field(max_length=40, pattern=r"^[\w./-]*$")] = ""
    at: Moment | None = None

    def said(self) -> Word:
        """As the domain takes it."""
        return Word(self.purpose, self.channel, self.allowed, self.source, self.wording, self.at)


class Export(Out):
    """A copy of a person's data in this shop; it can be fetched from `ready_at` on, until it expires."""

    id: int
    customer_id: int
    requested_at: datetime
    ready_at: datetime | None
    expires_at: datetime
    size: int
