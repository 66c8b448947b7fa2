"""How customers stand, and what brought them there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from opieka.goodwill.types import CouponState, Experience, Gift, GiftReason, InShop
from opieka.rest.fields import CLEAN, Id, In, MoneyIn, Out


class Balance(Out):
    """In good experiences: negative `points` mean that she is owed some, `to_restore` how many. `good` and `bad` are
    how many there were. It is for the shop only: never show it to her."""

    points: int
    good: int
    bad: int
    to_restore: int


class Movement(Out):
    """One experience, the touchpoint it was, and what it weighs now."""

    id: int
    experience: Experience
    touchpoint_id: int
    at: datetime
    weight: float


class Coupon(Out):
    """A gift with a code: an `amount` in minor units, or `per_cent` of one order. `cost` was taken from the budget;
    `over`: its time has passed; `ordered_at` is her first order after it. `in_shop` says whether the system the shop
    sells by knows of it, or somebody has to enter the code there by hand, and `why`."""

    id: int
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
    over: bool
    in_shop: InShop
    why: str


class NewCoupon(In):
    """A gift: a value or a percentage; what for, and for which matter ("order:17")."""

    value: MoneyIn | None = None
    per_cent: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    reason: GiftReason
    matter: Annotated[str, Field(max_length=60, pattern=r"^([a-z]+:[0-9]{1,18})?$")] = ""

    def gift(self) -> Gift:
        """What is given."""
        value = self.value
        return Gift(
            reason=self.reason,
            amount=value.amount if value else 0,
            per_cent=self.per_cent,
            currency=value.currency if value else "",
            matter=self.matter,
        )


class CouponUse(In):
    """A coupon was taken in payment of an order."""

    code: Annotated[str, Field(min_length=1, max_length=40, pattern=CLEAN)]
    order_id: Id | None = None


class CouponEffect(Out):
    """How many coupons were granted, used, and followed by an order, and what they cost in minor units."""

    granted: int
    used: int
    ordered: int
    cost: int
