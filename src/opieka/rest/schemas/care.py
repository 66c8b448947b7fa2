"""Plans for customers who were let down, and what the effort is worth."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from opieka.care.types import Arm, IncidentKind, Move, StepKind, StepState, Why
from opieka.deliveries.types import ReplyIntent
from opieka.rest.fields import Id, In, Moment, Out


class Incident(Out):
    """Something that went wrong. `severity` is 1 to 4; `times` is how often it was reported while it was open."""

    id: int
    kind: IncidentKind
    severity: int
    parcel_id: int | None
    times: int
    opened_at: datetime
    closed_at: datetime | None
    storm_id: int | None


class PlanStep(Out):
    """One thing done or to be done. `by_itself`: no person did it; `trouble` is why that was not possible; `coupon_id`
    is what was given."""

    id: int
    kind: StepKind
    state: StepState
    by_itself: bool
    trouble: str
    done_at: datetime | None
    staff_id: int | None
    message_id: int | None
    coupon_id: int | None


class Plan(Out):
    """What is done for one customer. `arm` says whether she was drawn to be contacted or not, "" where nobody was
    drawn; `wrote_at` and `ordered_at` what she did afterwards."""

    id: int
    customer_id: int | None
    order_id: int | None
    conversation_id: int | None
    kind: IncidentKind
    severity: int
    arm: Arm
    owner_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    wrote_at: datetime | None
    ordered_at: datetime | None
    incidents: list[Incident]
    steps: list[PlanStep]


class PlanChange(In):
    """Who sees to it; null for nobody."""

    owner_id: Id | None


class NewIncident(In):
    """Something that went wrong with an order (with one of its parcels), as the customer says. `at` is when, if not
    now."""

    kind: IncidentKind
    order_id: Id
    parcel_id: Id | None = None
    at: Moment | None = None


class PlaybookTold(Out):
    """What is done about a kind of incident, in this order; what can be done without a person is, up to that
    severity (0: never). `gift` is what a step of goodwill gives, in minor units of the shop's currency (0: a person
    decides)."""

    kind: IncidentKind
    steps: list[StepKind]
    by_itself_to: int
    gift: int


class NewPlaybook(In):
    """What is to be done about a kind of incident."""

    kind: IncidentKind
    steps: Annotated[tuple[StepKind, ...], Field(min_length=1, max_length=20)]
    by_itself_to: Annotated[int, Field(strict=True, ge=0, le=4)] = 0
    gift: Annotated[int, Field(strict=True, ge=0, le=10**9)] = 0


class Difference(Out):
    """`k` of `n` in each share, and the difference of the two with its 95 % interval (Newcombe's)."""

    contact_k: int
    contact_n: int
    hold_out_k: int
    hold_out_n: int
    difference: float | None
    low: float | None
    high: float | None


class Effect(Out):
    """What being contacted changes: customers who wrote within 14 days, and who ordered within 90."""

    wrote: Difference
    ordered: Difference


class Text(Out):
    """A customer's text about a delivery. `intent` is what she wants, `move` what was done (passed: a person reads it)
    and `why` not what she wrote; `can_undo`: it can still be taken back."""

    id: int
    conversation_id: int
    message_id: int
    order_id: int | None
    parcel_id: int | None
    intent: ReplyIntent
    confidence: float
    move: Move
    why: Why
    choice_ids: list[int]
    case_id: int | None
    can_undo: bool
    at: datetime
