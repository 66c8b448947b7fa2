"""Orders of which no carrier has anything yet, as others see them. Datetimes are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from opieka.deliveries.types.words import RiskBand


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingCard:
    """A paid order that waits for its hand-over. `hand_over_due_at` is when the carrier should have it, `overdue_at`
    since when that has passed; `promised_*`, `expected_*`, `risk`, `band` and `why` are as with a parcel."""

    order_id: int
    shop_id: int
    customer_id: int | None
    paid_at: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    hand_over_due_at: datetime | None
    overdue_at: datetime | None
    expected_from: datetime | None
    expected_to: datetime | None
    risk: float | None
    band: RiskBand | None
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedWaiting:
    """Which of them: those that will probably be late, those that should have been handed over."""

    at_risk: bool = False
    overdue: bool = False
