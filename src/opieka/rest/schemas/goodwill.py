"""How customers stand, and what brought them there."""

from __future__ import annotations

from datetime import datetime

from opieka.goodwill.types import Experience
from opieka.rest.fields import Out


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
