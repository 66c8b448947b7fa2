"""Orders of which no carrier has anything yet."""

from __future__ import annotations

from datetime import datetime

from pydantic import computed_field

from opieka.deliveries import queries
from opieka.deliveries.types import RiskBand
from opieka.rest.fields import Out


class WaitingOrder(Out):
    """A paid order that waits for its hand-over, due at `hand_over_due_at` and `overdue_at` since that passed.
    `expected_*` and `risk` (0 to 1 of being late) are reckoned for the reason `why`: a code and two numbers."""

    order_id: int
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

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own order of the two
    @property
    def explanation(self) -> str:
        """`why` as a sentence in the language asked for."""
        return queries.explain(self.why)
