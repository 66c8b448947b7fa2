"""Single words for what can be said of a parcel: stages, reasons, who has it, what would have helped."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opieka.deliveries.types import (
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
_l = gettext_lazy

STAGES: Mapping[ParcelStage, tuple[Word, Tone]] = {
    ParcelStage.UNKNOWN: (pgettext_lazy("parcel", "Unknown"), Tone.PLAIN),
    ParcelStage.LABEL_CREATED: (_l("Waits for the carrier"), Tone.PLAIN),
    ParcelStage.ACCEPTED: (_l("With the carrier"), Tone.PLAIN),
    ParcelStage.IN_TRANSIT: (_l("On its way"), Tone.PLAIN),
    ParcelStage.OUT_FOR_DELIVERY: (_l("Out for delivery"), Tone.NEW),
    ParcelStage.AWAITING_COLLECTION: (_l("Waits to be collected"), Tone.SOON),
    ParcelStage.ATTEMPT_FAILED: (_l("Nobody took it"), Tone.SOON),
    ParcelStage.EXCEPTION: (_l("Held up"), Tone.LATE),
    ParcelStage.DELIVERED: (_l("Delivered"), Tone.DONE),
    ParcelStage.RETURNING: (_l("Going back to the shop"), Tone.LATE),
    ParcelStage.RETURNED: (_l("Back at the shop"), Tone.PLAIN),
    ParcelStage.LOST: (_l("Lost"), Tone.LATE),
    ParcelStage.CANCELLED: (pgettext_lazy("parcel", "Cancelled"), Tone.PLAIN),
}
REASONS: Mapping[Reason, Word] = {
    Reason.CARRIER_DELAY: _l("delay at the carrier"),
    Reason.CARRIER_MISSORTED: _l("sorted to the wrong place"),
    Reason.CARRIER_CAPACITY: _l("too much for the carrier that day"),
    Reason.CARRIER_VEHICLE: _l("trouble with the vehicle"),
    Reason.CARRIER_STRIKE: _l("strike"),
    Reason.CARRIER_DAMAGED: _l("damaged on the way"),
    Reason.CARRIER_LOST: _l("lost on the way"),
    Reason.CARRIER_DESTROYED: _l("destroyed on the way"),
    Reason.CARRIER_OVERSIZED: _l("too big or too heavy"),
    Reason.CARRIER_REJECTED: _l("not accepted by the carrier"),
    Reason.CARRIER_HELD: _l("held by the carrier"),
    Reason.POINT_FULL: _l("no room at the pickup point"),
    Reason.POINT_CLOSED: _l("pickup point closed"),
    Reason.RETAILER_NOT_HANDED_OVER: _l("not handed over yet"),
    Reason.RETAILER_LABEL: _l("trouble with the label"),
    Reason.RETAILER_DOCUMENTS: _l("documents are missing"),
    Reason.RETAILER_CANCELLED: _l("called off by the shop"),
    Reason.CONSIGNEE_ABSENT: _l("nobody at home"),
    Reason.CONSIGNEE_REFUSED: _l("refused by the customer"),
    Reason.CONSIGNEE_WRONG_ADDRESS: _l("wrong or incomplete address"),
    Reason.CONSIGNEE_UNKNOWN: _l("name not known at the address"),
    Reason.CONSIGNEE_NO_ACCESS: _l("no way in"),
    Reason.CONSIGNEE_NO_PAYMENT: _l("cash on delivery not paid"),
    Reason.CONSIGNEE_NO_IDENTIFICATION: _l("no proof of identity"),
    Reason.CONSIGNEE_CLOSED: _l("business closed"),
    Reason.CONSIGNEE_RESCHEDULED: _l("moved to another day by the customer"),
    Reason.CONSIGNEE_REDIRECTED: _l("redirected by the customer"),
    Reason.CONSIGNEE_NOT_COLLECTED: _l("not collected in time"),
    Reason.CUSTOMS_DELAY: _l("at customs"),
    Reason.CUSTOMS_DOCUMENTS: _l("customs ask for documents"),
    Reason.CUSTOMS_DUTIES: _l("customs duties to be paid"),
    Reason.CUSTOMS_REFUSED: _l("refused by customs"),
    Reason.WEATHER: _l("weather"),
    Reason.SECURITY: _l("security check"),
    Reason.OTHER: _l("another reason"),
}
HANDED_TO: Mapping[HandedTo, Word] = {
    HandedTo.RECIPIENT: _l("to the customer"),
    HandedTo.NEIGHBOUR: _l("to a neighbour"),
    HandedTo.SAFE_PLACE: _l("left in a safe place"),
    HandedTo.COLLECTED_AT_POINT: _l("collected at the pickup point"),
    HandedTo.SHOP_STAFF: _l("to the shop's staff"),
}
REMEDIES: Mapping[Remedy, Word] = {
    Remedy.SLOT: _l("a time slot"),
    Remedy.NEIGHBOUR: _l("a neighbour"),
    Remedy.SAFE_PLACE: _l("a safe place"),
    Remedy.INSTRUCTIONS: _l("instructions for the courier"),
    Remedy.ADDRESS_CHECK: _l("checking the address at the checkout"),
    Remedy.PREPAYMENT: _l("payment in advance"),
    Remedy.PICKUP_POINT: _l("a pickup point"),
    Remedy.OPENING_HOURS: _l("the opening hours"),
}
BANDS: Mapping[RiskBand, tuple[Word, Tone]] = {
    RiskBand.HIGH: (pgettext_lazy("risk", "High"), Tone.LATE),
    RiskBand.MEDIUM: (pgettext_lazy("risk", "Medium"), Tone.SOON),
    RiskBand.LOW: (pgettext_lazy("risk", "Low"), Tone.DONE),
}
PROMISED_BY: Mapping[PromiseSource, Word] = {
    PromiseSource.SHOP: _l("by the shop"),
    PromiseSource.WAREHOUSE: _l("by the warehouse"),
    PromiseSource.CARRIER: _l("by the carrier"),
    PromiseSource.AGENT: _l("by an agent"),
    PromiseSource.CUSTOMER: _l("chosen by the customer"),
}
NOTICES: Mapping[NoticeKind, Word] = {
    NoticeKind.UNKNOWN_CARRIER: _l("Nobody knows this carrier"),
    NoticeKind.UNKNOWN_CODE: _l("Nobody knows this code; it changes nothing"),
    NoticeKind.MALFORMED: _l("This could not be read"),
    NoticeKind.IN_FUTURE: _l("Dated in the future; it counts when its time has come"),
    NoticeKind.SHARED_NUMBER: _l("Two carriers have this number"),
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
    return _("%(what)s (%(why)s)") % {"what": text, "why": why} if why else text


def leg(code: Leg) -> str:
    """Which way it goes."""
    ways = {
        Leg.OUTBOUND: _("to the customer"),
        Leg.RETURNING_TO_SENDER: _("back to the shop"),
        Leg.CUSTOMER_RETURN: _("sent back by the customer"),
    }
    return ways[code]


def why(code: str) -> str:
    """What speaks for a delay, as a sentence; "" for what this version does not know."""
    sentences = {
        "lane_slow": _("Parcels on this way usually take longer."),
        "sender_slow": _("This sender usually hands over later."),
        "promise_short": _("The promised time is short for this way."),
        "no_scan_for": _("There has been no news for longer than usual."),
        "drift": _("Parcels have been slower of late."),
        "rule_near": _("The promise is near, and it is not out for delivery yet."),
    }
    return sentences.get(code, "")
