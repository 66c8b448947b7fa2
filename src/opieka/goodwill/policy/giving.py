"""What a gift costs, whether the budgets allow it, and the codes of coupons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opieka.goodwill.types import CouponState, CouponStep, Gift, GoodwillPreferences
from opieka.kernel.money import Money

STEPS: Mapping[tuple[CouponState, CouponStep], CouponState] = {
    (CouponState.GRANTED, CouponStep.USE): CouponState.USED,
    (CouponState.GRANTED, CouponStep.WITHDRAW): CouponState.WITHDRAWN,
}

YEAR = timedelta(days=365)
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No vowels, so that no code is a word, and nothing that is read as something else (0 O, 1 I L)."""
GROUPS, LETTERS = 3, 4
"""57 bits: whoever tries a million codes an hour finds one of a thousand valid ones after ten thousand years."""
MOST_PER_CENT = 100


@dataclass(frozen=True)
class Spent:
    """What has been given already, in minor units: in the shop this month, to this customer within a year."""

    month: int
    customer: int


@dataclass(frozen=True)
class Left:
    """What may still be given to a customer, in minor units."""

    month: int
    customer: int

    @property
    def amount(self) -> int:
        return max(0, min(self.month, self.customer))


def cost(gift: Gift, preferences: GoodwillPreferences, currency: str) -> Money:
    """What a gift takes from the budget: its amount, or the share of what an order usually comes to."""
    if gift.per_cent:
        return Money(-(-preferences.usual_order * gift.per_cent // 100), currency)
    return Money(gift.amount, currency)


def left(preferences: GoodwillPreferences, spent: Spent) -> Left:
    """What the budgets still hold."""
    return Left(preferences.per_month - spent.month, preferences.per_customer - spent.customer)


def code(draw: Callable[[str], str]) -> str:
    """A code like "7KQX-B2MR-TD9W"; `draw` takes a letter out of an alphabet by chance."""
    groups = ("".join(draw(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def normal(written: str) -> str:
    """A code as it is stored, however it was typed."""
    letters = "".join(sign for sign in written.upper() if sign.isalnum())
    groups: Sequence[str] = [letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS)]
    return "-".join(groups)


def is_over(valid_until: datetime, now: datetime) -> bool:
    """Whether a coupon's time is over."""
    return now >= valid_until
