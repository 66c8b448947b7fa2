"""The words of goodwill that others may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Experience(StrEnum):
    """What a touchpoint was from the customer's side."""

    ORDERED = "ordered"
    ON_TIME = "on_time"
    RESOLVED = "resolved"
    REFUNDED = "refunded"
    LATE = "late"
    LOST = "lost"
    DAMAGED = "damaged"
    PARTLY = "partly"
    SENT_BACK = "sent_back"
    MISSED = "missed"
    HELD = "held"
    UNANSWERED = "unanswered"
    ASKED_AGAIN = "asked_again"


WEIGHTS: Mapping[Experience, int] = {
    Experience.ORDERED: 1,
    Experience.ON_TIME: 1,
    Experience.RESOLVED: 1,
    Experience.REFUNDED: 1,
    Experience.LATE: -12,
    Experience.LOST: -24,
    Experience.DAMAGED: -12,
    Experience.PARTLY: -12,
    Experience.SENT_BACK: -12,
    Experience.MISSED: -3,
    Experience.HELD: -3,
    Experience.UNANSWERED: -6,
    Experience.ASKED_AGAIN: -3,
}
"""In good experiences: one bad one needs about twelve good ones to make up for."""

HEAVIEST = 100
"""No experience weighs more than this, one way or the other."""


@dataclass(frozen=True, kw_only=True)
class BalancePreferences:
    """What a shop weighs differently: weights by Experience, -100 to 100. After `half_life_days` an experience weighs
    half as much, after twice as many a quarter; 0: it never fades."""

    key: ClassVar[str] = "goodwill.balance"
    weights: dict[str, int] = field(default_factory=dict)
    half_life_days: int = 365


@dataclass(frozen=True, kw_only=True, slots=True)
class MovementCard:
    """One experience and what it weighs now, in good experiences (positive or negative)."""

    id: int
    shop_id: int
    experience: Experience
    touchpoint_id: int
    at: datetime
    weight: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """How a customer stands with a shop: `points` are good experiences, negative when she is owed some.

    `good` and `bad` say how many experiences there were; `to_restore` how many good ones would make up for it.
    """

    points: int = 0
    good: int = 0
    bad: int = 0
    to_restore: int = 0


class GiftReason(StrEnum):
    """Why something is given."""

    LATE = "late"
    LOST = "lost"
    DAMAGED = "damaged"
    MISTAKE = "mistake"
    SERVICE = "service"
    THANKS = "thanks"


class CouponState(StrEnum):
    """Where a coupon stands. One whose time is over stays granted: `CouponCard.over` says so."""

    GRANTED = "granted"
    USED = "used"
    WITHDRAWN = "withdrawn"


class CouponStep(StrEnum):
    """What can happen to a coupon."""

    USE = "use"
    WITHDRAW = "withdraw"


class InShop(StrEnum):
    """Whether the system the shop sells by knows how a coupon stands: it is being told, it does, or a person has to
    enter the code there (of a coupon that was withdrawn: to take it out)."""

    WAITING = "waiting"
    DONE = "done"
    BY_HAND = "by_hand"


@dataclass(frozen=True, kw_only=True)
class GoodwillPreferences:
    """What a shop gives away, in minor units of its currency: in a calendar month in all (0: nothing), to one customer
    within a year. `usual_order` is what an order usually comes to, by which gifts of a percentage are reckoned."""

    key: ClassVar[str] = "goodwill"
    per_month: int = 0
    per_customer: int = 0
    usual_order: int = 20_000
    valid_days: int = 90


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What is given: an amount in minor units of `currency`, or a percentage of one order; and why, for what matter."""

    reason: GiftReason
    amount: int = 0
    per_cent: int = 0
    currency: str = ""
    matter: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponCard:
    """A coupon as others see it. `over`: its time has passed; `ordered_at` is her first order after it; `why` a person
    has to tell the shop's system, as a code."""

    id: int
    shop_id: int
    customer_id: int | None
    code: str
    amount: int
    per_cent: int
    cost: int
    currency: str
    reason: GiftReason
    matter: str
    state: CouponState
    granted_at: datetime
    valid_until: datetime
    used_at: datetime | None
    ordered_at: datetime | None
    granted_by: int | None
    over: bool
    in_shop: InShop
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Purse:
    """What a shop may still give to a customer, and what its month has left, in minor units."""

    currency: str
    month: int
    customer: int
    amount: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponEffect:
    """What came of coupons: how many were granted, used, and followed by an order."""

    granted: int
    used: int
    ordered: int
    cost: int
