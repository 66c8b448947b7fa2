"""One parcel in a customer's words: the state first, then why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from opieka.deliveries.types import HandedTo, ParcelCard, ParcelStage, Reason, RiskBand
from opieka.portal.pages import StepMark
from opieka.portal.presenters.days import Days, dated

S = ParcelStage


class Told(NamedTuple):
    """The state in one sentence, its tone (good, soon, bad, plain), and why."""

    state: str
    tone: str
    why: str = ""


WHY: Mapping[Reason, str | Promise] = {
    Reason.CARRIER_DELAY: gettext_lazy("The carrier is slower than planned."),
    Reason.CARRIER_MISSORTED: gettext_lazy("It took a wrong turn and is being sent the right way."),
    Reason.CARRIER_CAPACITY: gettext_lazy("The carrier has more parcels than it can bring."),
    Reason.CARRIER_VEHICLE: gettext_lazy("The van broke down."),
    Reason.CARRIER_STRIKE: gettext_lazy("There is a strike at the carrier."),
    Reason.CARRIER_DAMAGED: gettext_lazy("The carrier says that it was damaged on the way."),
    Reason.POINT_FULL: gettext_lazy("The pickup point was full."),
    Reason.POINT_CLOSED: gettext_lazy("The pickup point was closed."),
    Reason.CONSIGNEE_ABSENT: gettext_lazy("Nobody was there to take it."),
    Reason.CONSIGNEE_REFUSED: gettext_lazy("It was refused at the door."),
    Reason.CONSIGNEE_WRONG_ADDRESS: gettext_lazy("The carrier could not find the address."),
    Reason.CONSIGNEE_UNKNOWN: gettext_lazy("The carrier could not find the name at the address."),
    Reason.CONSIGNEE_NO_ACCESS: gettext_lazy("The courier could not get to the door."),
    Reason.CONSIGNEE_NO_PAYMENT: gettext_lazy("The amount to be paid was not there."),
    Reason.CONSIGNEE_NO_IDENTIFICATION: gettext_lazy("The courier has to see an identity card."),
    Reason.CONSIGNEE_CLOSED: gettext_lazy("The place was closed."),
    Reason.CONSIGNEE_NOT_COLLECTED: gettext_lazy("It was not collected in time."),
    Reason.CUSTOMS_DELAY: gettext_lazy("It is at the customs."),
    Reason.CUSTOMS_DOCUMENTS: gettext_lazy("The customs want a document."),
    Reason.CUSTOMS_DUTIES: gettext_lazy("Duties have to be paid."),
    Reason.WEATHER: gettext_lazy("The weather slows the carrier down."),
}
"""What a customer can do something with; the shop's own slips and the carrier's inner words are not among it."""
_HANDED: Mapping[HandedTo, str | Promise] = {
    HandedTo.NEIGHBOUR: gettext_lazy("A neighbour has it."),
    HandedTo.SAFE_PLACE: gettext_lazy("It lies in the safe place."),
    HandedTo.COLLECTED_AT_POINT: gettext_lazy("It was collected at the pickup point."),
}


def told(card: ParcelCard, days: Days) -> Told:
    """Where a parcel stands."""
    return _STAGES.get(card.stage, _coming)(card, days)


def when(card: ParcelCard, days: Days) -> str:
    """When it comes: the promise while it holds, else what is expected; "" when nobody knows."""
    promised = (card.promised_from, card.promised_to)
    expected = (card.expected_from, card.expected_to)
    told_by_carrier = (card.carrier_from, card.carrier_to)
    order = (expected, told_by_carrier) if _moved(card) else (promised, expected, told_by_carrier)
    for first, last in order:
        if last is not None and days.of(last) >= days.today:
            return days.between(days.of(first or last), days.of(last))
    return ""


def _moved(card: ParcelCard) -> bool:
    """Whether the promise is broken, or will more probably be than not: then what is expected is the honest answer."""
    return card.late_at is not None or card.band is RiskBand.HIGH


def _coming(card: ParcelCard, days: Days) -> Told:
    comes, why = when(card, days), reason(card)
    if card.late_at is not None:
        return _later(_("We are sorry, your parcel is late."), "bad", comes, why)
    if card.lost_at is not None or card.stale_at is not None:
        return Told(_("We have had no news of your parcel for longer than usual."), "soon", why)
    if card.band is RiskBand.HIGH:
        state = _("Your parcel will probably come later than promised. We are sorry.")
        return _later(state, "soon", comes, why)
    if comes:
        return Told(_("Your parcel comes %(when)s.") % {"when": comes}, "plain", why)
    return Told(_("Your parcel is on its way."), "plain", why)


def _later(state: str, tone: str, comes: str, why: str) -> Told:
    more = _("It is now expected %(when)s.") % {"when": comes} if comes else ""
    return Told(state, tone, " ".join(part for part in (more, why) if part))


def _packed(card: ParcelCard, days: Days) -> Told:
    found = _coming(card, days)
    return (
        found if found.tone != "plain" else found._replace(why=_("It is packed and waits for the carrier."))
    )


def _out(card: ParcelCard, days: Days) -> Told:
    first, last = card.promised_from, card.promised_to
    if first and last and days.of(first) == days.of(last) == days.today:
        begins, ends = (f"{at.astimezone(days.zone):%H:%M}" for at in (first, last))
        if begins != "00:00":
            state = _("Your parcel comes today between %(first)s and %(last)s.")
            return Told(state % {"first": begins, "last": ends}, "good")
    return Told(_("Your parcel comes today."), "good", _("The courier has it on the van."))


def _waiting(card: ParcelCard, days: Days) -> Told:
    place = ", ".join(part for part in (card.depot, card.city) if part)
    where = _("It is at %(place)s.") % {"place": place} if place else ""
    if card.collect_by is None:
        return Told(_("Your parcel waits for you at the pickup point."), "good", where)
    until = {"when": days.until(card.collect_by)}
    return Told(_("Your parcel waits for you. Collect it by: %(when)s.") % until, "good", where)


def _attempted(card: ParcelCard, days: Days) -> Told:
    comes = when(card, days)
    next_time = _("The courier comes again %(when)s.") % {"when": comes} if comes else ""
    why = " ".join(part for part in (reason(card), next_time) if part)
    return Told(_("The courier came and could not hand your parcel over."), "soon", why)


def _held(card: ParcelCard, days: Days) -> Told:
    return Told(_("Your parcel is held up."), "bad", reason(card))


def _delivered(card: ParcelCard, days: Days) -> Told:
    handed = str(_HANDED.get(card.handed_to, ""))
    if card.delivered_at is None:
        return Told(_("Your parcel was delivered."), "good", handed)
    on = days.of(card.delivered_at)
    day = {"when": _("today") if on == days.today else dated(on)}
    return Told(_("Your parcel was delivered: %(when)s.") % day, "good", handed)


def _returning(card: ParcelCard, days: Days) -> Told:
    return Told(_("Your parcel is on its way back to us."), "bad", reason(card))


def _returned(card: ParcelCard, days: Days) -> Told:
    return Told(_("Your parcel came back to us."), "bad", _("Write to us how it should go on."))


def _lost(card: ParcelCard, days: Days) -> Told:
    sorry = _("We are sorry: the carrier has lost your parcel.")
    return Told(sorry, "bad", _("Write to us whether you want it sent again or your money back."))


def _cancelled(card: ParcelCard, days: Days) -> Told:
    return Told(_("This parcel is not sent."), "plain")


_STAGES: Mapping[ParcelStage, Callable[[ParcelCard, Days], Told]] = {
    S.LABEL_CREATED: _packed,
    S.OUT_FOR_DELIVERY: _out,
    S.AWAITING_COLLECTION: _waiting,
    S.ATTEMPT_FAILED: _attempted,
    S.EXCEPTION: _held,
    S.DELIVERED: _delivered,
    S.RETURNING: _returning,
    S.RETURNED: _returned,
    S.LOST: _lost,
    S.CANCELLED: _cancelled,
}


def reason(card: ParcelCard) -> str:
    """Why, as far as it helps to know."""
    return str(WHY.get(card.reason, ""))


_PACKED, _WAY = pgettext_lazy("step", "Packed"), pgettext_lazy("step", "On its way")
_AT: Mapping[ParcelStage, int] = {
    S.LABEL_CREATED: 0,
    S.ACCEPTED: 1,
    S.IN_TRANSIT: 1,
    S.EXCEPTION: 1,
    S.OUT_FOR_DELIVERY: 2,
    S.ATTEMPT_FAILED: 2,
    S.AWAITING_COLLECTION: 2,
    S.DELIVERED: 3,
}


def steps(card: ParcelCard, days: Days) -> tuple[StepMark, ...]:
    """The line of steps; none for a parcel that does not come."""
    if card.stage in {S.RETURNING, S.RETURNED, S.LOST, S.CANCELLED}:
        return ()
    at = _AT.get(card.stage, 0)
    waits = card.stage is S.AWAITING_COLLECTION or card.ready_at is not None
    third = pgettext("step", "At the pickup point") if waits else pgettext("step", "With the courier")
    moments = (card.label_at or card.created_at, card.handed_over_at, card.ready_at, card.delivered_at)
    words = (str(_PACKED), str(_WAY), third, pgettext("step", "With you"))
    return tuple(
        StepMark(
            text=word,
            state="done" if number < at or at == len(words) - 1 else "now" if number == at else "next",
            when=dated(days.of(moment)) if moment is not None and number <= at else "",
        )
        for number, (word, moment) in enumerate(zip(words, moments, strict=True))
    )
