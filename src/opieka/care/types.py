"""The words of care that others may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import ClassVar

from opieka.clocks.types import ClockCard
from opieka.deliveries.types import Choice

PLAN_CLOCK = "care_plan"
"""The kind of the clock that runs while a plan (`plan:17`) waits for a person."""
COLLECTION_CLOCK = "collection"
"""The kind of the clock that runs while a parcel (`parcel:5`) waits to be collected."""


class ParcelNews(StrEnum):
    """What a customer is told of her parcel by itself."""

    ACCEPTED = "accepted"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY = "ready"
    ATTEMPTED = "attempted"
    DELIVERED = "delivered"


@dataclass(frozen=True, kw_only=True)
class NoticePreferences:
    """Which notices a shop sends, and in which words: by kind and language a text whose first line is the subject.

    Nothing is sent until somebody switches it on: the shop's own system may tell the same. `answers`: what customers
    answer is acted on by itself, where it can be.
    """

    key: ClassVar[str] = "care.notices"
    on: tuple[ParcelNews, ...] = ()
    answers: bool = True
    texts: dict[str, dict[str, str]] = field(default_factory=dict)


class IncidentKind(StrEnum):
    """What went wrong for a customer, or is about to."""

    DELAY_EXPECTED = "delay_expected"
    LATE = "late"
    STALE = "stale"
    LOST = "lost"
    DAMAGED = "damaged"
    SENT_BACK = "sent_back"
    WAITING = "waiting"
    PARTLY = "partly"
    NOT_HERE = "not_here"
    MISSING = "missing"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    BAD_ANSWER = "bad_answer"


TOLD_BY_HER = (IncidentKind.NOT_HERE, IncidentKind.DAMAGED, IncidentKind.MISSING, IncidentKind.WRONG)
"""What a customer, or somebody for her, can report of a delivery."""


class Severity(IntEnum):
    """How bad it is from the customer's side."""

    LOW = 1
    MIDDLE = 2
    HIGH = 3
    GRAVE = 4


class StepKind(StrEnum):
    """What can be done for a customer who was let down."""

    APOLOGISE = "apologise"
    NEW_DATE = "new_date"
    OFFER = "offer"
    REMIND = "remind"
    ANSWER = "answer"
    ASK_CARRIER = "ask_carrier"
    CALL = "call"
    REPLACE = "replace"
    REFUND_DELIVERY = "refund_delivery"
    GOODWILL = "goodwill"


WRITTEN = (StepKind.APOLOGISE, StepKind.REMIND, StepKind.NEW_DATE, StepKind.OFFER)
"""Steps that are paragraphs of one message."""


class StepState(StrEnum):
    """A planned step waits: for the plan to run by itself, or for a person."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"


class Act(StrEnum):
    """What can happen to a step."""

    DO = "do"
    SKIP = "skip"


class Arm(StrEnum):
    """To which share a customer was drawn, before anything was done: NONE where nothing was drawn."""

    NONE = ""
    CONTACT = "contact"
    HOLD_OUT = "hold_out"


@dataclass(frozen=True, kw_only=True)
class CarePreferences:
    """How a shop cares. `hold_out`: per cent of customers who are not contacted by themselves, to learn what contacting
    is worth; `hours` of opening time within which a person does what a plan asks of her; an order from `high_value` on
    (minor units) makes an incident worse; `storm_from` parcels of one depot are a storm."""

    key: ClassVar[str] = "care"
    hold_out: int = 0
    hours: int = 8
    high_value: int = 50_000
    storm_from: int = 20


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """What is done about a kind of incident, in this order; what can be done without a person is, up to that severity
    (0: never). `gift` is what a step of goodwill gives, in minor units of the shop's currency (0: a person decides)."""

    kind: IncidentKind
    steps: tuple[StepKind, ...]
    by_itself_to: int = 0
    gift: int = 0


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that went wrong for a customer, as somebody reports it; `at` is when. What it is about is the order,
    else the parcel, else the conversation."""

    kind: IncidentKind
    at: datetime
    customer_id: int | None
    order_id: int | None = None
    parcel_id: int | None = None
    conversation_id: int | None = None
    carrier: str = ""
    depot: str = ""

    @property
    def subject(self) -> str:
        """The thing that is in trouble."""
        if self.parcel_id is not None:
            return f"parcel:{self.parcel_id}"
        return (
            f"order:{self.order_id}" if self.order_id is not None else f"conversation:{self.conversation_id}"
        )

    @property
    def matter(self) -> str:
        """What one plan is made for."""
        return f"order:{self.order_id}" if self.order_id is not None else self.subject


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentCard:
    """An incident as others see it. `times` is how often it was reported while it was open."""

    id: int
    kind: IncidentKind
    severity: Severity
    parcel_id: int | None
    times: int
    opened_at: datetime
    closed_at: datetime | None
    storm_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StepCard:
    """A step of a plan. `by_itself`: nobody had to do it; `trouble` is why that did not work, as a code; `coupon_id` is
    what a step of goodwill has given."""

    id: int
    kind: StepKind
    state: StepState
    by_itself: bool
    trouble: str
    done_at: datetime | None
    staff_id: int | None
    message_id: int | None
    coupon_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanCard:
    """A plan for one customer. `wrote_at` and `ordered_at` say what she did afterwards, if she did."""

    id: int
    shop_id: int
    customer_id: int | None
    order_id: int | None
    conversation_id: int | None
    kind: IncidentKind
    severity: Severity
    arm: Arm
    owner_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    wrote_at: datetime | None
    ordered_at: datetime | None
    incidents: tuple[IncidentCard, ...]
    steps: tuple[StepCard, ...]
    clock: ClockCard | None

    @property
    def next(self) -> StepCard | None:
        """What is to be done next."""
        return next((step for step in self.steps if step.state is StepState.PLANNED), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which plans: each field narrows, empty ones do not; open ones unless `closed`."""

    closed: bool = False
    kind: IncidentKind | None = None
    storm_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StormCard:
    """The same trouble of many parcels of one carrier at one place."""

    id: int
    shop_id: int
    kind: IncidentKind
    carrier: str
    depot: str
    opened_at: datetime
    last_at: datetime
    parcels: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What being contacted changed: `k` of `n` in each share, and the difference of the two with its 95 % interval."""

    contact_k: int
    contact_n: int
    hold_out_k: int
    hold_out_n: int
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What the effort is worth: how many customers wrote to the shop within 14 days, and ordered within 90."""

    wrote: Difference
    ordered: Difference


class Move(StrEnum):
    """What the shop did by itself about a text of hers. PASSED: nothing, a person reads it."""

    ACTED = "acted"
    ASKED = "asked"
    WHICH = "which"
    OFFERED = "offered"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"
    NOTED = "noted"
    STOPPED = "stopped"
    PASSED = "passed"


class Why(StrEnum):
    """Why it did not do what she wrote, or why a person is asked."""

    NONE = ""
    NOT_OFFERED = "not_offered"
    DAY = "day"
    HOURS = "hours"
    WHICH_DAY = "which_day"
    WORDS = "words"
    ADDRESS = "address"
    POINT = "point"
    BEING_ASKED = "being_asked"
    SENT = "sent"
    GONE = "gone"
    CANCELLED = "cancelled"
    CANCEL_ASKED = "cancel_asked"
    NOTHING_OPEN = "nothing_open"
    UNSURE = "unsure"
    QUESTION = "question"
    LED = "led"
    OLD = "old"
    OVERTAKEN = "overtaken"
    UNTELLABLE = "untellable"


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnCard:
    """A text of hers about a delivery, as it was understood and what was done. `intent` is a ReplyIntent;
    `choices` what was chosen or is asked for; `can_undo`: it can still be taken back."""

    id: int
    shop_id: int
    conversation_id: int
    message_id: int
    order_id: int | None
    parcel_id: int | None
    intent: str
    confidence: float
    move: Move
    why: Why
    choices: tuple[Choice, ...]
    choice_ids: tuple[int, ...]
    case_id: int | None
    can_undo: bool
    at: datetime
