"""What a customer answers about her delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ReplyIntent(StrEnum):
    """What she wants; docs/algorithms/understanding.md defines each."""

    RESCHEDULE = "reschedule"
    TIME_WINDOW = "time_window"
    NEIGHBOUR = "neighbour"
    SAFE_PLACE = "safe_place"
    PICKUP_POINT = "pickup_point"
    ADDRESS = "address"
    HOLD = "hold"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    REJECT = "reject"
    STOP = "stop"
    QUESTION = "question"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A reply understood. Dates are her local ones, times `HH:MM`, `place` her own words; None is open or not told.

    `confidence` is 0 to 1; below 0.5 a person should read the text."""

    intent: ReplyIntent
    date_from: date | None = None
    date_to: date | None = None
    time_from: str | None = None
    time_to: str | None = None
    place: str | None = None
    confidence: float
