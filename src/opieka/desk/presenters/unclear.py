"""What tracking left unclear, in words: what it was, where it stood, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.deliveries.types import NoticeKind
from opieka.desk.pages.parcels import UnclearPage, UnclearRow
from opieka.desk.pages.parts import Act, Choice, Empty
from opieka.desk.presenters.parcel_words import NOTICES
from opieka.desk.presenters.tables import Asked, Cell, Heading, narrowing, table
from opieka.desk.seat import Desk
from opieka.shops.types import Permission


class Noticed(Protocol):
    """A notice as stored."""

    pk: int
    shop_id: int
    carrier: str
    kind: str
    where: str
    value: str
    times: int
    first_at: datetime
    last_at: datetime


HEADINGS = (
    Heading(gettext_lazy("What was noticed")),
    Heading(gettext_lazy("Where")),
    Heading(gettext_lazy("What stood there")),
    Heading(gettext_lazy("Times"), "times", number=True),
    Heading(gettext_lazy("Last"), "last", date=True),
    Heading(gettext_lazy("Dismiss"), silent=True),
)
CELLS = (
    *(heading.label for heading in HEADINGS[:-1]),
    gettext_lazy("Brought by"),
    gettext_lazy("Shop"),
)
"""The heads of the file."""
_ABOUT_A_PARCEL = {NoticeKind.UNKNOWN_CARRIER, NoticeKind.IN_FUTURE, NoticeKind.SHARED_NUMBER}


def page(
    rows: Sequence[Noticed],
    sources: Mapping[str, str],
    desk: Desk,
    asked: Asked,
    *,
    parts: tuple[Choice, ...],
    last_id: int | None,
) -> UnclearPage:
    """Each with what to do; `sources` are the titles of who brought them, by name."""
    by_kind = narrowing(asked, "kind", _("What was noticed"), [(k.value, NOTICES[k][0]) for k in NoticeKind])
    by_source = narrowing(
        asked, "from", _("Brought by"), [(name, title) for name, title in sources.items() if name]
    )
    narrowed = tuple((name, value) for name, value in asked.chosen.items() if value)
    dismiss_all = Act(_("Dismiss all"), reverse("desk:dismiss_unclear"), "checks", narrowed)
    return UnclearPage(
        parts=parts,
        rows=tuple(_row(row, sources, desk) for row in rows),
        table=table(asked, HEADINGS, filters=(by_kind, by_source), export=reverse("desk:export_unclear")),
        empty=Empty(
            _("Nothing is unclear"),
            _(
                "Codes and carriers nobody knows, dates of the future and what could not be read would stand here."
            ),
            "circle-check",
        ),
        pager=asked.pager(last_id),
        dismiss_all=dismiss_all if len(rows) > 1 and desk.may(Permission.REPAIR) else None,
    )


def cells(row: Noticed, sources: Mapping[str, str], desk: Desk) -> tuple[Cell, ...]:
    """One row of the file."""
    shop = desk.shops.get(row.shop_id)
    what = str(NOTICES[NoticeKind(row.kind)][0])
    by = _by(row, sources)
    return (what, row.where, row.value, row.times, row.last_at, by, shop.name if shop else "")


def _by(row: Noticed, sources: Mapping[str, str]) -> str:
    return sources.get(row.carrier, row.carrier) or _("The shop's own orders")


def _row(row: Noticed, sources: Mapping[str, str], desk: Desk) -> UnclearRow:
    reader = desk.reader(row.shop_id)
    what, todo = NOTICES[NoticeKind(row.kind)]
    shop = desk.shops.get(row.shop_id)
    by = (_by(row, sources), shop.name if shop and len(desk.shops) > 1 else "")
    about = f"{reverse('desk:parcels')}?{urlencode({'shown': 'all', 'q': row.where})}"
    dismiss = Act(_("Dismiss"), reverse("desk:dismiss_unclear"), "check", fields=(("notice", str(row.pk)),))
    return UnclearRow(
        what=str(what),
        by=" · ".join(part for part in by if part),
        todo=str(todo),
        where=row.where,
        href=about if row.kind in _ABOUT_A_PARCEL else "",
        value=row.value,
        times=reader.number(row.times),
        when=reader.when(row.last_at),
        dismiss=dismiss if desk.may(Permission.REPAIR, row.shop_id) else None,
    )
