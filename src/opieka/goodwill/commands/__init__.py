"""Everything that changes what goodwill keeps."""

from __future__ import annotations

from opieka.goodwill.commands.entering import confirm_in_shop, note_in_shop
from opieka.goodwill.commands.feeling import feel, forget, rebuild
from opieka.goodwill.commands.giving import (
    OverBudget,
    forget_coupons,
    grant,
    note_orders,
    note_use,
    use,
    withdraw,
)

__all__ = [
    "OverBudget",
    "confirm_in_shop",
    "feel",
    "forget",
    "forget_coupons",
    "grant",
    "note_in_shop",
    "note_orders",
    "note_use",
    "rebuild",
    "use",
    "withdraw",
]
