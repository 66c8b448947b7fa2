"""What a shop without history goes by: days left to the promise, and whether the parcel is out for delivery.

The shares are those of real orders of 2016 to 2018 that were still open at the beginning of the day so many days before
the promised one: 52 of 100 came late three days before it, 60 two, 70 one.
"""

from __future__ import annotations

import math

from opieka.deliveries.policy.lateness.forecast import OUT_TODAY, told
from opieka.deliveries.types import DelayCause

STILL_OPEN = {3: 0.52, 2: 0.60, 1: 0.70, 0: 0.80}


def by_rule(promised: float, *, now: float, out: bool) -> tuple[float | None, str]:
    """The probability of being late and why; None and "" while nothing speaks for it. `promised` is the last day."""
    left = math.floor(promised) - math.floor(now)
    if left < 0:
        return 1.0, told(DelayCause.PROMISE_PASSED, -left, 0)
    if out:
        return OUT_TODAY, ""
    if left in STILL_OPEN:
        return STILL_OPEN[left], told(DelayCause.NOT_OUT_YET, 0, left)
    return None, ""
