"""What is announced about care. The subject of an incident's fact is what is in trouble, of a plan's "plan:<id>"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(Fact):
    """Something went wrong for a customer, or is about to. `incident_kind` is one of types.IncidentKind, `severity` 1
    to 4."""

    stage: ClassVar = Stage.RESOLVE
    incident_id: int
    incident_kind: str
    severity: int
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(Fact):
    """It is over."""

    stage: ClassVar = Stage.RESOLVE
    incident_id: int
    incident_kind: str
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class StormBegan(Fact):
    """Many parcels of one carrier at one place have the same trouble."""

    stage: ClassVar = Stage.DELIVER
    storm_id: int
    incident_kind: str
    carrier: str
    parcels: int


@dataclass(frozen=True, kw_only=True)
class PlanOpened(Fact):
    """What is to be done for one customer is planned. `arm` says whether she was drawn not to be contacted."""

    stage: ClassVar = Stage.RESOLVE
    plan_id: int
    severity: int
    arm: str


@dataclass(frozen=True, kw_only=True)
class PlanStepDone(Fact):
    """`step` is one of types.StepKind."""

    stage: ClassVar = Stage.RESOLVE
    plan_id: int
    step: str
    by_itself: bool


@dataclass(frozen=True, kw_only=True)
class PlanStepSkipped(Fact):
    """It is not done, because somebody decided so or because it is not needed any more."""

    stage: ClassVar = Stage.RESOLVE
    plan_id: int
    step: str


@dataclass(frozen=True, kw_only=True)
class PlanClosed(Fact):
    """Nothing is left to be done."""

    stage: ClassVar = Stage.RESOLVE
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class TextTaken(Fact):
    """A text of hers about a delivery was understood, and something was done about it, or a person is asked to.

    `intent` is a code of deliveries.types.ReplyIntent with its days and hours, `move` of types.Move, `why` of
    types.Why, `choices` of deliveries.types.ChoiceKind; `day` was chosen or asked about. The subject is
    "conversation:<id>".
    """

    stage: ClassVar = Stage.DELIVER
    turn_id: int
    conversation_id: int
    message_id: int
    parcel_id: int | None
    order_id: int | None
    intent: str
    move: str
    why: str = ""
    date_from: date | None = None
    date_to: date | None = None
    time_from: str = ""
    time_to: str = ""
    choices: tuple[str, ...] = ()
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class TextUndone(Fact):
    """What a text of hers had done was taken back by a person of the shop."""

    stage: ClassVar = Stage.DELIVER
    turn_id: int
    conversation_id: int
    parcel_id: int | None
    order_id: int | None
