"""Orders, as the shop keeps them and as a program reports them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from opieka.orders import types
from opieka.orders.types import (
    FulfilmentStatus,
    OrderCard,
    OrderSnapshot,
    OrderStatus,
    PaymentStatus,
    ShipmentStatus,
    Step,
)
from opieka.rest.fields import (
    CLEAN,
    Code,
    Count,
    CountryOrNone,
    In,
    LanguageOrNone,
    Line,
    Link,
    Moment,
    Money,
    MoneyIn,
    Out,
    Title,
)
from opieka.rest.schemas.money import of_currency

Named = Annotated[Code, Field(min_length=1)]
_OWN = {
    "total",
    "lines",
    "payments",
    "refunds",
    "shipments",
    "contact",
    "shipping_address",
    "billing_address",
}


class Contact(Out):
    """How the shop knows the buyer; `account_id` is the shop's own customer id."""

    name: str
    email: str
    phone: str
    account_id: str
    language: str


class Address(Out):
    name: str
    company: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    phone: str


class OrderLine(Out):
    """A line: `price` of one piece as listed, `total` paid for all. Quantity 0: taken out of the order."""

    id: int
    external_id: str
    name: str
    sku: str
    product_id: str
    variant_id: str
    quantity: int
    price: Money
    total: Money


class Payment(Out):
    id: int
    method: str
    amount: Money
    status: PaymentStatus
    paid_at: datetime | None


class Refund(Out):
    id: int
    amount: Money
    issued_at: datetime | None
    reason: str


class ShippedLine(Out):
    """A line, by its external id, and how many pieces of it."""

    external_id: str
    quantity: int


class Shipment(Out):
    """Goods sent off; no `lines` means all of the order."""

    id: int
    status: ShipmentStatus
    carrier: str
    tracking_numbers: list[str]
    tracking_url: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: list[ShippedLine]


class Dot(Out):
    """How far the order is; `at` is null when nobody told when."""

    step: Step
    done: bool
    at: datetime | None


class Order(Out):
    """An order with all that belongs to it."""

    id: int
    customer_id: int | None
    source: str
    external_id: str
    number: str
    placed_at: datetime
    updated_at: datetime
    total: Money
    status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    contact: Contact
    shipping_address: Address
    billing_address: Address
    note: str
    promised_at: datetime | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    lines: list[OrderLine]
    payments: list[Payment]
    refunds: list[Refund]
    shipments: list[Shipment]
    strip: list[Dot]
    discount_codes: list[str]

    @classmethod
    def make(cls, card: OrderCard) -> Self:
        told = {
            name: getattr(card, name)
            for name in cls.model_fields
            if name not in _OWN | {"strip", "discount_codes"}
        }
        return cls(
            **told,
            total=Money(amount=card.total, currency=card.currency),
            contact=Contact.of(card.contact),
            shipping_address=Address.of(card.shipping_address),
            billing_address=Address.of(card.billing_address),
            lines=[_line(line, card.currency) for line in card.lines],
            payments=[_payment(payment, card.currency) for payment in card.payments],
            refunds=[_refund(refund) for refund in card.refunds],
            shipments=[_shipment(shipment) for shipment in card.shipments],
            strip=[Dot.of(dot) for dot in card.strip],
            discount_codes=list(card.discount_codes),
        )


def _line(card: types.LineCard, currency: str) -> OrderLine:
    told = {name: getattr(card, name) for name in OrderLine.model_fields if name not in {"price", "total"}}
    return OrderLine(
        **told,
        price=Money(amount=card.price, currency=currency),
        total=Money(amount=card.total, currency=currency),
    )


def _payment(card: types.PaymentCard, currency: str) -> Payment:
    return Payment(
        id=card.id,
        method=card.method,
        amount=Money(amount=card.amount, currency=currency),
        status=card.status,
        paid_at=card.paid_at,
    )


def _refund(card: types.RefundCard) -> Refund:
    amount = Money(amount=card.amount, currency=card.currency)
    return Refund(id=card.id, amount=amount, issued_at=card.issued_at, reason=card.reason)


def _shipment(card: types.ShipmentCard) -> Shipment:
    told = {name: getattr(card, name) for name in Shipment.model_fields if name != "lines"}
    lines = [ShippedLine(external_id=name, quantity=quantity) for name, quantity in card.lines]
    return Shipment(**told, lines=lines)


class ContactIn(In):
    """How the shop knows the buyer. She is recognised by any of these; `account_id` is unique in your system."""

    name: Line = ""
    email: Annotated[Line, Field(max_length=320)] = ""
    phone: Code = ""
    account_id: Code = ""
    language: LanguageOrNone = ""


class AddressIn(In):
    name: Line = ""
    company: Line = ""
    street: Line = ""
    postcode: Code = ""
    city: Line = ""
    region: Line = ""
    country: CountryOrNone = ""
    phone: Code = ""


class OrderLineIn(In):
    """A line: `price` of one piece as listed, `total` paid for all, discount and tax in."""

    external_id: Named
    name: Title
    quantity: Count
    price: MoneyIn
    total: MoneyIn
    sku: Code = ""
    product_id: Code = ""
    variant_id: Code = ""


class PaymentIn(In):
    external_id: Named
    method: Code
    amount: MoneyIn
    status: PaymentStatus
    paid_at: Moment | None = None


class RefundIn(In):
    """Money given back."""

    external_id: Named
    amount: MoneyIn
    issued_at: Moment | None = None
    updated_at: Moment | None = None
    reason: Line = ""


class ShippedLineIn(In):
    external_id: Named
    quantity: Count


class ShipmentIn(In):
    """Goods sent off; no `lines` means all of the order."""

    external_id: Named
    status: ShipmentStatus
    updated_at: Moment | None = None
    carrier: Code = ""
    tracking_numbers: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    tracking_url: Link = ""
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None
    lines: Annotated[tuple[ShippedLineIn, ...], Field(max_length=500)] = ()


class NewOrder(In):
    """A whole order as it stood at `updated_at`. Lines and payments are complete; refunds and shipments those
    to be told of: others stay."""

    external_id: Named
    number: Named
    placed_at: Moment
    updated_at: Moment
    total: MoneyIn
    status: OrderStatus = OrderStatus.OPEN
    payment_status: PaymentStatus = PaymentStatus.UNKNOWN
    fulfilment_status: FulfilmentStatus = FulfilmentStatus.UNKNOWN
    contact: ContactIn = ContactIn()
    shipping_address: AddressIn = AddressIn()
    billing_address: AddressIn = AddressIn()
    note: Annotated[str, Field(max_length=10_000, pattern=CLEAN)] = ""
    promised_at: Moment | None = None
    paid_at: Moment | None = None
    cancelled_at: Moment | None = None
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None
    lines: Annotated[tuple[OrderLineIn, ...], Field(max_length=500)] = ()
    payments: Annotated[tuple[PaymentIn, ...], Field(max_length=100)] = ()
    refunds: Annotated[tuple[RefundIn, ...], Field(max_length=100)] = ()
    shipments: Annotated[tuple[ShipmentIn, ...], Field(max_length=100)] = ()
    discount_codes: Annotated[tuple[Named, ...], Field(max_length=20)] = ()

    def snapshot(self) -> OrderSnapshot:
        """As the orders take it."""
        currency = self.total.currency
        return OrderSnapshot(
            **self.model_dump(exclude=_OWN),
            currency=currency,
            total=self.total.amount,
            contact=types.Contact(**self.contact.model_dump()),
            shipping_address=types.Address(**self.shipping_address.model_dump()),
            billing_address=types.Address(**self.billing_address.model_dump()),
            lines=tuple(_line_in(line, currency) for line in self.lines),
            payments=tuple(_payment_in(payment, currency) for payment in self.payments),
            refunds=tuple(_refund_in(refund) for refund in self.refunds),
            shipments=tuple(_shipment_in(shipment) for shipment in self.shipments),
        )


def _line_in(line: OrderLineIn, currency: str) -> types.LineSnapshot:
    return types.LineSnapshot(
        **line.model_dump(exclude={"price", "total"}),
        price=of_currency(line.price, currency),
        total=of_currency(line.total, currency),
    )


def _payment_in(payment: PaymentIn, currency: str) -> types.PaymentSnapshot:
    amount = of_currency(payment.amount, currency)
    return types.PaymentSnapshot(**payment.model_dump(exclude={"amount"}), amount=amount)


def _refund_in(refund: RefundIn) -> types.RefundSnapshot:
    told = refund.model_dump(exclude={"amount"})
    return types.RefundSnapshot(**told, amount=refund.amount.amount, currency=refund.amount.currency)


def _shipment_in(shipment: ShipmentIn) -> types.ShipmentSnapshot:
    told = shipment.model_dump(exclude={"lines", "tracking_numbers"})
    return types.ShipmentSnapshot(
        **told,
        tracking_numbers=tuple(shipment.tracking_numbers),
        lines=tuple((line.external_id, line.quantity) for line in shipment.lines),
    )


class OrderBatch(In):
    """Orders to be taken over; the newest report of each counts, in whatever order they come."""

    orders: Annotated[list[NewOrder], Field(min_length=1, max_length=500)]
