"""The orders' words: statuses, and an order as a connector reports it.

Amounts are integer minor units of the order's currency; datetimes are aware. An empty string means "not
told".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PRODUCTS, ORDERS = "products", "orders"
"""The two phases in which a source is read."""


class OrderStatus(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class PaymentStatus(StrEnum):
    PENDING = "pending"
    AUTHORISED = "authorised"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    FAILED = "failed"
    VOIDED = "voided"
    UNKNOWN = "unknown"


class FulfilmentStatus(StrEnum):
    UNFULFILLED = "unfulfilled"
    PARTIAL = "partial"
    FULFILLED = "fulfilled"
    RESTOCKED = "restocked"
    UNKNOWN = "unknown"


class ShipmentStatus(StrEnum):
    """What the shop itself says of a shipment; carriers' reports belong to deliveries."""

    PENDING = "pending"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AWAITING_COLLECTION = "awaiting_collection"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class NoticeKind(StrEnum):
    """What a person should know about data that came in."""

    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_TOPIC = "unknown_topic"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    DELETED_IN_SHOP = "deleted_in_shop"
    PRIVACY_REQUEST = "privacy_request"
    DISCONNECTED = "disconnected"


class CancelOutcome(StrEnum):
    """What the shop's system made of the wish to cancel an order; NEEDS_PERSON: somebody must look there."""

    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    NEEDS_PERSON = "needs_person"


class RefundState(StrEnum):
    """What became of the money of a cancelled order: nothing was paid, it is being paid back, or by a person."""

    NOT_DUE = "not_due"
    ON_ITS_WAY = "on_its_way"
    BY_HAND = "by_hand"


class CodeOutcome(StrEnum):
    """What the shop's system made of the wish about a discount code; NEEDS_PERSON: somebody must do it there."""

    WRITTEN = "written"
    REMOVED = "removed"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, kw_only=True, slots=True)
class Discount:
    """A code that takes an amount (minor units) or a percentage off one order, once, until its time is over."""

    code: str
    amount: int
    per_cent: int
    currency: str
    valid_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Something that could not be taken over as it came: `where` it stood, and the word or value found."""

    kind: NoticeKind
    where: str
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """How the shop knows the buyer. `account_id` is the shop's own customer id; `language` is ISO 639-1."""

    name: str = ""
    email: str = ""
    phone: str = ""
    account_id: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    name: str = ""
    company: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineSnapshot:
    """One line. `price` is one piece as listed; `total` is paid for all of them, discount and tax in."""

    external_id: str
    name: str
    quantity: int
    price: int
    total: int
    sku: str = ""
    product_id: str = ""
    variant_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentSnapshot:
    """One payment. `method` is the shop's own word (card, gateway, transfer)."""

    external_id: str
    method: str
    amount: int
    status: PaymentStatus
    paid_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundSnapshot:
    """Money given back. `updated_at` is None when the source keeps no such time: its order's counts then."""

    external_id: str
    amount: int
    currency: str
    issued_at: datetime | None = None
    updated_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentSnapshot:
    """Goods sent off. `lines` are (line's external id, quantity); empty means all of the order."""

    external_id: str
    status: ShipmentStatus
    updated_at: datetime | None = None
    carrier: str = ""
    tracking_numbers: tuple[str, ...] = ()
    tracking_url: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    lines: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPart:
    """Refunds and shipments reported without their order."""

    external_id: str
    updated_at: datetime
    refunds: tuple[RefundSnapshot, ...] = ()
    shipments: tuple[ShipmentSnapshot, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderSnapshot:
    """A whole order as it stood at `updated_at`.

    `total` is what the buyer was to pay. `shipped_at` and `delivered_at` are for sources that know the
    moment but no shipment. Lines and payments are complete: what is absent is no longer part of the order.
    Refunds and shipments are those this report names: others stay.
    """

    external_id: str
    number: str
    placed_at: datetime
    updated_at: datetime
    currency: str
    total: int
    status: OrderStatus = OrderStatus.OPEN
    payment_status: PaymentStatus = PaymentStatus.UNKNOWN
    fulfilment_status: FulfilmentStatus = FulfilmentStatus.UNKNOWN
    contact: Contact = Contact()
    shipping_address: Address = Address()
    billing_address: Address = Address()
    note: str = ""
    promised_at: datetime | None = None
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    lines: tuple[LineSnapshot, ...] = ()
    payments: tuple[PaymentSnapshot, ...] = ()
    refunds: tuple[RefundSnapshot, ...] = ()
    shipments: tuple[ShipmentSnapshot, ...] = ()
    discount_codes: tuple[str, ...] = ()


class Step(StrEnum):
    """The five dots of the delivery strip."""

    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    OUT = "out"
    DELIVERED = "delivered"


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One dot of the delivery strip; `at` is None when it is done but nobody told when."""

    step: Step
    done: bool
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LineCard:
    """A line as others see it; `quantity` 0 means it was taken out of the order."""

    id: int
    external_id: str
    name: str
    sku: str
    product_id: str
    variant_id: str
    quantity: int
    price: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PaymentCard:
    id: int
    method: str
    amount: int
    status: PaymentStatus
    paid_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundCard:
    id: int
    amount: int
    currency: str
    issued_at: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShipmentCard:
    id: int
    status: ShipmentStatus
    carrier: str
    tracking_numbers: tuple[str, ...]
    tracking_url: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What of an order matters to whoever delivers it. `whole`: the shop says all of it was sent; `number_key` is its
    number in the spelling numbers are found by."""

    id: int
    shop_id: int
    customer_id: int | None
    number_key: str
    placed_at: datetime
    updated_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    promised_at: datetime | None
    shipped_at: datetime | None
    postcode: str
    country: str
    whole: bool
    shipments: tuple[ShipmentCard, ...]


@dataclass(frozen=True, kw_only=True)
class OrderCard:
    """An order as others see it, with all that belongs to it. `strip` are its five dots."""

    id: int
    shop_id: int
    customer_id: int | None
    source: str
    external_id: str
    number: str
    placed_at: datetime
    updated_at: datetime
    currency: str
    total: int
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
    lines: tuple[LineCard, ...]
    payments: tuple[PaymentCard, ...]
    refunds: tuple[RefundCard, ...]
    shipments: tuple[ShipmentCard, ...]
    strip: tuple[Dot, ...]
    discount_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConnectionCard:
    """A shop's connection as its people see it. While `phase` is not empty it is being read, `done` of `total`."""

    id: int
    shop_id: int
    connector: str
    active: bool
    phase: str
    done: int
    total: int | None
    caught_up_to: datetime | None
    heard_at: datetime | None
    failed_at: datetime | None
    failure: str
    failure_detail: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a connection has been read: where to go on, and from which change on."""

    connector: str
    shop_id: int
    phase: str
    cursor: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """What the headers and body of an incoming webhook say of it, before it is read.

    A `ping` only tries the address and is to be answered, not kept. Nothing is to be done for one that is not
    `authentic`. `delivery_id` is the sender's own number for it, the same when it is sent again.
    """

    shop_id: int
    connector: str
    topic: str
    delivery_id: str
    authentic: bool
    ping: bool
