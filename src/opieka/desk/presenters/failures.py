"""What was set aside, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.desk.pages.parts import Act, Empty, Link
from opieka.desk.pages.settings import FailureRow, FailuresPage
from opieka.desk.presenters import unread
from opieka.desk.presenters.story import Teller
from opieka.desk.presenters.tables import Asked, Cell, Heading, table
from opieka.desk.seat import Desk
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry


class Failure(Protocol):
    """A touchpoint a reaction could not follow, as stored."""

    pk: int
    shop_id: int
    reaction: str
    touchpoint_id: int
    error: str
    attempts: int
    failed_at: datetime


HEADINGS = (
    Heading(gettext_lazy("What happened")),
    Heading(gettext_lazy("What failed")),
    Heading(gettext_lazy("Since"), "since", date=True),
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
class Row:
    """What failed, and the touchpoint it was about, if this version knows its kind."""

    failure: Failure
    entry: Entry | None


def page(rows: Sequence[Row], desk: Desk, asked: Asked, *, last_id: int | None) -> FailuresPage:
    """Each with its retry; `last_id` is the last one where more follow."""
    empty = Empty(
        _("Nothing is set aside"),
        _("What happened and could not be followed up would appear here, with a button to retry it."),
        "circle-check",
    )
    retry_all = Act(_("Retry all"), reverse("desk:retry_failures"), "refresh") if len(rows) > 1 else None
    unfollowed = timeline.failures(desk.ids(Permission.REPAIR)).count()
    return FailuresPage(
        unread.parts("desk:failures", unfollowed=unfollowed, unread=desk.unread),
        tuple(_row(row, desk) for row in rows),
        empty,
        table(asked, HEADINGS, export=reverse("desk:export_failures")),
        retry_all,
        asked.pager(last_id),
    )


def cells(row: Row, desk: Desk) -> tuple[Cell, ...]:
    """One row of the file."""
    shown, one = _row(row, desk), row.failure
    shop = desk.shops.get(one.shop_id)
    what = f"{shown.reaction}: {shown.error}"
    return (shown.what, what, one.failed_at, one.attempts, shop.name if shop else "", one.error)


def _row(row: Row, desk: Desk) -> FailureRow:
    one, entry = row.failure, row.entry
    reader = desk.reader(one.shop_id)
    line = Teller(reader, {}).line(entry.fact) if entry else None
    kind, _sep, said = one.error.partition(": ")
    return FailureRow(
        id=one.pk,
        what=line.text if line else _("Something this version does not know"),
        subject=Link(entry.subject, line.href) if entry and line and line.href else None,
        reaction=one.reaction,
        error=said or kind,
        detail=f"{one.error}\ntouchpoint {one.touchpoint_id}",
        when=reader.when(one.failed_at),
        attempts=one.attempts,
        retry=Act(_("Retry"), reverse("desk:retry_failure", args=[one.pk]), "refresh"),
    )
