"""The customer page: everything about one person, oldest matters included."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.inbox import Candidate, CaseLine, ContactPointLine, ConversationLine, TimelineEntry
from opieka.desk.pages.parts import (
    Act,
    Balance,
    Chip,
    Choice,
    Empty,
    Form,
    Link,
    Pager,
    Person,
    Strip,
    Tone,
    When,
)
from opieka.desk.pages.rights import Rights
from opieka.desk.pages.tables import Table


@dataclass(frozen=True)
class Day:
    """The touchpoints of one day, newest first."""

    when: When
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True)
class OrderRow:
    """An order of hers. `warning` says why it will probably be late."""

    number: str
    href: str
    when: When
    what: str
    total: str
    strip: Strip
    chip: Chip | None = None
    warning: str = ""


@dataclass(frozen=True)
class Merge:
    """Somebody found to be the same person. `undo` is None once it has been undone."""

    person: Person
    by: str
    when: When
    undo: Act | None


@dataclass(frozen=True)
class CustomerPage:
    """`desk/customer.html`. `kinds` filters the timeline and stands in the address bar.

    `candidates_url` answers `?q=` with `desk/_candidates.html`. Who may only read has neither it nor the forms.
    """

    person: Person
    since: str
    language: str
    live: str
    href: str
    facts: tuple[tuple[str, str], ...]
    contact_points: tuple[ContactPointLine, ...]
    add_contact_point: Form | None
    change: Form | None
    kinds: tuple[Choice, ...]
    days: tuple[Day, ...]
    empty: Empty
    orders: tuple[OrderRow, ...]
    conversations: tuple[ConversationLine, ...]
    candidates: tuple[Candidate, ...]
    candidates_url: str
    merges: tuple[Merge, ...]
    rights: Rights | None = None
    cases: tuple[CaseLine, ...] = ()
    balance: Balance | None = None
    coupons: str = ""
    pager: Pager | None = None


@dataclass(frozen=True)
class MovementRow:
    """An experience: its touchpoint as a sentence, and what it weighs now ("−12")."""

    entry: TimelineEntry
    weight: str
    tone: Tone


@dataclass(frozen=True)
class BalancePage:
    """`desk/balance.html`: what moved a customer's balance, the latest first."""

    person: Person
    back: Link
    sum: str
    tone: Tone
    facts: tuple[tuple[str, str], ...]
    rows: tuple[MovementRow, ...]
    empty: Empty
    pager: Pager | None = None


@dataclass(frozen=True)
class CouponRow:
    """A coupon with what came of it; `by_hand` is what somebody has to do in the shop's system."""

    code: str
    worth: str
    reason: str
    chip: Chip
    when: When
    until: When
    came: str = ""
    by_hand: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class CouponsPage:
    """`desk/coupons.html`: a customer's coupons; `form` gives one more, `left` says how much may be given."""

    person: Person
    live: str
    back: Link
    left: str
    rows: tuple[CouponRow, ...]
    form: Form | None
    empty: Empty


@dataclass(frozen=True)
class CustomerRow:
    href: str
    person: Person
    contact: str
    language: str
    orders: int
    since: When
    last: When


@dataclass(frozen=True)
class CustomersPage:
    """`desk/customers.html`: people found by `query`, or all."""

    query: str
    rows: tuple[CustomerRow, ...]
    empty: Empty
    table: Table
    pager: Pager | None = None
