"""What care does, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opieka.care.types import IncidentKind, ParcelNews, Severity, StepKind
from opieka.desk.pages.parts import Tone

NOTICES: Mapping[ParcelNews, Promise] = {
    ParcelNews.ACCEPTED: _("The carrier has the parcel"),
    ParcelNews.OUT_FOR_DELIVERY: _("Out for delivery"),
    ParcelNews.READY: _("Waits to be collected"),
    ParcelNews.ATTEMPTED: _("Nobody took the parcel"),
    ParcelNews.DELIVERED: _("Delivered"),
}
INCIDENTS: Mapping[IncidentKind, Promise] = {
    IncidentKind.DELAY_EXPECTED: _("Will probably be late"),
    IncidentKind.LATE: _("Late"),
    IncidentKind.STALE: _("No news"),
    IncidentKind.LOST: _("Lost"),
    IncidentKind.DAMAGED: _("Damaged"),
    IncidentKind.SENT_BACK: _("On its way back"),
    IncidentKind.WAITING: _("Not collected yet"),
    IncidentKind.PARTLY: _("Only a part is there"),
    IncidentKind.NOT_HERE: _("Said to be delivered, not here"),
    IncidentKind.MISSING: _("Something is missing"),
    IncidentKind.WRONG: _("Wrong thing"),
    IncidentKind.UNANSWERED: _("No answer"),
    IncidentKind.BAD_ANSWER: _("Had to write again"),
}
SEVERITIES: Mapping[Severity, tuple[Promise, Tone]] = {
    Severity.LOW: (_("low"), Tone.PLAIN),
    Severity.MIDDLE: (_("middle"), Tone.SOON),
    Severity.HIGH: (_("high"), Tone.LATE),
    Severity.GRAVE: (_("grave"), Tone.LATE),
}
STEPS: Mapping[StepKind, Promise] = {
    StepKind.APOLOGISE: _("Apologise"),
    StepKind.NEW_DATE: _("Tell the new date"),
    StepKind.OFFER: _("Offer another day or place"),
    StepKind.REMIND: _("Remind of the collection"),
    StepKind.ANSWER: _("Answer the customer"),
    StepKind.ASK_CARRIER: _("Ask the carrier"),
    StepKind.CALL: _("Call the customer"),
    StepKind.REPLACE: _("Send the goods again"),
    StepKind.REFUND_DELIVERY: _("Refund the delivery"),
    StepKind.GOODWILL: _("Give something as a sign of goodwill"),
}
TROUBLES: Mapping[str, Promise] = {
    "unreachable": _("No way leads to the customer."),
    "declined": _("The customer does not want to be written to."),
    "nothing": _("Nothing is known yet that could be told."),
    "loop": _("Only a program would have read it."),
}
