"""The people of a shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opieka.desk.pages.parts import Chip, Tone
from opieka.desk.pages.settings import StaffRow
from opieka.desk.pages.tables import Table
from opieka.desk.presenters import people, words
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Asked, Cell, Heading, Word, narrowing, table
from opieka.kernel.text import fold
from opieka.shops.types import MemberCard, Role, ShopCard

HEADINGS = (
    Heading(pgettext_lazy("person", "Name"), "name"),
    Heading(gettext_lazy("Role"), "role"),
    Heading(gettext_lazy("Last seen"), "last", date=True),
    Heading(gettext_lazy("State")),
)
CELLS = (HEADINGS[0].label, gettext_lazy("E-mail"), *(heading.label for heading in HEADINGS[1:]))
"""The heads of the file."""
ROLES: Mapping[str, Word] = {role.value: name for role, (name, _hint) in words.ROLES.items()}
STATES: Mapping[str, Word] = {"works": gettext_lazy("Works here"), "closed": gettext_lazy("Account closed")}
_BY: Mapping[str, Callable[[MemberCard], str | float]] = {
    "name": lambda one: fold(one.name),
    "role": lambda one: list(Role).index(one.role),
    "last": lambda one: one.last_login.timestamp() if one.last_login else 0.0,
}


def around(asked: Asked, shop: ShopCard) -> Table:
    """The heads, filters and the way to the file."""
    filters = (
        narrowing(asked, "role", _("Role"), ROLES.items()),
        narrowing(asked, "state", _("State"), STATES.items()),
    )
    return table(asked, HEADINGS, filters=filters, export=reverse("desk:export_staff", args=[shop.slug]))


def chosen(found: Sequence[MemberCard], asked: Asked) -> list[MemberCard]:
    """Those the address asks for, in its order."""
    role, state = asked.chosen["role"], asked.chosen["state"]
    wanted = (one for one in found if role in {"", one.role} and state in {"", _state(one)})
    return sorted(wanted, key=_BY[asked.sort], reverse=asked.down)


def row(one: MemberCard, shop: ShopCard, reader: Reader) -> StaffRow:
    """One colleague."""
    tone = Tone.DONE if one.active else Tone.PLAIN
    return StaffRow(
        person=people.staff(one.name),
        email=one.email,
        href=reverse("desk:colleague", args=[shop.slug, one.staff_id]),
        role=str(ROLES[one.role]),
        state=Chip(str(STATES[_state(one)]), tone),
        last=reader.when(one.last_login) if one.last_login else None,
    )


def cells(one: MemberCard) -> tuple[Cell, ...]:
    """One row of the file."""
    return (one.name, one.email, str(ROLES[one.role]), one.last_login, str(STATES[_state(one)]))


def _state(one: MemberCard) -> str:
    return "works" if one.active else "closed"
