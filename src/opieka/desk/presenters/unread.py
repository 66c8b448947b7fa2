"""What came in and could not be read, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.desk.pages.parts import Act, Choice, Empty
from opieka.desk.pages.settings import UnreadPage, UnreadRow
from opieka.desk.presenters import words
from opieka.desk.presenters.tables import Asked, Cell, Heading, Word, narrowing, table
from opieka.desk.seat import Desk, Unread

SOURCES: Mapping[str, Word] = {
    "mail": gettext_lazy("Mails"),
    "provider-mail": gettext_lazy("Mails handed over by a provider"),
    "provider-events": gettext_lazy("Delivery reports"),
    "orders": gettext_lazy("Reports of orders"),
}
HEADINGS = (
    Heading(gettext_lazy("What came")),
    Heading(gettext_lazy("Why it could not be read")),
    Heading(gettext_lazy("Came"), "came", date=True),
    Heading(gettext_lazy("Tries"), "tries", number=True),
    Heading(gettext_lazy("Retry"), silent=True),
)
CELLS = (
    *(heading.label for heading in HEADINGS[:-1]),
    gettext_lazy("Shop"),
    gettext_lazy("Details for a technician"),
)
"""The heads of the file."""


@dataclass(frozen=True)
class Owners:
    """To what a payload came: the addresses of mailboxes and the names of connectors, by id."""

    mailboxes: Mapping[int, str]
    connectors: Mapping[int, str]


def page(
    found: Sequence[Unread],
    owners: Owners,
    desk: Desk,
    asked: Asked,
    *,
    unfollowed: int,
    last_id: int | None,
) -> UnreadPage:
    """Each with its source and its retry; `unfollowed` is how much waits on the other page."""
    empty = Empty(
        _("Everything that came in could be read"),
        _("A mail or a report that cannot be read would appear here as it came. Nothing is ever dropped."),
        "circle-check",
    )
    by_source = narrowing(asked, "source", _("What came"), SOURCES.items())
    return UnreadPage(
        parts("desk:unread", unfollowed=unfollowed, unread=desk.unread),
        tuple(_row(one, owners, desk) for one in found),
        empty,
        table(asked, HEADINGS, filters=[by_source], export=reverse("desk:export_unread")),
        Act(_("Retry all"), reverse("desk:retry_all_unread"), "refresh") if len(found) > 1 else None,
        asked.pager(last_id),
    )


def parts(current: str, *, unfollowed: int, unread: int) -> tuple[Choice, ...]:
    """The two pages of what was set aside; the hint is how much."""
    each = (
        ("desk:failures", _("Not followed up"), unfollowed),
        ("desk:unread", _("Not readable"), unread),
    )
    return tuple(Choice(reverse(view), name, view == current, str(count or "")) for view, name, count in each)


def cells(one: Unread, owners: Owners, desk: Desk) -> tuple[Cell, ...]:
    """One row of the file."""
    shop = desk.shops.get(one.shop_id)
    return (_what(one, owners), _why(one), one.received_at, one.tries, shop.name if shop else "", one.error)


def _row(one: Unread, owners: Owners, desk: Desk) -> UnreadRow:
    reader = desk.reader(one.shop_id)
    shop = desk.shops.get(one.shop_id)
    again = (
        _("Tried again by itself %(when)s") % {"when": reader.until(one.next_try_at).text}
        if one.next_try_at
        else _("Not tried again by itself")
    )
    return UnreadRow(
        id=one.id,
        what=_what(one, owners),
        shop=shop.name if shop and len(desk.shops) > 1 else "",
        why=_why(one),
        again=again,
        detail=one.error,
        when=reader.when(one.received_at),
        tries=one.tries,
        source=reverse("desk:unread_source", args=[one.id]),
        retry=Act(_("Retry"), reverse("desk:retry_unread", args=[one.id]), "refresh"),
    )


def _what(one: Unread, owners: Owners) -> str:
    if one.source == "orders":
        system = owners.connectors.get(one.owner_id, "")
        told = {"system": words.CONNECTORS.get(system, system or _("a shop system")), "topic": one.topic}
        return _("Report of %(system)s: %(topic)s") % told
    told = {"address": owners.mailboxes.get(one.owner_id) or _("a mailbox that is no more")}
    if one.source == "provider-events":
        return _("Report on the delivery of mails from %(address)s") % told
    return _("Mail to %(address)s") % told


def _why(one: Unread) -> str:
    if one.error == "crashes":
        return _("Reading it ended the program several times.")
    if one.error == "not-handed-out":
        return _("The mail server lists it, but will not hand it out.")
    if one.error.startswith("unreadable"):
        return _("It is so damaged that nothing could be made of it.")
    if one.source == "mail":
        return _("The program fell over it. It stands in the inbox with its source attached.")
    return _("The program fell over it. A later version may be able to read it.")
