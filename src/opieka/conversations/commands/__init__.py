"""Everything that changes a conversation."""

from opieka.conversations.commands.answering import note_failure, reply, start, undo_reply
from opieka.conversations.commands.forgetting import (
    Person,
    forget_customer,
    forget_old_sources,
    forget_old_spam,
)
from opieka.conversations.commands.handling import note_handled
from opieka.conversations.commands.indexing import learn_words
from opieka.conversations.commands.joining import join, part
from opieka.conversations.commands.macros import delete_macro, save_macro
from opieka.conversations.commands.receiving import receive, receive_many, receive_unreadable
from opieka.conversations.commands.steps import (
    assign,
    change_customer,
    mark_read,
    mark_spam,
    note,
    reopen,
    resolve,
    snooze,
    take,
    wake,
)
from opieka.conversations.commands.stopping import stop_texts
from opieka.conversations.commands.telling import tell
from opieka.conversations.commands.timing import keep_clock

__all__ = [
    "Person",
    "assign",
    "change_customer",
    "delete_macro",
    "forget_customer",
    "forget_old_sources",
    "forget_old_spam",
    "join",
    "keep_clock",
    "learn_words",
    "mark_read",
    "mark_spam",
    "note",
    "note_failure",
    "note_handled",
    "part",
    "receive",
    "receive_many",
    "receive_unreadable",
    "reopen",
    "reply",
    "resolve",
    "save_macro",
    "snooze",
    "start",
    "stop_texts",
    "take",
    "tell",
    "undo_reply",
    "wake",
]
