"""Everything that changes what goodwill keeps."""

from __future__ import annotations

from opieka.goodwill.commands.feeling import feel, forget, rebuild

__all__ = ["feel", "forget", "rebuild"]
