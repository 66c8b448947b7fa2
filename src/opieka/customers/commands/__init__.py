"""Recognising people, joining and parting them again, and what they allow."""

from opieka.customers.commands.changing import ContactPointTaken, add_contact_point, change, mark_reach
from opieka.customers.commands.consenting import BadWording, NeedsNoConsent, NotSaidYet, record_consent
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
    "NeedsNoConsent",
    "NotSaidYet",
    "SamePerson",
    "Unreachable",
    "add_contact_point",
    "change",
    "dismiss_suspicion",
    "mark_reach",
    "merge",
    "recognise",
    "recognise_many",
    "record_consent",
    "unmerge",
]
