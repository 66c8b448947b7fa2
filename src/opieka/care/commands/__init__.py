"""Everything that care does."""

from __future__ import annotations

from opieka.care.commands.ending import delivered, end, forget, note_messages, note_orders
from opieka.care.commands.giving import follow_coupon, note_refund
from opieka.care.commands.noticing import notify, save_notice
from opieka.care.commands.opening import report, report_parcel
from opieka.care.commands.outcomes import NotUndoable, tell_choice, undo_text
from opieka.care.commands.planning import take_plan
from opieka.care.commands.playbooks import save_playbook
from opieka.care.commands.replying import take_text
from opieka.care.commands.running import close_plan, do_step, skip_step
from opieka.care.commands.watching import count_reopening, watch_collection

__all__ = [
    "NotUndoable",
    "close_plan",
    "count_reopening",
    "delivered",
    "do_step",
    "end",
    "follow_coupon",
    "forget",
    "note_messages",
    "note_orders",
    "note_refund",
    "notify",
    "report",
    "report_parcel",
    "save_notice",
    "save_playbook",
    "skip_step",
    "take_plan",
    "take_text",
    "tell_choice",
    "undo_text",
    "watch_collection",
]
