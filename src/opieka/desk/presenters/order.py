"""The page of one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opieka.customers.types import CustomerCard
from opieka.deliveries.types import ParcelCard
from opieka.desk.pages.cases import CasePanel
from opieka.desk.pages.order import LineRow, OrderPage, Part
from opieka.desk.pages.parts import Chip, Link, Tone
from opieka.desk.presenters import orders, parcel_words, people
from opieka.desk.presenters.reader import Reader, country_name
from opieka.desk.presenters.story import days
from opieka.orders.types import Address, OrderCard, PaymentStatus, ShipmentCard, ShipmentStatus
from opieka.timeline.types import Entry

_PAYMENTS: Mapping[PaymentStatus, tuple[str | Promise, Tone]] = {
    PaymentStatus.PENDING: (gettext_lazy("Not paid yet"), Tone.SOON),
    PaymentStatus.AUTHORISED: (gettext_lazy("Reserved"), Tone.PLAIN),
    PaymentStatus.PARTIALLY_PAID: (gettext_lazy("Partly paid"), Tone.SOON),
    PaymentStatus.PAID: (gettext_lazy("Paid"), Tone.DONE),
    PaymentStatus.PARTIALLY_REFUNDED: (gettext_lazy("Partly refunded"), Tone.DONE),
    PaymentStatus.REFUNDED: (gettext_lazy("Refunded"), Tone.DONE),
    PaymentStatus.FAILED: (gettext_lazy("Payment failed"), Tone.LATE),
    PaymentStatus.VOIDED: (gettext_lazy("Cancelled"), Tone.PLAIN),
    PaymentStatus.UNKNOWN: (pgettext_lazy("state", "Unknown"), Tone.PLAIN),
}
_SHIPMENTS: Mapping[ShipmentStatus, tuple[str | Promise, Tone]] = {
    ShipmentStatus.PENDING: (gettext_lazy("Being packed"), Tone.PLAIN),
    ShipmentStatus.SHIPPED: (gettext_lazy("On its way"), Tone.PLAIN),
    ShipmentStatus.OUT_FOR_DELIVERY: (gettext_lazy("Out for delivery"), Tone.NEW),
    ShipmentStatus.AWAITING_COLLECTION: (gettext_lazy("Waits to be collected"), Tone.SOON),
    ShipmentStatus.DELIVERED: (gettext_lazy("Delivered"), Tone.DONE),
    ShipmentStatus.FAILED: (gettext_lazy("Delivery failed"), Tone.LATE),
    ShipmentStatus.CANCELLED: (gettext_lazy("Cancelled"), Tone.LATE),
    ShipmentStatus.UNKNOWN: (pgettext_lazy("state", "Unknown"), Tone.PLAIN),
}


@dataclass(frozen=True)
class About:
    """What is known about an order: its parcels, who bought it, its shop's name, what happened to it."""

    bought: orders.Purchase
    buyer: CustomerCard | None
    shop: str
    case: CasePanel | None = None
    entries: Sequence[Entry] = ()


def page(about: About, reader: Reader) -> OrderPage:
    """Everything the shop reports of an order, and its carriers of its parcels."""
    (card, sent), buyer = (about.bought.order, about.bought.parcels), about.buyer
    shown = orders.card(card, reader, sent, about.bought.waiting)
    name = (buyer.title if buyer else "") or card.contact.name or card.contact.email
    return OrderPage(
        number=shown.number,
        shop=about.shop,
        source=card.source,
        when=shown.when,
        total=shown.total,
        strip=shown.strip,
        chip=shown.chip,
        warning=shown.warning,
        person=people.named(name),
        person_href=reverse("desk:customer", args=[buyer.id]) if buyer else "",
        lines=_lines(card, reader),
        parts=_parts(card, sent, reader),
        addresses=_addresses(card, reader),
        note=card.note,
        case=about.case,
        live=f"customer:{card.customer_id}" if card.customer_id else f"order:{card.id}",
        days=days(about.entries, reader),
    )


def _lines(card: OrderCard, reader: Reader) -> tuple[LineRow, ...]:
    return tuple(
        LineRow(
            name=line.name,
            code=line.sku,
            quantity=reader.number(line.quantity),
            price=reader.money(line.price, card.currency),
            total=reader.money(line.total, card.currency),
            gone=line.quantity == 0,
        )
        for line in card.lines
    )


def _parts(card: OrderCard, parcels: Sequence[ParcelCard], reader: Reader) -> tuple[Part, ...]:
    paid = (
        Part(
            "receipt",
            payment.method or _("Payment"),
            reader.money(payment.amount, card.currency),
            reader.when(payment.paid_at) if payment.paid_at else None,
            _chip(*_PAYMENTS[payment.status]),
        )
        for payment in card.payments
    )
    back = (
        Part(
            "receipt-refund",
            _("Refund"),
            f"{reader.money(refund.amount, refund.currency)} {refund.reason}".strip(),
            reader.when(refund.issued_at) if refund.issued_at else None,
            _chip(_("Refunded"), Tone.DONE),
        )
        for refund in card.refunds
    )
    followed = {parcel.shipment_id for parcel in parcels}
    unfollowed = (_shipment(piece, reader) for piece in card.shipments if piece.id not in followed)
    return (*(_parcel(parcel, reader) for parcel in parcels), *unfollowed, *paid, *back)


def _parcel(card: ParcelCard, reader: Reader) -> Part:
    return Part(
        "truck-delivery",
        card.carrier_title or _("Parcel"),
        card.number,
        reader.when(card.last_report_at) if card.last_report_at else None,
        parcel_words.stage(card.stage),
        (Link(_("What was reported"), reverse("desk:parcel", args=[card.id])),),
    )


def _shipment(piece: ShipmentCard, reader: Reader) -> Part:
    at = piece.delivered_at or piece.shipped_at
    safe = piece.tracking_url.startswith(("https://", "http://"))
    return Part(
        "truck-delivery",
        piece.carrier or _("Parcel"),
        ", ".join(piece.tracking_numbers),
        reader.when(at) if at else None,
        _chip(*_SHIPMENTS[piece.status]),
        (Link(_("Follow it"), piece.tracking_url),) if safe else (),
    )


def _addresses(card: OrderCard, reader: Reader) -> tuple[tuple[str, tuple[str, ...]], ...]:
    sent, billed = _address(card.shipping_address, reader), _address(card.billing_address, reader)
    shown = [(_("Delivered to"), sent)] if sent else []
    if billed and billed != sent:
        shown.append((_("Billed to"), billed))
    return tuple(shown)


def _address(address: Address, reader: Reader) -> tuple[str, ...]:
    lines = (
        address.name,
        address.company,
        address.street,
        f"{address.postcode} {address.city}".strip(),
        address.region,
        country_name(address.country, reader.language) if address.country else "",
    )
    return tuple(line for line in lines if line)


def _chip(word: str | Promise, tone: Tone) -> Chip:
    return Chip(str(word), tone)
