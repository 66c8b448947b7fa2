"""What happened to cases, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from opieka.desk.pages.parts import Tone
from opieka.desk.presenters.cases import why
from opieka.kernel.facts import Fact
from opieka.returns import facts

Told = tuple[str, str, Tone]


def _needs_person(fact: facts.CancellationNeedsPerson) -> Told:
    return "alert-circle", _("Cancelling needs a person: %(why)s") % {"why": why(fact.why)}, Tone.SOON


SENTENCES: Mapping[type[Fact], Callable[[Any], Told]] = {
    facts.CancellationAsked: lambda _fact: ("x", _("Cancelling the order was asked for"), Tone.PLAIN),
    facts.CancellationTakenBack: lambda _fact: (
        "arrow-back-up",
        _("The wish to cancel was taken back"),
        Tone.PLAIN,
    ),
    facts.CancellationNeedsPerson: _needs_person,
    facts.CancellationGranted: lambda _fact: (
        "circle-check",
        _("The order was cancelled in time"),
        Tone.DONE,
    ),
    facts.CancellationTooLate: lambda _fact: (
        "alert-circle",
        _("It was too late to cancel the order"),
        Tone.LATE,
    ),
    facts.CancellationRefunded: lambda _fact: (
        "receipt-refund",
        _("All that was paid has been paid back"),
        Tone.DONE,
    ),
}
"""Icon, sentence and tone of each fact."""
