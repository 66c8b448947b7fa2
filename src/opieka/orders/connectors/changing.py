"""What a source is asked to change: orders to be cancelled, discount codes to be honoured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from opieka.orders.types import CancelOutcome, CodeOutcome, Discount, RefundState


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a source says to the wish to cancel an order. No `outcome` yet: ask again, with `reference`.

    `why` is a code, `detail` the source's own words, for staff.
    """

    outcome: CancelOutcome | None
    refund: RefundState = RefundState.NOT_DUE
    reference: str = ""
    why: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class CodeAnswer:
    """What came of the wish about a discount code. No `outcome` yet: ask again. `why` and `detail` as above."""

    outcome: CodeOutcome | None
    why: str = ""
    detail: str = ""


class Canceller(Protocol):
    """Cancels orders in a source and pays back what was paid. Asked twice, it cancels and pays back once."""

    def cancel(self, external_id: str, *, reference: str) -> Answer:
        """One step; `reference` is the last answer's, "" at first. Raises `Refused`, `outbound.Busy`."""


class Discounter(Protocol):
    """Lets a source honour discount codes. Asked twice, there is one code; each raises `Refused`, `outbound.Busy`."""

    def write(self, discount: Discount) -> None:
        """Let the code be used once, until its time is over; nothing where it is known already."""

    def remove(self, code: str) -> None:
        """Let the code be used no more; nothing where it is not known."""
