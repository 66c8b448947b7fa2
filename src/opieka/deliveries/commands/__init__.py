"""Everything that writes parcels."""

from __future__ import annotations

from opieka.deliveries.commands.following import HAND_OVER, check_hand_over, follow, note_overdue
from opieka.deliveries.commands.noticing import dismiss_notice, keep_notices
from opieka.deliveries.commands.promising import NoSlot, promise
from opieka.deliveries.commands.sweeping import check_partly, sweep, sweep_orders
from opieka.deliveries.commands.taking import take, take_reading

__all__ = [
    "HAND_OVER",
    "NoSlot",
    "check_hand_over",
    "check_partly",
    "dismiss_notice",
    "follow",
    "keep_notices",
    "note_overdue",
    "promise",
    "sweep",
    "sweep_orders",
    "take",
    "take_reading",
]
