"""What is announced about cases. The subject of each is "case:<id>"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opieka.kernel.facts import Fact, Stage


@dataclass(frozen=True, kw_only=True)
class CaseFact(Fact, abstract=True):
    stage: ClassVar = Stage.RETURN
    case_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class CancellationAsked(CaseFact):
    """Somebody wants an order cancelled: the customer, or staff for her."""


@dataclass(frozen=True, kw_only=True)
class CancellationTakenBack(CaseFact):
    """The wish was taken back before the shop's system was asked."""


@dataclass(frozen=True, kw_only=True)
class CancellationNeedsPerson(CaseFact):
    """Somebody at the shop must look; `why` is a code."""

    why: str


@dataclass(frozen=True, kw_only=True)
class CancellationGranted(CaseFact):
    """The order will not be sent; `refund` is a value of RefundState."""

    refund: str


@dataclass(frozen=True, kw_only=True)
class CancellationTooLate(CaseFact):
    """It has left already; `next_best` are values of NextBest."""

    next_best: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CancellationRefunded(CaseFact):
    """All that was paid for the cancelled order has been paid back."""
