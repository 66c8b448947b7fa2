"""People and their contact points."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from opieka.customers.types import ContactKind, CustomerCard, Reach
from opieka.customers.types import ContactPoint as Written
from opieka.rest.fields import CLEAN, Id, In, Line, Out, absent
from opieka.shops.types import Language


class ContactPoint(Out):
    """A way to reach a person: its normal form, how people write it, and whether messages arrive."""

    kind: ContactKind
    value: str
    display: str
    reach: Reach


class Customer(Out):
    """A person. `known_as` are all ids she was ever known by, her present one first: every one of them finds her."""

    id: int
    name: str
    language: str
    since: datetime
    contact_points: list[ContactPoint]
    known_as: list[int]

    @classmethod
    def make(cls, card: CustomerCard) -> Self:
        return cls(
            id=card.id,
            name=card.name,
            language=card.language,
            since=card.since,
            contact_points=[ContactPoint.of(point) for point in card.points],
            known_as=list(card.lineage),
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
