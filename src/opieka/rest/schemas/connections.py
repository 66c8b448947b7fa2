"""Connections to the shop's own system, and what it left unclear."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from opieka.orders.types import (
    ConnectionCard,
)
from opieka.rest.fields import (
    CLEAN,
    Code,
    Flag,
    In,
    Out,
)


class Connection(Out):
    """A connection to the shop's system. While `phase` is not empty it is being read, `done` of `total`.
    `webhook` is the address the system reports changes to."""

    id: int
    connector: str
    webhook: str
    active: bool
    phase: str
    done: int
    total: int | None
    caught_up_to: datetime | None
    heard_at: datetime | None
    failed_at: datetime | None
    failure: str
    failure_detail: str

    @classmethod
    def make(cls, card: ConnectionCard, *, webhook: str) -> Self:
        told = {name: getattr(card, name) for name in cls.model_fields if name != "webhook"}
        return cls(**told, webhook=webhook)


class Connector(Out):
    """A kind of system a shop can be connected to, and the fields to fill in."""

    name: str
    credentials: list[str]


class NewConnection(In):
    """A system to be connected; `credentials` are the fields its connector asks for."""

    connector: Annotated[Code, Field(max_length=20)]
    credentials: Annotated[
        dict[Code, Annotated[str, Field(max_length=2000, pattern=CLEAN)]], Field(max_length=20)
    ]


class Reading(In):
    """How much to read: everything, or what changed since the last time."""

    everything: Flag = False


class Notice(Out):
    """Something in the shop's data that a person should look at."""

    id: int
    source: str
    kind: str
    where: str
    value: str
    times: int
    first_at: datetime
    last_at: datetime
