"""One parcel in words: what is known, what is expected and why, and every report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opieka.customers.types import CustomerCard
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import (
    ArrivalCard,
    ChoiceCard,
    ChoiceState,
    Leg,
    ParcelCard,
    PromiseCard,
    ReportCard,
)
from opieka.desk.pages.parcels import ArrivalLine, ChoiceLine, ParcelPage, ReportLine
from opieka.desk.pages.parts import Act, Choice, Field, FieldKind, Form, Link, Section
from opieka.desk.presenters import parcel_words as words
from opieka.desk.presenters.carrier_keys import KEYS
from opieka.desk.presenters.parcels import expected, explained, trouble
from opieka.desk.presenters.reader import Reader, country_name
from opieka.orders.types import OrderCard


@dataclass(frozen=True)
class About:
    """What is known about a parcel beside itself."""

    card: ParcelCard
    order: OrderCard | None
    customer: CustomerCard | None
    promises: Sequence[PromiseCard]
    choices: Sequence[ChoiceCard]
    arrival: ArrivalCard | None


def page(about: About, reader: Reader, *, may_act: bool, error: str = "") -> ParcelPage:
    """Everything about one parcel; `error` is why a new promise was refused."""
    card, order, customer = about.card, about.order, about.customer
    return ParcelPage(
        number=card.number,
        carrier=card.carrier_title or _("Unknown carrier"),
        live=f"parcel:{card.id}",
        stage=words.stage(card.stage),
        trouble=trouble(card),
        facts=tuple(_facts(card, reader)),
        explained=explained(card, reader),
        helped=_helped(card),
        reports=tuple(_report(one, reader) for one in reversed(card.reports)),
        promises=tuple(_promises(about.promises, reader)),
        choices=tuple(_choice(one, reader, may_act=may_act) for one in about.choices),
        arrival=_arrival(about.arrival, reader) if about.arrival else None,
        order=Link(f"#{order.number.lstrip('#')}", reverse("desk:order", args=[order.id])) if order else None,
        customer=Link(customer.title, reverse("desk:customer", args=[customer.id])) if customer else None,
        follow=Link(_("Follow it at the carrier"), card.page) if card.page else None,
        ask=_ask(card) if may_act and card.delivered_at is None else None,
        promise=_form(card, error) if may_act and order and card.delivered_at is None else None,
        whose=_whose(card) if may_act and not card.carrier else None,
    )


def _facts(card: ParcelCard, reader: Reader) -> Iterator[tuple[str, str]]:
    country = country_name(card.destination_country, reader.language) if card.destination_country else ""
    known = (
        (_("Reason"), words.reason(card.reason)),
        (_("Promised"), _span(card.promised_from, card.promised_to, reader)),
        (_("Expected"), expected(card, reader)),
        (_("The carrier says"), _span(None, card.carrier_to, reader)),
        (_("To be collected by"), _span(None, card.collect_by, reader)),
        (_("With the carrier since"), _span(None, card.handed_over_at, reader)),
        (_("Delivered"), _delivered(card, reader)),
        (_("Failed attempts"), reader.number(card.attempts) if card.attempts else ""),
        (pgettext("parcel", "To"), " ".join(part for part in (card.destination_postcode, country) if part)),
        (_("Last seen at"), ", ".join(part for part in (card.depot, card.city) if part)),
        (_("Sent by"), card.sender),
        (_("Service"), card.service),
        (_("Reference"), card.reference),
        (_("Direction"), words.leg(card.leg) if card.leg is not Leg.OUTBOUND else ""),
    )
    return ((name, value) for name, value in known if value)


def _delivered(card: ParcelCard, reader: Reader) -> str:
    handed = words.HANDED_TO.get(card.handed_to)
    at = _span(None, card.delivered_at, reader)
    return f"{at}, {handed}" if at and handed else at


def _helped(card: ParcelCard) -> str:
    if not card.remedies:
        return ""
    what = ", ".join(str(words.REMEDIES[one]) for one in card.remedies)
    return _("What would have helped at the first attempt: %(what)s.") % {"what": what}


def _report(one: ReportCard, reader: Reader) -> ReportLine:
    return ReportLine(
        when=reader.when(one.at),
        stage=words.stage(one.stage),
        text=words.reason(one.reason),
        words=one.raw_text,
        code=one.raw_code,
        place=", ".join(part for part in (one.depot, one.city, one.country) if part),
        told_by=one.told_by,
    )


def _choice(card: ChoiceCard, reader: Reader, *, may_act: bool) -> ChoiceLine:
    by_person = may_act and card.by_hand and card.state is ChoiceState.REQUESTED
    return ChoiceLine(
        what=words.choice(card.choice.kind),
        details=", ".join(_details(card, reader)),
        state=words.choice_state(card),
        when=reader.when(card.made_at),
        acts=tuple(_answers(card)) if by_person else (),
        photos=_photos(card.parcel_id, card.choice.photos),
    )


def _details(card: ChoiceCard, reader: Reader) -> Iterator[str]:
    choice = card.choice
    if choice.day:
        yield reader.date(choice.day)
    if choice.hours:
        yield "{:%H:%M} – {:%H:%M}".format(*choice.hours)
    if choice.words:
        yield choice.words
    if to := choice.address:
        yield " ".join(part for part in (to.name, to.street, to.postcode, to.city) if part)
    if card.point:
        yield f"{card.point.code} {card.point.street} {card.point.city}"


def _answers(card: ChoiceCard) -> Iterator[Act]:
    url = reverse("desk:settle_choice", args=[card.parcel_id, card.id])
    yield Act(_("It is arranged"), url, "check", (("accepted", "yes"),))
    yield Act(_("It is not possible"), url, "x", (("accepted", "no"),))


def _arrival(card: ArrivalCard, reader: Reader) -> ArrivalLine:
    photos = _photos(card.parcel_id, card.news.photos)
    return ArrivalLine(words.arrival(card.news.arrival), card.news.words, reader.when(card.told_at), photos)


def _photos(parcel_id: int, hashes: Sequence[str]) -> tuple[Link, ...]:
    return tuple(
        Link(
            _("Picture %(number)s") % {"number": number},
            reverse("desk:parcel_photo", args=[parcel_id, sha256]),
        )
        for number, sha256 in enumerate(hashes, start=1)
    )


def _promises(promises: Sequence[PromiseCard], reader: Reader) -> Iterator[tuple[str, str]]:
    for one in promises:
        source = words.PROMISED_BY[one.source]
        yield (
            _span(one.promised_from, one.promised_to, reader),
            f"{source}, {reader.day_and_time(one.told_at)}",
        )


def _span(first: datetime | None, last: datetime | None, reader: Reader) -> str:
    days = [reader.day_and_time(at) for at in (first, last) if at is not None]
    return " – ".join(days)


def _ask(card: ParcelCard) -> Act:
    return Act(_("Ask the carrier now"), reverse("desk:ask_parcels"), "refresh", (("parcel", str(card.id)),))


def _whose(card: ParcelCard) -> Form:
    known = tuple(
        Choice(one.name, one.title)
        for one in deliveries.carriers()
        if one.name in KEYS and not one.aggregator
    )
    field = Field("carrier", _("Carrier"), FieldKind.SELECT, required=True, choices=known)
    text = _("Nobody could tell by the number. Its carrier is asked from now on, if it is connected.")
    return Form(
        reverse("desk:name_carrier", args=[card.id]),
        (Section(_("Whose parcel is it?"), (field,), text),),
        _("Keep it"),
    )


def _form(card: ParcelCard, error: str) -> Form:
    fields = (
        Field("day", _("New day"), FieldKind.DATE, required=True),
        Field("from", pgettext("time", "From"), FieldKind.TIME),
        Field("to", pgettext("time", "Until"), FieldKind.TIME),
    )
    text = _("What the customer was told counts from now on: the parcel is late when it has passed.")
    return Form(
        reverse("desk:promise_parcel", args=[card.id]),
        (Section(_("Another date was told"), fields, text),),
        _("Keep it"),
        error=error,
    )
