"""What was set aside, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.desk.pages.parts import Act, Empty, Link, Pager
from opieka.desk.pages.settings import FailureRow, FailuresPage
from opieka.desk.presenters.story import Teller
from opieka.desk.seat import Desk
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


def page(
    failures: Sequence[Failure], entries: Mapping[int, Entry], desk: Desk, *, pager: Pager
) -> FailuresPage:
    """The newest first, each with its retry."""
    empty = Empty(
        _("Nothing is set aside"),
        _("What happened and could not be followed up would appear here, with a button to retry it."),
        "circle-check",
    )
    rows = tuple(_row(one, entries.get(one.touchpoint_id), desk) for one in failures)
    retry_all = Act(_("Retry all"), reverse("desk:retry_failures"), "refresh") if len(rows) > 1 else None
    return FailuresPage(rows, empty, retry_all, pager)


def _row(one: Failure, entry: Entry | None, desk: Desk) -> FailureRow:
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
