"""Everything that writes parcels."""

from __future__ import annotations

from opieka.deliveries.commands.noticing import dismiss_notice, keep_notices
from opieka.deliveries.commands.promising import NoSlot, promise
from opieka.deliveries.commands.taking import take, take_reading

__all__ = [
    "NoSlot",
    "dismiss_notice",
    "keep_notices",
    "promise",
    "take",
    "take_reading",
]
