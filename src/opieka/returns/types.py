"""The words of cases. A cancellation is a case that ends before anything has left the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from opieka.orders.types import RefundState


class CaseKind(StrEnum):
    """What a customer's matter is."""

    CANCELLATION = "cancellation"


class CaseStatus(StrEnum):
    """How far a case is. ASKED can still be taken back; the last three are ends."""

    ASKED = "asked"
    WITH_SHOP = "with_shop"
    WITH_PERSON = "with_person"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    TAKEN_BACK = "taken_back"


OPEN = (CaseStatus.ASKED, CaseStatus.WITH_SHOP, CaseStatus.WITH_PERSON)


class Step(StrEnum):
    """What can happen to a cancellation."""

    ASK_SHOP = "ask_shop"
    ASK_PERSON = "ask_person"
    GRANT = "grant"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"


class Chance(StrEnum):
    """Whether an order can be cancelled now, or why not; PERSON: only somebody at the shop can tell."""

    NOW = "now"
    PERSON = "person"
    ASKED = "asked"
    TOO_LATE = "too_late"
    CANCELLED = "cancelled"


class NextBest(StrEnum):
    """What she can do about a parcel that can no longer be stopped."""

    REFUSE_AT_DOOR = "refuse_at_door"
    REDIRECT = "redirect"
    RETURN = "return"


@dataclass(frozen=True)
class ReturnsPreferences:
    """A shop's preferences. Hours after the order in which customers cancel by themselves (0: until it leaves)."""

    key: ClassVar[str] = "returns"
    cancel_hours: int = 0


@dataclass(frozen=True)
class Cancellable:
    """Whether an order can be cancelled; `case_id` is the open or last case about it."""

    chance: Chance
    next_best: tuple[NextBest, ...] = ()
    case_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseCard:
    """A case as others see it. `why` is a code, `refund` None before it is known."""

    id: int
    shop_id: int
    kind: CaseKind
    status: CaseStatus
    order_id: int
    order_number: str
    customer_id: int | None
    conversation_id: int | None
    asked_at: datetime
    settled_at: datetime | None
    refund: RefundState | None
    refunded_at: datetime | None
    why: str
    next_best: tuple[NextBest, ...]
