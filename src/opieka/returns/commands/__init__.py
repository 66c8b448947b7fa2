"""Everything that writes cases."""

from opieka.returns.commands.cancelling import (
    ANSWER,
    REFUND,
    AlreadyCancelled,
    CaseMovedOn,
    ask_cancellation,
    ask_shop,
    follow_orders,
    hold_in,
    note_answer,
    settle,
    take_back,
)
from opieka.returns.commands.telling import tell

__all__ = [
    "ANSWER",
    "REFUND",
    "AlreadyCancelled",
    "CaseMovedOn",
    "ask_cancellation",
    "ask_shop",
    "follow_orders",
    "hold_in",
    "note_answer",
    "settle",
    "take_back",
    "tell",
]
