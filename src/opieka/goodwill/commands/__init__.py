"""Everything that changes what goodwill keeps."""

from __future__ import annotations

from opieka.goodwill.commands.feeling import feel, forget, rebuild
from opieka.goodwill.commands.giving import forget_coupons, grant, note_orders, use, withdraw

__all__ = ["feel", "forget", "forget_coupons", "grant", "note_orders", "rebuild", "use", "withdraw"]
