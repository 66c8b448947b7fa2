"""The same done with many parcels at once, and undone by the moment it was done at."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from opieka.deliveries.types import NoticeKind
from opieka.rest.fields import Code, Id, In, Moment, Out
from opieka.rest.schemas.deliveries import GivenUp

Chosen = Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]


class PromiseTogether(In):
    """One new date or slot for the orders of these parcels."""

    parcel_ids: Chosen
    promised_from: Moment | None = None
    promised_to: Moment


class LostTogether(GivenUp):
    """These parcels are taken as lost."""

    parcel_ids: Chosen


class Dismissing(In):
    """Which notices: each field narrows, none means all."""

    kind: NoticeKind | None = None
    carrier: Code = ""


class DoneTogether(Out):
    """With how many it was done, and the moment that undoes it."""

    count: int
    at: datetime


class UndoTogether(In):
    """The moment at which it was done, as it was answered."""

    at: Moment


class UndoneTogether(Out):
    """For how many it was undone."""

    count: int
