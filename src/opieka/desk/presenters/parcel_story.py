"""What happened to parcels, in words: icon, sentence and tone for every fact of deliveries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opieka.deliveries import facts
from opieka.deliveries.types import Arrival, HandedTo
from opieka.desk.pages.parts import Tone
from opieka.desk.presenters import parcel_words as words
from opieka.desk.presenters.reader import Reader
from opieka.kernel.facts import Fact

Told = tuple[str, str, Tone]


def _fixed(icon: str, sentence: Callable[[], str], tone: Tone = Tone.PLAIN) -> Callable[[Any, Reader], Told]:
    return lambda fact, _reader: (icon, sentence(), tone)


def _out(fact: facts.ParcelOutForDelivery, _reader: Reader) -> Told:
    text = _("Out for delivery") if fact.attempt < 2 else _("Out for delivery again")
    return "truck-delivery", text, Tone.NEW


def _ready(fact: facts.ParcelReadyForCollection, reader: Reader) -> Told:
    if fact.collect_by is None:
        return "package", _("Waits to be collected"), Tone.SOON
    return (
        "package",
        _("Waits to be collected until %(day)s") % {"day": reader.day(fact.collect_by)},
        Tone.SOON,
    )


def _attempt(fact: facts.ParcelAttemptFailed, _reader: Reader) -> Told:
    return "alert-triangle", words.because(_("Nobody took the parcel"), fact.reason), Tone.SOON


def _delay(fact: facts.ParcelDelayExpected | facts.OrderDelayExpected, reader: Reader) -> Told:
    chance = {"chance": f"{round(fact.probability * 100)} %"}
    if fact.expected_to is None:
        return "clock", _("A delay is to be expected (%(chance)s)") % chance, Tone.SOON
    text = _("A delay is to be expected (%(chance)s), probably there by %(day)s")
    return "clock", text % (chance | {"day": reader.day(fact.expected_to)}), Tone.SOON


def _late(fact: facts.ParcelLate, reader: Reader) -> Told:
    return (
        "clock",
        _("The parcel is late, promised for %(day)s") % {"day": reader.day(fact.promised_to)},
        Tone.LATE,
    )


def _stale(fact: facts.ParcelStale, reader: Reader) -> Told:
    text = _("No news of the parcel since %(day)s") % {"day": reader.day(fact.last_at)}
    return "alert-triangle", text, Tone.SOON


def _lost(fact: facts.ParcelLost, _reader: Reader) -> Told:
    text = _("The parcel must be taken as lost") if fact.presumed else _("The carrier has lost the parcel")
    return "alert-circle", text, Tone.LATE


def _held(fact: facts.ParcelHeld, _reader: Reader) -> Told:
    return "alert-triangle", words.because(_("The parcel is held up"), fact.reason), Tone.LATE


def _delivered(fact: facts.ParcelDelivered, _reader: Reader) -> Told:
    handed = words.HANDED_TO.get(HandedTo(fact.handed_to)) if fact.handed_to in set(HandedTo) else None
    text = _("Parcel delivered %(how)s") % {"how": handed} if handed else _("Parcel delivered")
    if fact.late_days <= 0:
        return "package", text, Tone.DONE
    late = ngettext("%(count)s day late", "%(count)s days late", fact.late_days) % {"count": fact.late_days}
    return "package", f"{text}, {late}", Tone.LATE


def _returning(fact: facts.ParcelReturning, _reader: Reader) -> Told:
    return "arrow-back-up", words.because(_("The parcel goes back to the shop"), fact.reason), Tone.LATE


def _promise(fact: facts.PromiseMade, reader: Reader) -> Told:
    day = {"day": reader.day(fact.promised_to)}
    text = _("New date told: %(day)s") if fact.earlier else _("Promised for %(day)s")
    return "clock", text % day, Tone.PLAIN


def _promise_back(fact: facts.PromiseTakenBack, reader: Reader) -> Told:
    if fact.earlier is None:
        return "clock", _("The date told was taken back"), Tone.PLAIN
    text = _("The date told was taken back; %(day)s counts again")
    return "clock", text % {"day": reader.day(fact.earlier)}, Tone.PLAIN


def _overdue(fact: facts.HandOverOverdue, reader: Reader) -> Told:
    text = _("The carrier still waits for the order, due %(when)s")
    return "building", text % {"when": reader.day_and_time(fact.due_at)}, Tone.LATE


def _partly(fact: facts.OrderPartlyDelivered, _reader: Reader) -> Told:
    text = ngettext(
        "A part of the order is there, %(count)s parcel is missing",
        "A part of the order is there, %(count)s parcels are missing",
        fact.missing,
    )
    return "package", text % {"count": fact.missing}, Tone.LATE


def _chosen(fact: facts.DeliveryChosen, _reader: Reader) -> Told:
    tone = Tone.SOON if fact.by_hand else Tone.PLAIN
    return "message", _("Chosen by the customer: %(what)s") % {"what": words.choice(fact.choice)}, tone


def _confirmed(fact: facts.ChoiceConfirmed, _reader: Reader) -> Told:
    return "check", _("Arranged: %(what)s") % {"what": words.choice(fact.choice)}, Tone.DONE


def _refused(fact: facts.ChoiceRefused, _reader: Reader) -> Told:
    return "x", _("Not possible: %(what)s") % {"what": words.choice(fact.choice)}, Tone.LATE


def _dropped(fact: facts.ChoiceDropped, _reader: Reader) -> Told:
    return "arrow-back-up", _("Counts no more: %(what)s") % {"what": words.choice(fact.choice)}, Tone.PLAIN


def _arrived(fact: facts.ArrivalTold, _reader: Reader) -> Told:
    tone = Tone.DONE if fact.arrival == Arrival.WHOLE else Tone.LATE
    return "package", _("The customer says: %(what)s") % {"what": words.arrival(fact.arrival)}, tone


SENTENCES: Mapping[type[Fact], Callable[[Any, Reader], Told]] = {
    facts.ParcelAnnounced: _fixed("package", lambda: _("Parcel announced to the carrier")),
    facts.ParcelShipped: _fixed("truck-delivery", lambda: _("The carrier has the parcel")),
    facts.ParcelOutForDelivery: _out,
    facts.ParcelReadyForCollection: _ready,
    facts.ParcelAttemptFailed: _attempt,
    facts.ParcelDelayExpected: _delay,
    facts.ParcelLate: _late,
    facts.ParcelStale: _stale,
    facts.ParcelLost: _lost,
    facts.ParcelNotLost: _fixed("package", lambda: _("The parcel is not taken as lost any more")),
    facts.ParcelDamaged: _fixed("alert-circle", lambda: _("The carrier reports damage"), Tone.LATE),
    facts.ParcelHeld: _held,
    facts.ParcelDelivered: _delivered,
    facts.ParcelReturning: _returning,
    facts.ParcelReturned: _fixed("arrow-back-up", lambda: _("The parcel is back at the shop")),
    facts.ParcelCancelled: _fixed("x", lambda: _("Parcel cancelled")),
    facts.PromiseMade: _promise,
    facts.PromiseTakenBack: _promise_back,
    facts.OrderDelayExpected: _delay,
    facts.HandOverOverdue: _overdue,
    facts.OrderPartlyDelivered: _partly,
    facts.DeliveryChosen: _chosen,
    facts.ChoiceConfirmed: _confirmed,
    facts.ChoiceRefused: _refused,
    facts.ChoiceDropped: _dropped,
    facts.ArrivalTold: _arrived,
    facts.OrderPageLocked: _fixed("lock", lambda: _("Links to the order's page were made void")),
}
