"""Reading what care does. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.care.queries.wording import notice_text

__all__ = ["notice_text"]
