"""Figures about carriers, with how sure they are; and whose delay a delay is."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from opieka.deliveries.types import RiskBand, Share

Z = 1.959964
"""95 % of a normal distribution lie within so many standard deviations."""
HIGH, MEDIUM = 0.5, 0.2


def share(k: int, n: int) -> Share:
    """`k` of `n` with Wilson's 95 % interval (Wilson 1927), which holds for few and for none, too."""
    if not n:
        return Share(k=k, n=n, share=None, low=None, high=None)
    p = k / n
    middle, width = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return Share(
        k=k, n=n, share=p, low=max((middle - width) / scale, 0.0), high=min((middle + width) / scale, 1.0)
    )


def mean_interval(mean: float, deviation: float | None, n: int) -> tuple[float, float] | None:
    """The 95 % interval of a mean by the normal approximation; None below two values."""
    if n < 2 or deviation is None:
        return None
    width = Z * deviation / math.sqrt(n)
    return max(mean - width, 0.0), mean + width


def band(risk: float | None) -> RiskBand | None:
    """The band of a probability of being late; None when none was reckoned."""
    if risk is None:
        return None
    return RiskBand.HIGH if risk >= HIGH else RiskBand.MEDIUM if risk >= MEDIUM else RiskBand.LOW


def parts(
    *, promised_to: datetime, there_at: datetime, handed_over_at: datetime | None, due_at: datetime | None
) -> tuple[timedelta, timedelta]:
    """How much of a lateness arose before the hand-over and how much after.

    What a parcel was handed over later than was due is the warehouse's, at most all of it; the rest is the carrier's.
    Without a due time for the hand-over only what was handed over after the promise itself is the warehouse's.
    """
    late = max(there_at - promised_to, timedelta(0))
    if handed_over_at is None:
        return timedelta(0), late
    warehouse = min(max(handed_over_at - (due_at or promised_to), timedelta(0)), late)
    return warehouse, late - warehouse
