"""The customer page and the list of customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opieka.customers.types import CustomerCard, MergeCard
from opieka.desk.pages.customer import CustomerPage, CustomerRow, CustomersPage, Merge
from opieka.desk.pages.inbox import Candidate
from opieka.desk.pages.parts import Act, Choice, Empty, Form, Pager
from opieka.desk.presenters import balance, beside, people
from opieka.desk.presenters import orders as shown_orders
from opieka.desk.presenters.beside import About
from opieka.desk.presenters.reader import Reader, language_name
from opieka.desk.presenters.story import days
from opieka.desk.presenters.tables import Asked, Cell, Heading, narrowing, table


@dataclass(frozen=True)
class Extract:
    """Which part of a timeline is shown: of one kind ("" for all), `older` leads on, `newest` has none before."""

    kind: str
    older: str | None
    newest: bool


def page(
    about: About,
    reader: Reader,
    extract: Extract,
    *,
    merges: Sequence[MergeCard],
    forms: tuple[Form, Form] | None,
    may_merge: bool,
) -> CustomerPage:
    """Everything about one person. `forms`: add a contact point, change name and language; None to read only."""
    card, kind = about.card, extract.kind
    own = reverse("desk:customer", args=[card.id])
    return CustomerPage(
        person=people.customer(card),
        since=beside.since(card, reader),
        language=language_name(card.language, reader.language),
        live=f"customer:{card.id}",
        href=_address(own, kind),
        facts=(),
        contact_points=beside.points(card),
        add_contact_point=forms[0] if forms else None,
        change=forms[1] if forms else None,
        kinds=_kinds(own, kind),
        days=days(about.entries, reader),
        empty=Empty(_("Nothing of that kind yet"), _("What happens appears here by itself."), "history"),
        orders=tuple(shown_orders.row(one, reader) for one in about.orders),
        balance=balance.line(card.id, about.balance, reader),
        coupons=reverse("desk:coupons", args=[card.id]),
        conversations=tuple(beside.talk(row, reader) for row in about.talks),
        candidates=tuple(beside.suspect(card, other) for other in about.suspects) if may_merge else (),
        candidates_url=reverse("desk:candidates", args=[card.id]) if may_merge else "",
        merges=tuple(_merge(one, reader, undo=may_merge) for one in merges),
        pager=Pager(None if extract.newest else _address(own, kind), extract.older),
    )


def found(card: CustomerCard, others: Sequence[CustomerCard]) -> tuple[Candidate, ...]:
    """Whom a search offers for merging."""
    return tuple(
        Candidate(
            people.customer(other),
            reverse("desk:customer", args=[other.id]),
            beside.why(card, other),
            beside.merge_act(card.id, other.id),
        )
        for other in others
        if other.id != card.id
    )


HEADINGS = (
    Heading(pgettext_lazy("person", "Name"), "name"),
    Heading(gettext_lazy("Reached at")),
    Heading(gettext_lazy("Language")),
    Heading(gettext_lazy("Orders"), number=True),
    Heading(gettext_lazy("Known since"), "met", date=True),
    Heading(gettext_lazy("Last seen")),
)
CELLS = tuple(heading.label for heading in HEADINGS)
"""The heads of the file."""


@dataclass(frozen=True)
class Row:
    """A person in the list: how much she bought, when something last happened with her."""

    card: CustomerCard
    orders: int
    last: datetime


def listed(
    rows: Sequence[Row],
    reader: Reader,
    asked: Asked,
    *,
    languages: Iterable[str],
    last_id: int | None,
    export: str,
) -> CustomersPage:
    """People found, or all; `last_id` is the last one where more follow."""
    narrowed = asked.query or any(asked.chosen.values())
    empty = (
        Empty(_("Nobody found"), _("Try the beginning of a name, an address or a phone number."), "search")
        if narrowed
        else Empty(_("Nobody yet"), _("Whoever writes or orders appears here by herself."), "users")
    )
    spoken = [(code, language_name(code, reader.language)) for code in languages]
    by_language = narrowing(asked, "language", _("Language"), spoken)
    return CustomersPage(
        asked.query,
        tuple(_listed(row, reader) for row in rows),
        empty,
        table(asked, HEADINGS, filters=[by_language] if len(spoken) > 1 else [], export=export),
        asked.pager(last_id),
    )


def _listed(row: Row, reader: Reader) -> CustomerRow:
    card = row.card
    return CustomerRow(
        href=reverse("desk:customer", args=[card.id]),
        person=people.customer(card),
        contact=card.points[0].display if card.points else "",
        language=language_name(card.language, reader.language),
        orders=row.orders,
        since=reader.when(card.since),
        last=reader.when(row.last),
    )


def cells(row: Row, reader: Reader) -> tuple[Cell, ...]:
    """A person in the file, with every contact point."""
    reached = ", ".join(point.display for point in row.card.points)
    spoken = language_name(row.card.language, reader.language)
    return (people.customer(row.card).name, reached, spoken, row.orders, row.card.since, row.last)


def _kinds(own: str, chosen: str) -> tuple[Choice, ...]:
    names = {"": _("Everything"), "messages": _("Messages"), "orders": _("Orders"), "person": _("Person")}
    return tuple(Choice(_address(own, kind), name, kind == chosen) for kind, name in names.items())


def _address(own: str, kind: str) -> str:
    return f"{own}?{urlencode({'kind': kind})}" if kind else own


def _merge(one: MergeCard, reader: Reader, *, undo: bool) -> Merge:
    person = people.named(one.loser_name)
    act = Act(_("Undo"), reverse("desk:unmerge", args=[one.id]), "arrows-split") if undo else None
    return Merge(person, _("Merged"), reader.when(one.merged_at), act)
