"""Cases, as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from opieka.orders.types import RefundState
from opieka.rest.fields import Flag, In, Out
from opieka.returns.types import Cancellable, CaseCard, CaseKind, CaseStatus, Chance, NextBest


class Case(Out):
    """A customer's matter about an order. `why` is a code, for those that wait for a person."""

    id: int
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
    next_best: list[NextBest]

    @classmethod
    def make(cls, card: CaseCard) -> Self:
        shown = {name: getattr(card, name) for name in cls.model_fields if name != "next_best"}
        return cls(**shown, next_best=list(card.next_best))


class Cancellation(Out):
    """Whether an order can be cancelled now, and what can be done otherwise; `case_id` is the last case."""

    chance: Chance
    next_best: list[NextBest]
    case_id: int | None

    @classmethod
    def make(cls, found: Cancellable) -> Self:
        return cls(chance=found.chance, next_best=list(found.next_best), case_id=found.case_id)


class CaseSettlement(In):
    """What a person found out: it is cancelled (and what of the money), or it was too late."""

    cancelled: Flag
    refund: RefundState | None = None
