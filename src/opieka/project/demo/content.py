"""The demo's people, goods, orders and conversations as frozen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["pl", "ru", "el", "en"]
Texts = dict[str, str]
CUSTOMER = "customer"

Act = tuple[datetime, Callable[[], object]]
"""Something that happens, and when."""


@dataclass(frozen=True)
class Group:
    slug: str
    name: str
    shops: tuple[str, ...]


@dataclass(frozen=True)
class Shop:
    """`hours` are local opening and closing times by weekday; a weekday left out is closed."""

    slug: str
    name: str
    claim: Texts
    countries: tuple[str, ...]
    languages: tuple[Language, ...]
    currency: str
    timezone: str
    accent: str
    mail: str
    phone: str
    site: str
    order_prefix: str
    hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], tuple[str, str]]
    first_response_minutes: int

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class Staff:
    key: str
    name: str
    email: str
    language: Language
    roles: dict[str, Literal["owner", "lead", "agent", "associate", "analyst"]]


@dataclass(frozen=True)
class Variant:
    """`stock` is None where nothing is counted."""

    sku: str
    names: Texts
    stock: int | None


@dataclass(frozen=True)
class Product:
    """`prices` in minor units by shop."""

    key: str
    kind: Literal["outdoor", "home", "service", "stationery"]
    prices: dict[str, int]
    names: Texts
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class ContactPoint:
    """As the person writes it: a phone number may lack its country code."""

    kind: Literal["email", "phone", "whatsapp"]
    value: str


@dataclass(frozen=True)
class Address:
    street: str
    postcode: str
    city: str
    country: str
    name: str = ""


@dataclass(frozen=True)
class Consent:
    email: bool
    sms: bool


@dataclass(frozen=True)
class Note:
    """An internal remark by a member of staff."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Customer:
    key: str
    group: str
    name: str
    language: Language
    country: str
    since: datetime
    contact_points: tuple[ContactPoint, ...]
    address: Address | None
    consent: Consent
    notes: tuple[Note, ...]

    @property
    def email(self) -> str:
        return next(point.value for point in self.contact_points if point.kind == "email")


@dataclass(frozen=True)
class Line:
    """`price` per piece in minor units."""

    sku: str
    quantity: int
    price: int


@dataclass(frozen=True)
class Shipping:
    method: str
    price: int
    pickup_point: str | None


@dataclass(frozen=True)
class Payment:
    method: str
    at: datetime
    amount: int


@dataclass(frozen=True)
class Refund:
    """`at` is None while the refund is pending."""

    amount: int
    reason: str
    at: datetime | None
    skus: tuple[str, ...]
    status: Literal["done", "pending"]


@dataclass(frozen=True)
class Step:
    """One report of a carrier, in the carrier's words."""

    at: datetime
    stage: str
    text: str
    place: str


@dataclass(frozen=True)
class Parcel:
    carrier: str
    tracking: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Order:
    """Amounts in minor units of the shop's currency."""

    number: str
    shop: str
    customer: str
    status: Literal["placed", "paid", "shipped", "delivered", "cancelled"]
    placed: datetime
    shipped: datetime | None
    delivered: datetime | None
    promised: date | None
    cancelled: datetime | None
    lines: tuple[Line, ...]
    shipping: Shipping
    total: int
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    address: Address | None
    company: str | None
    parcels: tuple[Parcel, ...]

    def price(self, sku: str) -> int:
        """What one piece of `sku` cost here; KeyError when it was not bought."""
        return {line.sku: line.price for line in self.lines}[sku]


@dataclass(frozen=True)
class Attachment:
    """A file of the folder `files`, or the invoice of the order `invoice` drawn when it is needed."""

    name: str
    file: str | None = None
    invoice: str | None = None
    inline: bool = False


@dataclass(frozen=True)
class Sender:
    name: str
    email: str


@dataclass(frozen=True)
class Message:
    """`by` is `customer` or the key of a member of staff."""

    by: str
    at: datetime
    text: str
    kind: Literal["mail", "autoreply", "bounce"] = "mail"
    subject: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def inbound(self) -> bool:
        return self.by == CUSTOMER


@dataclass(frozen=True)
class Newsletter:
    """The mail outside of every conversation that the first message answers."""

    id: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Conversation:
    """One thread of real mails. A `sender` instead of a `customer` writes from an unknown address."""

    name: str
    shop: str
    language: Language
    program: str
    topic: str
    subject: str
    status: Literal["open", "assigned", "waiting", "resolved"]
    messages: tuple[Message, ...]
    customer: str | None = None
    sender: Sender | None = None
    assignee: str | None = None
    newsletter: Newsletter | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Demo:
    """Everything the demo shows, with moments resolved against one `now`."""

    groups: tuple[Group, ...]
    shops: tuple[Shop, ...]
    staff: tuple[Staff, ...]
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]
    conversations: tuple[Conversation, ...] = ()

    @cached_property
    def shop(self) -> Mapping[str, Shop]:
        return {shop.slug: shop for shop in self.shops}

    @cached_property
    def member(self) -> Mapping[str, Staff]:
        return {member.key: member for member in self.staff}

    @cached_property
    def customer(self) -> Mapping[str, Customer]:
        return {customer.key: customer for customer in self.customers}

    @cached_property
    def order(self) -> Mapping[str, Order]:
        return {order.number: order for order in self.orders}

    @cached_property
    def product(self) -> Mapping[str, Product]:
        """The product of each SKU."""
        return {variant.sku: product for product in self.products for variant in product.variants}

    def home(self, customer: Customer) -> Shop:
        """The shop that met the customer: of her first order, or else of her first conversation."""
        bought = [order.shop for order in self.orders if order.customer == customer.key]
        wrote = [each.shop for each in self.conversations if each.customer == customer.key]
        return self.shop[(bought + wrote)[0]]

    def named(self, sku: str, language: str) -> str:
        """What a person of that language calls it, colour or size after a comma."""
        product = self.product[sku]
        variant = next(each for each in product.variants if each.sku == sku)
        return ", ".join(filter(None, (product.names[language], variant.names.get(language))))

    def sender(self, conversation: Conversation) -> Sender:
        """Who writes to the shop in this conversation, and from which address."""
        if conversation.sender:
            return conversation.sender
        customer = self.customer[conversation.customer or ""]
        return Sender(customer.name, customer.email)
