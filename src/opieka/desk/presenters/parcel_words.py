"""Single words for what can be said of a parcel: stages, reasons, who has it, what would have helped."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from opieka.deliveries.types import (
    Arrival,
    ChoiceCard,
    ChoiceKind,
    ChoiceState,
    HandedTo,
    Leg,
    NoticeKind,
    ParcelStage,
    PromiseSource,
    Reason,
    Remedy,
    RiskBand,
)
from opieka.desk.pages.parts import Chip, Tone

Word = str | Promise

STAGES: Mapping[ParcelStage, tuple[Word, Tone]] = {
    ParcelStage.UNKNOWN: (pgettext_lazy("parcel", "Unknown"), Tone.PLAIN),
    ParcelStage.LABEL_CREATED: (_("Waits for the carrier"), Tone.PLAIN),
    ParcelStage.ACCEPTED: (_("With the carrier"), Tone.PLAIN),
    ParcelStage.IN_TRANSIT: (_("On its way"), Tone.PLAIN),
    ParcelStage.OUT_FOR_DELIVERY: (_("Out for delivery"), Tone.NEW),
    ParcelStage.AWAITING_COLLECTION: (_("Waits to be collected"), Tone.SOON),
    ParcelStage.ATTEMPT_FAILED: (_("Nobody took it"), Tone.SOON),
    ParcelStage.EXCEPTION: (_("Held up"), Tone.LATE),
    ParcelStage.DELIVERED: (_("Delivered"), Tone.DONE),
    ParcelStage.RETURNING: (_("Going back to the shop"), Tone.LATE),
    ParcelStage.RETURNED: (_("Back at the shop"), Tone.PLAIN),
    ParcelStage.LOST: (_("Lost"), Tone.LATE),
    ParcelStage.CANCELLED: (pgettext_lazy("parcel", "Cancelled"), Tone.PLAIN),
}
REASONS: Mapping[Reason, Word] = {
    Reason.CARRIER_DELAY: _("delay at the carrier"),
    Reason.CARRIER_MISSORTED: _("sorted to the wrong place"),
    Reason.CARRIER_CAPACITY: _("too much for the carrier that day"),
    Reason.CARRIER_VEHICLE: _("trouble with the vehicle"),
    Reason.CARRIER_STRIKE: _("strike"),
    Reason.CARRIER_DAMAGED: _("damaged on the way"),
    Reason.CARRIER_LOST: _("lost on the way"),
    Reason.CARRIER_DESTROYED: _("destroyed on the way"),
    Reason.CARRIER_OVERSIZED: _("too big or too heavy"),
    Reason.CARRIER_REJECTED: _("not accepted by the carrier"),
    Reason.CARRIER_HELD: _("held by the carrier"),
    Reason.POINT_FULL: _("no room at the pickup point"),
    Reason.POINT_CLOSED: _("pickup point closed"),
    Reason.RETAILER_NOT_HANDED_OVER: _("not handed over yet"),
    Reason.RETAILER_LABEL: _("trouble with the label"),
    Reason.RETAILER_DOCUMENTS: _("documents are missing"),
    Reason.RETAILER_CANCELLED: _("called off by the shop"),
    Reason.CONSIGNEE_ABSENT: _("nobody at home"),
    Reason.CONSIGNEE_REFUSED: _("refused by the customer"),
    Reason.CONSIGNEE_WRONG_ADDRESS: _("wrong or incomplete address"),
    Reason.CONSIGNEE_UNKNOWN: _("name not known at the address"),
    Reason.CONSIGNEE_NO_ACCESS: _("no way in"),
    Reason.CONSIGNEE_NO_PAYMENT: _("cash on delivery not paid"),
    Reason.CONSIGNEE_NO_IDENTIFICATION: _("no proof of identity"),
    Reason.CONSIGNEE_CLOSED: _("business closed"),
    Reason.CONSIGNEE_RESCHEDULED: _("moved to another day by the customer"),
    Reason.CONSIGNEE_REDIRECTED: _("redirected by the customer"),
    Reason.CONSIGNEE_NOT_COLLECTED: _("not collected in time"),
    Reason.CUSTOMS_DELAY: _("at customs"),
    Reason.CUSTOMS_DOCUMENTS: _("customs ask for documents"),
    Reason.CUSTOMS_DUTIES: _("customs duties to be paid"),
    Reason.CUSTOMS_REFUSED: _("refused by customs"),
    Reason.WEATHER: _("weather"),
    Reason.SECURITY: _("security check"),
    Reason.OTHER: _("another reason"),
}
HANDED_TO: Mapping[HandedTo, Word] = {
    HandedTo.RECIPIENT: _("to the customer"),
    HandedTo.NEIGHBOUR: _("to a neighbour"),
    HandedTo.SAFE_PLACE: _("left in a safe place"),
    HandedTo.COLLECTED_AT_POINT: _("collected at the pickup point"),
    HandedTo.SHOP_STAFF: _("to the shop's staff"),
}
REMEDIES: Mapping[Remedy, Word] = {
    Remedy.SLOT: _("a time slot"),
    Remedy.NEIGHBOUR: _("a neighbour"),
    Remedy.SAFE_PLACE: _("a safe place"),
    Remedy.INSTRUCTIONS: _("instructions for the courier"),
    Remedy.ADDRESS_CHECK: _("checking the address at the checkout"),
    Remedy.PREPAYMENT: _("payment in advance"),
    Remedy.PICKUP_POINT: _("a pickup point"),
    Remedy.OPENING_HOURS: _("the opening hours"),
}
BANDS: Mapping[RiskBand, tuple[Word, Tone]] = {
    RiskBand.HIGH: (pgettext_lazy("risk", "High"), Tone.LATE),
    RiskBand.MEDIUM: (pgettext_lazy("risk", "Medium"), Tone.SOON),
    RiskBand.LOW: (pgettext_lazy("risk", "Low"), Tone.DONE),
}
PROMISED_BY: Mapping[PromiseSource, Word] = {
    PromiseSource.SHOP: _("by the shop"),
    PromiseSource.WAREHOUSE: _("by the warehouse"),
    PromiseSource.CARRIER: _("by the carrier"),
    PromiseSource.AGENT: _("by an agent"),
    PromiseSource.CUSTOMER: _("chosen by the customer"),
}
NOTICES: Mapping[NoticeKind, tuple[Word, Word]] = {
    NoticeKind.UNKNOWN_CARRIER: (
        _("Unknown carrier"),
        _("The parcel is kept, but nobody is asked about it. Open it and say whose it is."),
    ),
    NoticeKind.UNKNOWN_CODE: (
        _("Unknown code"),
        _("The report is shown with its parcel and changes nothing. Ask the carrier what the code means."),
    ),
    NoticeKind.MALFORMED: (
        _("Not readable"),
        _("This was left out, the rest was taken. Correct it at the sender and let it be sent again."),
    ),
    NoticeKind.IN_FUTURE: (
        _("Dated in the future"),
        _("It counts when its time has come. Check the clock and the time zone of the sender."),
    ),
    NoticeKind.SHARED_NUMBER: (
        _("Number of several carriers"),
        _("Each is followed as a parcel of its own. Let the sender name the carrier with the number."),
    ),
}
"""What was noticed, and what to do about it."""

CHOICES: Mapping[ChoiceKind, Word] = {
    ChoiceKind.SLOT: _("another day"),
    ChoiceKind.ADDRESS: _("another address"),
    ChoiceKind.NEIGHBOUR: _("leave it with a neighbour"),
    ChoiceKind.SAFE_PLACE: _("leave it in a safe place"),
    ChoiceKind.PICKUP_POINT: _("take it to a pickup point"),
    ChoiceKind.INSTRUCTIONS: _("a word to the courier"),
    ChoiceKind.HOLD: _("keep it for longer"),
    ChoiceKind.CANCEL: _("do not deliver it"),
}
CHOICE_STATES: Mapping[ChoiceState, tuple[Word, Tone]] = {
    ChoiceState.REQUESTED: (pgettext_lazy("choice", "Asked for"), Tone.NEW),
    ChoiceState.SENT: (pgettext_lazy("choice", "The carrier is asked"), Tone.NEW),
    ChoiceState.CONFIRMED: (pgettext_lazy("choice", "Arranged"), Tone.DONE),
    ChoiceState.REFUSED: (pgettext_lazy("choice", "Not possible"), Tone.LATE),
    ChoiceState.WITHDRAWN: (pgettext_lazy("choice", "Taken back"), Tone.PLAIN),
    ChoiceState.OVERTAKEN: (pgettext_lazy("choice", "Overtaken"), Tone.PLAIN),
}
ARRIVALS: Mapping[Arrival, Word] = {
    Arrival.WHOLE: _("everything arrived well"),
    Arrival.DAMAGED: _("something is damaged"),
    Arrival.MISSING: _("something is missing"),
    Arrival.WRONG_ITEM: _("it is the wrong thing"),
    Arrival.NOT_HERE: _("the parcel is not here"),
}


def stage(code: ParcelStage) -> Chip:
    """A stage as a chip."""
    word, tone = STAGES[code]
    return Chip(str(word), tone)


def reason(code: str) -> str:
    """A reason in words; "" for none and for one this version does not know."""
    return str(REASONS[Reason(code)]) if code in REASONS else ""


def because(text: str, code: str) -> str:
    """A sentence, and in brackets why."""
    why = reason(code)
    return gettext("%(what)s (%(why)s)") % {"what": text, "why": why} if why else text


def leg(code: Leg) -> str:
    """Which way it goes."""
    ways = {
        Leg.OUTBOUND: gettext("to the customer"),
        Leg.RETURNING_TO_SENDER: gettext("back to the shop"),
        Leg.CUSTOMER_RETURN: gettext("sent back by the customer"),
    }
    return ways[code]


def choice(code: str) -> str:
    """What a customer decided; its code for a kind this version does not know."""
    return str(CHOICES[ChoiceKind(code)]) if code in set(ChoiceKind) else code


def choice_state(card: ChoiceCard) -> Chip:
    """Where a decision stands, as a chip."""
    if card.state is ChoiceState.REQUESTED and card.by_hand:
        return Chip(gettext("To be arranged by the shop"), Tone.SOON)
    word, tone = CHOICE_STATES[card.state]
    return Chip(str(word), tone)


def arrival(code: str) -> str:
    """How it arrived, in the customer's word."""
    return str(ARRIVALS[Arrival(code)]) if code in set(Arrival) else code
