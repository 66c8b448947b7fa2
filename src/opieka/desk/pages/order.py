"""The page of one order."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.cases import CasePanel
from opieka.desk.pages.customer import Day
from opieka.desk.pages.parts import Act, Chip, Link, Person, Strip, When


@dataclass(frozen=True)
class LineRow:
    """One line of an order; `gone`: it was taken out of it."""

    name: str
    code: str
    quantity: str
    price: str
    total: str
    gone: bool = False


@dataclass(frozen=True)
class Part:
    """Something that belongs to an order: a payment, a refund, a parcel. `links` lead to its tracking."""

    icon: str
    title: str
    text: str
    when: When | None = None
    chip: Chip | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class OwnPage:
    """The address of the customer's own page of an order, and how to make it void."""

    href: str
    void: Act


@dataclass(frozen=True)
class OrderPage:
    """`desk/order.html`. `warning` says why it will probably be late, `days` what happened to it; `own` is for those
    who may answer customers."""

    number: str
    shop: str
    source: str
    when: When
    total: str
    strip: Strip
    chip: Chip | None
    person: Person
    person_href: str
    lines: tuple[LineRow, ...]
    parts: tuple[Part, ...]
    addresses: tuple[tuple[str, tuple[str, ...]], ...]
    note: str = ""
    case: CasePanel | None = None
    warning: str = ""
    live: str = ""
    days: tuple[Day, ...] = ()
    own: OwnPage | None = None
