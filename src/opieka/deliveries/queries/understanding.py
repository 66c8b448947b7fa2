"""What a customer's text about her delivery means."""

from __future__ import annotations

from datetime import datetime

from opieka.deliveries.types import Understood


def is_thanks(text: str, *, language: str) -> bool:
    """Whether somebody thanks and says nothing else."""
    from opieka.deliveries.policy import understanding

    return understanding.is_thanks(text, language=language)


def understand(text: str, *, language: str, at: datetime) -> Understood:
    """What she wants. `language` (pl, ru, el, en) is the one she is written to in; `at` is her local time.

    Never raises on any text. The vocabularies are loaded at the first call, 0.1 s."""
    from opieka.deliveries.policy import understanding

    return understanding.understand(text, language=language, at=at)
