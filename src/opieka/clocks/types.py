"""The words others may use about clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Basis(StrEnum):
    """Why a deadline holds: somebody was told so, the law says so, or the shop aims at it."""

    PROMISED = "promised"
    LEGAL = "legal"
    TARGET = "target"


class Status(StrEnum):
    """Where a clock stands. Running, paused and breached ones are open: the thing is still to be done."""

    RUNNING = "running"
    PAUSED = "paused"
    BREACHED = "breached"
    SATISFIED = "satisfied"
    LATE = "late"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What can happen to a clock."""

    PAUSE = "pause"
    RESUME = "resume"
    BREACH = "breach"
    SATISFY = "satisfy"
    CANCEL = "cancel"


OPEN = (Status.RUNNING, Status.PAUSED, Status.BREACHED)


@dataclass(frozen=True)
class OpenTime:
    """So much of the shop's opening time."""

    time: timedelta


@dataclass(frozen=True)
class AllTime:
    """So much time, day and night."""

    time: timedelta


@dataclass(frozen=True)
class Days:
    """So many calendar days after the day it starts on, up to local midnight; cannot be paused.

    With `to_working_day` the last day moves as Regulation (EEC, Euratom) 1182/71 Article 3(4) and (5) says: on
    to the next working day, and until two working days lie within. `timezone` and `country` are the customer's
    where they count, else the shop's.
    """

    count: int
    to_working_day: bool = False
    timezone: str = ""
    country: str = ""


@dataclass(frozen=True)
class Until:
    """Up to a fixed moment; cannot be paused."""

    moment: datetime


Term = OpenTime | AllTime | Days | Until


@dataclass(frozen=True)
class NewClock:
    """A clock to be started: `kind` is the starter's code (first_response), `subject` what it is about
    (conversation:17), `at` when it started, if not now."""

    kind: str
    subject: str
    basis: Basis
    term: Term
    customer_id: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class ClockCard:
    """A clock as others see it. A paused clock's `due_at` is what it was when it stopped."""

    id: int
    kind: str
    subject: str
    basis: Basis
    status: Status
    starts_at: datetime
    due_at: datetime
    warned: bool
