"""Mailboxes, stored files, and sending."""

from opieka.channels.commands.accounts import (
    AddressTaken,
    BadAccount,
    change_account,
    move_cursor,
    note_receiving,
    note_sending,
    open_account,
    set_active,
    test_account,
)
from opieka.channels.commands.files import FileTooLarge, NewFile, store_file, store_files
from opieka.channels.commands.sending import (
    CannotSend,
    TooLate,
    cancel,
    claim,
    mark_bounced,
    mark_failed,
    mark_sent,
    release_lost,
    retry,
    send,
)

__all__ = [
    "AddressTaken",
    "BadAccount",
    "CannotSend",
    "FileTooLarge",
    "NewFile",
    "TooLate",
    "cancel",
    "change_account",
    "claim",
    "mark_bounced",
    "mark_failed",
    "mark_sent",
    "move_cursor",
    "note_receiving",
    "note_sending",
    "open_account",
    "release_lost",
    "retry",
    "send",
    "set_active",
    "store_file",
    "store_files",
    "test_account",
]
