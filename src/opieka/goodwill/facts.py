"""What is announced about goodwill. The subject of a coupon's fact is "coupon:<id>"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class CouponGranted(Fact):
    """A gift beyond what is owed. `cost` (minor units) is what it takes from the budget; `reason` a GiftReason;
    `matter` what it was given for ("order:17"), "" for nothing in particular."""

    stage: ClassVar = Stage.STAY
    coupon_id: int
    cost: int
    currency: str
    reason: str
    matter: str = ""


@dataclass(frozen=True, kw_only=True)
class CouponInShop(Fact):
    """The shop's system knows how it stands; or, `by_hand`, a person has to tell it, and `why` is a code."""

    stage: ClassVar = Stage.STAY
    coupon_id: int
    by_hand: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class CouponUsed(Fact):
    """She has bought with it."""

    stage: ClassVar = Stage.BUY
    coupon_id: int
    order_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CouponWithdrawn(Fact):
    """It was taken back before it was used; its budget is free again."""

    stage: ClassVar = Stage.STAY
    coupon_id: int
