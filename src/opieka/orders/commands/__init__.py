"""Everything that writes orders."""

from __future__ import annotations

from opieka.orders.commands.applying import apply_orders, apply_reading
from opieka.orders.commands.cancelling import ask_to_cancel, hold_order, note_answer
from opieka.orders.commands.connecting import (
    MissingCredentials,
    UnknownConnector,
    begin_reading,
    connect,
    disconnect,
    note_failure,
    start_over,
    take_page,
)
from opieka.orders.commands.discounting import ask_to_forget, ask_to_honour, note_discount
from opieka.orders.commands.forgetting import forget_buyer
from opieka.orders.commands.noticing import dismiss_notice, keep_notices
from opieka.orders.commands.receiving import Receipt, receive

__all__ = [
    "MissingCredentials",
    "Receipt",
    "UnknownConnector",
    "apply_orders",
    "apply_reading",
    "ask_to_cancel",
    "ask_to_forget",
    "ask_to_honour",
    "begin_reading",
    "connect",
    "disconnect",
    "dismiss_notice",
    "forget_buyer",
    "hold_order",
    "keep_notices",
    "note_answer",
    "note_discount",
    "note_failure",
    "receive",
    "start_over",
    "take_page",
]
