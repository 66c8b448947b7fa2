"""The page of one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.deliveries.types import (
    Arrival,
    ArrivalCard,
    ChoiceCard,
    ChoiceState,
    Leg,
    Offer,
    ParcelCard,
    ParcelStage,
)
from opieka.orders.types import OrderCard
from opieka.portal.pages import ChoiceMark, Link, OrderPage, ParcelPart
from opieka.portal.presenters import choices as choosing
from opieka.portal.presenters.collecting import AtPoint, collecting, placed
from opieka.portal.presenters.days import Days
from opieka.portal.presenters.parcel import Told, steps, told, when
from opieka.returns.types import CaseCard, CaseStatus

_OPEN = frozenset({ChoiceState.REQUESTED, ChoiceState.SENT, ChoiceState.CONFIRMED, ChoiceState.REFUSED})


_CASES: Mapping[CaseStatus, str | Promise] = {
    CaseStatus.ASKED: gettext_lazy("We have your wish to cancel and are stopping the order."),
    CaseStatus.WITH_SHOP: gettext_lazy("We have your wish to cancel and are stopping the order."),
    CaseStatus.WITH_PERSON: gettext_lazy(
        "Somebody is checking whether it can still be stopped, and will write to you."
    ),
    CaseStatus.CANCELLED: gettext_lazy("The order is cancelled and will not be sent."),
    CaseStatus.TOO_LATE: gettext_lazy("It had already left when you asked to cancel it."),
}


@dataclass(frozen=True)
class Known:
    """All that the page tells of."""

    key: str
    order: OrderCard
    zone: ZoneInfo
    parcels: Sequence[ParcelCard]
    offers: Mapping[int, Sequence[Offer]]
    choices: Sequence[ChoiceCard]
    arrivals: Mapping[int, ArrivalCard]
    waiting: Mapping[int, AtPoint] = field(default_factory=dict)
    case: CaseCard | None = None
    cancellable: bool = False


def page(known: Known, *, said: str = "") -> OrderPage:
    """The whole page."""
    days = Days(known.zone)
    going = [card for card in known.parcels if card.leg is not Leg.CUSTOMER_RETURN]
    parts = tuple(_part(card, number, len(going), known, days) for number, card in enumerate(going, start=1))
    alone = _without_parcels(known.order, days)
    return OrderPage(
        title=_("Order %(number)s") % {"number": known.order.number},
        state="" if parts else alone.state,
        why="" if parts else alone.why,
        parcels=parts,
        goods=tuple(
            f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name
            for line in known.order.lines
            if line.quantity
        ),
        said=said,
        case=str(_CASES.get(known.case.status, "")) if known.case else "",
        cancel=reverse("portal:cancel", args=[known.key]) if known.cancellable else "",
    )


def _without_parcels(order: OrderCard, days: Days) -> Told:
    if order.cancelled_at is not None:
        return Told(_("This order was cancelled."), "plain")
    if order.promised_at is not None and days.of(order.promised_at) >= days.today:
        comes = {"when": days.on(days.of(order.promised_at))}
        return Told(_("Your order comes %(when)s.") % comes, "plain", _("We are packing it."))
    if order.paid_at is None:
        return Told(_("We have your order."), "plain", _("We begin to pack it when it is paid."))
    return Told(_("We are packing your order."), "plain", _("Here you will see where it is."))


def _part(card: ParcelCard, number: int, count: int, known: Known, days: Days) -> ParcelPart:
    state, tone, why = told(card, days)
    arrived = known.arrivals.get(card.id)
    here = reverse("portal:arrived", args=[known.key, card.id])
    acts, waiting = _acts(card, known), known.waiting.get(card.id)
    shown = len(acts) if count == 1 else 1
    delivered = card.stage is ParcelStage.DELIVERED and card.leg is Leg.OUTBOUND
    return ParcelPart(
        title=_("Parcel %(number)s of %(count)s") % {"number": number, "count": count} if count > 1 else "",
        state=state,
        tone=tone,
        why=placed(waiting.point) if waiting and waiting.point else why,
        steps=steps(card, days),
        choices=tuple(_choices(card, known)),
        acts=tuple(acts[:shown]),
        others=tuple(acts[shown:]),
        arrived=tuple(Link(str(word), f"{here}?how={how}", how) for how, word in choosing.ARRIVALS.items())
        if delivered and arrived is None
        else (),
        told=_arrived(arrived) if arrived else "",
        calendar=reverse("portal:calendar", args=[known.key, card.id]) if _has_day(card, days) else "",
        follow=Link(f"{card.carrier_title} {card.number}", card.page) if card.page else None,
        collecting=collecting(waiting) if waiting else None,
    )


def _choices(card: ParcelCard, known: Known) -> list[ChoiceMark]:
    marks = []
    for one in known.choices:
        if one.parcel_id != card.id or one.state not in _OPEN:
            continue
        state, tone = choosing.state(one)
        back = one.state is ChoiceState.REQUESTED
        withdraw = reverse("portal:withdraw", args=[known.key, one.id]) if back else ""
        marks.append(ChoiceMark(choosing.text(one), state, tone, withdraw))
    return marks


def _acts(card: ParcelCard, known: Known) -> list[Link]:
    offered = {offer.kind for offer in known.offers.get(card.id, ())}
    return [
        Link(str(choosing.ACTS[kind]), reverse("portal:choose", args=[known.key, card.id, kind.value]), kind)
        for kind in choosing.SHOWN
        if kind in offered
    ]


def _arrived(card: ArrivalCard) -> str:
    if card.news.arrival is Arrival.WHOLE:
        return _("You told us that all is well. Thank you.")
    return _("You told us: %(what)s. We look into it.") % {"what": str(choosing.ARRIVALS[card.news.arrival])}


def _has_day(card: ParcelCard, days: Days) -> bool:
    over = {ParcelStage.DELIVERED, ParcelStage.RETURNING, ParcelStage.RETURNED, ParcelStage.LOST}
    return card.stage not in over and card.promised_to is not None and bool(when(card, days))
