"""Everything that changes a conversation."""

from opieka.conversations.commands.joining import join, part
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

__all__ = [
    "assign",
    "change_customer",
    "join",
    "mark_read",
    "mark_spam",
    "note",
    "part",
    "receive",
    "receive_many",
    "receive_unreadable",
    "reopen",
    "resolve",
    "snooze",
    "take",
    "wake",
]
