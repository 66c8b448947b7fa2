"""Everything that care does."""

from __future__ import annotations

from opieka.care.commands.noticing import notify, save_notice

__all__ = ["notify", "save_notice"]
