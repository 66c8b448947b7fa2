"""Orders as cards and rows show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opieka.deliveries.types import ParcelCard, RiskBand, WaitingCard
from opieka.desk.pages import inbox
from opieka.desk.pages.customer import OrderRow
from opieka.desk.pages.parts import Chip, Link, Strip, Tone
from opieka.desk.presenters import parcels
from opieka.desk.presenters.reader import Reader
from opieka.orders.types import OrderCard, OrderStatus, PaymentStatus, ShipmentStatus, Step

_STEPS: Mapping[Step, str | Promise] = {
    Step.PLACED: gettext_lazy("Ordered"),
    Step.PAID: gettext_lazy("Paid"),
    Step.SHIPPED: gettext_lazy("Sent"),
    Step.OUT: gettext_lazy("Near"),
    Step.DELIVERED: gettext_lazy("Delivered"),
}


@dataclass(frozen=True)
class Purchase:
    """An order with its parcels; `waiting` while no carrier has anything of it."""

    order: OrderCard
    parcels: Sequence[ParcelCard] = ()
    waiting: WaitingCard | None = None


def strip(card: OrderCard, reader: Reader) -> Strip:
    """The five dots, and in words where it is and since when."""
    if card.status is OrderStatus.CANCELLED:
        return Strip(0, _("Cancelled"), Tone.LATE)
    done = [place for place, dot in enumerate(card.strip, 1) if dot.done]
    reached = max(done, default=1)
    dot = card.strip[reached - 1]
    text = str(_STEPS[dot.step])
    if card.promised_at and not (dot.step is Step.DELIVERED and dot.done):
        promised = _("promised for %(day)s") % {"day": reader.day(card.promised_at)}
        late = card.promised_at < reader.now
        return Strip(reached, f"{text} · {promised}", Tone.LATE if late else Tone.PLAIN)
    if dot.at:
        text = f"{text} · {reader.day(dot.at)}"
    return Strip(reached, text, Tone.DONE if dot.step is Step.DELIVERED else Tone.PLAIN)


def what(card: OrderCard) -> str:
    """The goods in one line."""
    return ", ".join(
        f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name
        for line in card.lines
        if line.quantity
    )


def chip(card: OrderCard, sent: Sequence[ParcelCard] = ()) -> Chip | None:
    """What is out of the ordinary about its payment or its parcels."""
    wrong = [one for parcel in sent for one in parcels.trouble(parcel)]
    if wrong:
        return wrong[0]
    if any(piece.status is ShipmentStatus.FAILED for piece in card.shipments):
        return Chip(_("Delivery failed"), Tone.LATE)
    if any(piece.status is ShipmentStatus.AWAITING_COLLECTION for piece in card.shipments):
        return Chip(_("Waits to be collected"), Tone.SOON)
    said = {
        PaymentStatus.REFUNDED: Chip(_("Refunded"), Tone.DONE),
        PaymentStatus.PARTIALLY_REFUNDED: Chip(_("Partly refunded"), Tone.DONE),
        PaymentStatus.FAILED: Chip(_("Payment failed"), Tone.LATE),
        PaymentStatus.PENDING: Chip(_("Not paid yet"), Tone.SOON),
    }
    return said.get(card.payment_status) if card.status is not OrderStatus.CANCELLED else None


def href(card: OrderCard) -> str:
    """Its page."""
    return reverse("desk:order", args=[card.id])


def tracking(card: OrderCard) -> tuple[Link, ...]:
    """Where its parcels can be followed."""
    return tuple(
        Link(f"{piece.carrier} {number}".strip(), piece.tracking_url)
        for piece in card.shipments
        for number in piece.tracking_numbers[:1]
        if piece.tracking_url.startswith(("https://", "http://"))
    )


def warning(sent: Sequence[ParcelCard], waiting: WaitingCard | None, reader: Reader) -> str:
    """How probably the most doubtful of its parcels, or the order that waits for its hand-over, will be late, and why;
    "" when none may well be."""
    if waiting is not None and waiting.band not in {None, RiskBand.LOW}:
        return parcels.foretold(waiting.risk, waiting.why, _expected(waiting, reader))
    doubtful = max(filter(parcels.at_risk, sent), key=lambda parcel: parcel.risk or 0, default=None)
    return parcels.explained(doubtful, reader) if doubtful else ""


def _expected(waiting: WaitingCard, reader: Reader) -> str:
    days = [reader.day(at) for at in (waiting.expected_from, waiting.expected_to) if at is not None]
    return " – ".join(dict.fromkeys(days))


def card(
    one: OrderCard, reader: Reader, sent: Sequence[ParcelCard] = (), waiting: WaitingCard | None = None
) -> inbox.OrderCard:
    """An order beside a conversation; `sent` are its parcels."""
    return inbox.OrderCard(
        number=f"#{one.number.lstrip('#')}",
        href=href(one),
        total=reader.money(one.total, one.currency),
        when=reader.when(one.placed_at),
        what=what(one),
        strip=strip(one, reader),
        chip=chip(one, sent),
        links=tracking(one),
        warning=warning(sent, waiting, reader),
    )


def row(one: Purchase, reader: Reader) -> OrderRow:
    """An order on the customer's page."""
    shown = card(one.order, reader, one.parcels, one.waiting)
    return OrderRow(
        shown.number, shown.href, shown.when, shown.what, shown.total, shown.strip, shown.chip, shown.warning
    )


def more(count: int, href_all: str) -> Link:
    """To those that are not shown."""
    return Link(ngettext("%(count)s more order", "%(count)s more orders", count) % {"count": count}, href_all)
