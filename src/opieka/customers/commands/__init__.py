"""Recognising people, joining and parting them again, what they allow, and erasing them."""

from opieka.customers.commands.changing import ContactPointTaken, add_contact_point, change, mark_reach
from opieka.customers.commands.consenting import BadWording, NeedsNoConsent, NotSaidYet, record_consent
from opieka.customers.commands.erasing import ErasedAlready, erase, erase_again, settle_erasures
from opieka.customers.commands.exporting import (
    begin_export,
    drop_exports,
    finish_export,
    request_export,
    save_part,
)
from opieka.customers.commands.loading import hold
from opieka.customers.commands.meeting import Unreachable, recognise, recognise_many
from opieka.customers.commands.merging import (
    AlreadyUndone,
    SamePerson,
    dismiss_suspicion,
    merge,
    unmerge,
)

__all__ = [
    "AlreadyUndone",
    "BadWording",
    "ContactPointTaken",
    "ErasedAlready",
    "NeedsNoConsent",
    "NotSaidYet",
    "SamePerson",
    "Unreachable",
    "add_contact_point",
    "begin_export",
    "change",
    "dismiss_suspicion",
    "drop_exports",
    "erase",
    "erase_again",
    "finish_export",
    "hold",
    "mark_reach",
    "merge",
    "recognise",
    "recognise_many",
    "record_consent",
    "request_export",
    "save_part",
    "settle_erasures",
    "unmerge",
]
