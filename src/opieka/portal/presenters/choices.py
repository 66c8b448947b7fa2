"""What can be decided, and what was, in a customer's words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.deliveries.types import (
    Arrival,
    ChoiceCard,
    ChoiceKind,
    ChoiceState,
    Offer,
    PagePreferences,
    PointCard,
)
from opieka.orders.types import OrderCard
from opieka.portal.pages import Group, Input, Map, Option, Question
from opieka.portal.presenters.days import Days, full, hours

K = ChoiceKind
Word = str | Promise
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b")
SHOWN = (K.SLOT, K.PICKUP_POINT, K.NEIGHBOUR, K.SAFE_PLACE, K.ADDRESS, K.INSTRUCTIONS, K.HOLD)
"""What the page offers, the most wanted first. Cancelling is a matter of the whole order."""
WITH_PHOTOS = frozenset({K.SAFE_PLACE, K.INSTRUCTIONS})
"""What a picture says better than words."""
ACTS: Mapping[ChoiceKind, Word] = {
    K.SLOT: gettext_lazy("Choose another day"),
    K.ADDRESS: gettext_lazy("Send it to another address"),
    K.NEIGHBOUR: gettext_lazy("Leave it with a neighbour"),
    K.SAFE_PLACE: gettext_lazy("Leave it in a safe place"),
    K.PICKUP_POINT: gettext_lazy("Collect it at a pickup point"),
    K.INSTRUCTIONS: gettext_lazy("Tell the courier something"),
    K.HOLD: gettext_lazy("Keep it for me longer"),
}
TITLES: Mapping[ChoiceKind, Word] = {
    K.SLOT: gettext_lazy("Which day suits you?"),
    K.ADDRESS: gettext_lazy("Where should it go?"),
    K.NEIGHBOUR: gettext_lazy("Which neighbour?"),
    K.SAFE_PLACE: gettext_lazy("Where can it be left?"),
    K.PICKUP_POINT: gettext_lazy("Where would you like to collect it?"),
    K.INSTRUCTIONS: gettext_lazy("What should the courier know?"),
    K.HOLD: gettext_lazy("Until when should it be kept?"),
}
HINTS: Mapping[ChoiceKind, Word] = {
    K.NEIGHBOUR: gettext_lazy("Name and door, for example: Nowak, flat 4"),
    K.SAFE_PLACE: gettext_lazy("For example: on the terrace behind the house"),
    K.INSTRUCTIONS: gettext_lazy("For example: the bell does not work, please call"),
}
_DONE: Mapping[ChoiceState, tuple[Word, str]] = {
    ChoiceState.SENT: (gettext_lazy("We have asked the carrier and wait for its answer."), "soon"),
    ChoiceState.CONFIRMED: (gettext_lazy("This is arranged."), "good"),
    ChoiceState.REFUSED: (gettext_lazy("The carrier could not do this. Everything stays as it was."), "bad"),
}
ARRIVALS: Mapping[Arrival, Word] = {
    Arrival.WHOLE: gettext_lazy("Yes, all is well"),
    Arrival.DAMAGED: gettext_lazy("Something is damaged"),
    Arrival.MISSING: gettext_lazy("Something is missing"),
    Arrival.WRONG_ITEM: gettext_lazy("It is the wrong thing"),
    Arrival.NOT_HERE: gettext_lazy("The parcel is not here"),
}


def state(card: ChoiceCard) -> tuple[str, str]:
    """Where a decision stands, and its tone; ("", "") for one that counts no more."""
    if card.state is ChoiceState.REQUESTED:
        if card.by_hand:
            return _("We have noted this and arrange it with the carrier."), "soon"
        return _("We are asking the carrier."), "soon"
    word, tone = _DONE.get(card.state, ("", ""))
    return str(word), tone


def text(card: ChoiceCard) -> str:
    """What she decided: “Choose another day: Thursday 26 November, 17:00 to 20:00”."""
    choice, point = card.choice, card.point
    details = [
        full(choice.day) if choice.day else "",
        hours(*choice.hours) if choice.hours else "",
        choice.words,
        f"{choice.address.street}, {choice.address.postcode} {choice.address.city}" if choice.address else "",
        f"{point.name}, {point.street}" if point else "",
        _("with a picture") if choice.photos else "",
    ]
    what = ", ".join(detail for detail in details if detail)
    name = str(ACTS.get(choice.kind, ""))
    return f"{name}: {what}" if what and name else name or what


def question(offer: Offer, order: OrderCard, days: Days, *, back: str, key: str) -> Question:
    """The question of one kind of decision, without the points."""
    kind = offer.kind
    return Question(
        title=str(TITLES[kind]),
        text=_("A person at the shop arranges it with the carrier. Here you will see what came of it.")
        if offer.by_hand
        else "",
        button=_("Choose this"),
        back=back,
        key=key,
        groups=_days(offer, days) if offer.days else (),
        inputs=_inputs(kind, order),
        photos=kind in WITH_PHOTOS,
    )


def points(found: list[PointCard], chosen: str = "") -> tuple[Group, ...]:
    """Points to choose from, the nearest first."""
    options = tuple(
        Option(
            value=str(card.id),
            text=card.name,
            note=", ".join(
                part for part in (card.street, card.city, far(card.metres), opening(card.hours)) if part
            ),
            chosen=str(card.id) == chosen,
        )
        for card in found
    )
    return (Group("", options),) if options else ()


def map_of(found: list[PointCard], wanted: PagePreferences) -> Map | None:
    """The same points on a map; None where the shop names no server of tiles, or there are none."""
    if not found or not wanted.tile_server:
        return None
    points = [
        {"id": card.id, "name": card.name, "latitude": card.latitude, "longitude": card.longitude}
        for card in found
    ]
    told = msgspec.json.encode(points).decode()
    return Map(wanted.tile_server, wanted.map_tiles, wanted.map_credit, told)


def opening(hours: str) -> str:
    """Hours in the notation of OpenStreetMap with the days as they are called here: “pon.-pt. 08:00-20:00”."""
    if hours == "24/7":
        return _("day and night")
    return _DAY.sub(lambda day: str(WEEKDAYS_ABBR[_DAYS.index(day[0])]), hours)


def far(metres: int | None) -> str:
    """A distance as one says it: “350 m”, “2.4 km”."""
    if metres is None:
        return ""
    if metres < 1000:
        return _("%(count)s m") % {"count": max(round(metres, -1), 10)}
    return _("%(count)s km") % {"count": f"{metres / 1000:.1f}"}


def _days(offer: Offer, days: Days) -> tuple[Group, ...]:
    if not offer.hours:
        return (Group("", tuple(Option(day.isoformat(), full(day)) for day in offer.days)),)
    return tuple(
        Group(
            full(day),
            tuple(Option(f"{day.isoformat()}/{a:%H:%M}/{b:%H:%M}", hours(a, b)) for a, b in offer.hours),
        )
        for day in offer.days
    )


def _inputs(kind: ChoiceKind, order: OrderCard) -> tuple[Input, ...]:
    if kind in HINTS:
        return (Input("words", str(TITLES[kind]), hint=str(HINTS[kind]), long=True),)
    if kind is not K.ADDRESS:
        return ()
    to = order.shipping_address
    return (
        Input("name", _("Name"), to.name, complete="name", required=False),
        Input("street", _("Street and number"), complete="street-address"),
        Input("postcode", _("Postcode"), complete="postal-code"),
        Input("city", _("Town"), complete="address-level2"),
    )
