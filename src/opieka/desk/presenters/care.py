"""What care does, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.care.types import IncidentKind, Move, ParcelNews, Severity, StepKind
from opieka.deliveries.types import ReplyIntent
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
HINTS: Mapping[StepKind, Promise] = {
    StepKind.ANSWER: _("Answer in the conversation; the silence is over then."),
    StepKind.ASK_CARRIER: _("The number for the carrier stands on the parcel's page."),
    StepKind.CALL: _("The number stands on the customer's page. Note what was agreed in the conversation."),
    StepKind.REPLACE: _("Send the goods again from the shop's system, then say so here."),
    StepKind.REFUND_DELIVERY: _(
        "Pay the delivery back in the shop's system. When the shop reports the refund, this is done."
    ),
    StepKind.GOODWILL: _("Give a coupon on the customer's page; this playbook names no amount."),
}
"""What a person does for a step that waits for one."""
TROUBLES: Mapping[str, Promise] = {
    "enter_code": _(
        "Enter the coupon's code in the shop's system, and say so beside the coupon: then it is sent."
    ),
    "over_budget": _("It is more than the budget still holds."),
    "made_up": _("Good experiences have made up for it already: a person decides whether to give more."),
    "unreachable": _("No way leads to the customer."),
    "declined": _("The customer does not want to be written to."),
    "nothing": _("Nothing is known yet that could be told."),
    "loop": _("Only a program would have read it."),
}
INTENTS: Mapping[ReplyIntent, Promise] = {
    ReplyIntent.RESCHEDULE: pgettext_lazy("wish", "another day"),
    ReplyIntent.TIME_WINDOW: pgettext_lazy("wish", "other hours"),
    ReplyIntent.NEIGHBOUR: pgettext_lazy("wish", "leave it with a neighbour"),
    ReplyIntent.SAFE_PLACE: pgettext_lazy("wish", "leave it in a safe place"),
    ReplyIntent.PICKUP_POINT: pgettext_lazy("wish", "to a pickup point"),
    ReplyIntent.ADDRESS: pgettext_lazy("wish", "to another address"),
    ReplyIntent.HOLD: pgettext_lazy("wish", "keep it for longer"),
    ReplyIntent.CANCEL: pgettext_lazy("wish", "cancel the order"),
    ReplyIntent.CONFIRM: pgettext_lazy("wish", "yes"),
    ReplyIntent.REJECT: pgettext_lazy("wish", "no"),
    ReplyIntent.STOP: pgettext_lazy("wish", "no more texts"),
    ReplyIntent.QUESTION: pgettext_lazy("wish", "a question"),
    ReplyIntent.UNCLEAR: pgettext_lazy("wish", "not clear"),
}
MOVES: Mapping[Move, tuple[Promise, Tone]] = {
    Move.ACTED: (_("Done by itself"), Tone.DONE),
    Move.ASKED: (_("Asked back"), Tone.PLAIN),
    Move.WHICH: (_("Asked which one"), Tone.PLAIN),
    Move.OFFERED: (_("Told what is possible"), Tone.PLAIN),
    Move.TAKEN_BACK: (_("Taken back by the customer"), Tone.PLAIN),
    Move.KEPT: (_("Nothing changed"), Tone.PLAIN),
    Move.NOTED: (_("Nothing to do"), Tone.PLAIN),
    Move.STOPPED: (_("Texts are stopped"), Tone.PLAIN),
    Move.PASSED: (_("Somebody has to read it"), Tone.SOON),
}
