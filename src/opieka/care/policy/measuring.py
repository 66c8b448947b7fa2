"""The difference of two proportions with its interval.

R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
(1998), method 10: the square-and-add of Wilson's intervals. It keeps its level for small numbers and for shares near
0 and 1, where the usual interval does not.
"""

from __future__ import annotations

import math
from datetime import timedelta

from opieka.care.types import Difference

WROTE_WITHIN, ORDERED_WITHIN = timedelta(days=14), timedelta(days=90)
"""So long a customer is watched for a message and for an order after a plan was opened."""
_Z = 1.959963984540054


def difference(contact: tuple[int, int], hold_out: tuple[int, int]) -> Difference:
    """Of (k, n) in the two shares: contact minus hold-out; without an interval while one share is empty."""
    (k1, n1), (k2, n2) = contact, hold_out
    counts = {"contact_k": k1, "contact_n": n1, "hold_out_k": k2, "hold_out_n": n2}
    if not n1 or not n2:
        return Difference(**counts, difference=None, low=None, high=None)
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    low = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    high = p1 - p2 + math.hypot(u1 - p1, p2 - l2)
    return Difference(**counts, difference=p1 - p2, low=low, high=high)


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a proportion."""
    p, z2 = k / n, _Z**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
