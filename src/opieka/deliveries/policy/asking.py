"""When a carrier is asked about a parcel again: the sooner, the more likely there is news."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from opieka.deliveries.types import TERMINAL, ParcelStage

S = ParcelStage
PAUSES: Mapping[ParcelStage, timedelta] = {
    S.UNKNOWN: timedelta(hours=6),
    S.LABEL_CREATED: timedelta(hours=6),
    S.ACCEPTED: timedelta(hours=3),
    S.IN_TRANSIT: timedelta(hours=2),
    S.OUT_FOR_DELIVERY: timedelta(minutes=20),
    S.AWAITING_COLLECTION: timedelta(hours=4),
    S.ATTEMPT_FAILED: timedelta(hours=2),
    S.EXCEPTION: timedelta(hours=3),
    S.RETURNING: timedelta(hours=12),
}
SLOWEST = timedelta(days=1)
FORGOTTEN = timedelta(days=60)
"""After so long without news nobody asks any more."""


def next_ask(
    stage: ParcelStage, *, last_at: datetime, now: datetime, expected_to: datetime | None = None
) -> datetime | None:
    """When to ask next; None for a parcel that has arrived, or of which nothing was heard for two months.

    `last_at` is its last news, or when it became known. The pause grows with the silence, and is short on the day
    it is expected.
    """
    if stage in TERMINAL or now - last_at > FORGOTTEN:
        return None
    pause = PAUSES[stage]
    silent = max(now - last_at, timedelta(0))
    if expected_to is not None and abs(expected_to - now) < timedelta(hours=12):
        pause = min(pause, timedelta(hours=1))
    else:
        pause = max(pause, min(silent / 6, SLOWEST))
    return now + pause
