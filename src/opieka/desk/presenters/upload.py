"""A warehouse's file in words: what it holds, what will be left out and why, how far it is, and what came of it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import FileCard, FileTaken, Notice, Taken, Tracking
from opieka.desk.pages.parcels import FileRow, LeftOut, LeftOutRow, Uploaded
from opieka.desk.presenters import parcel_words as words
from opieka.desk.presenters.reader import Reader

_MOST = 50
_LINE = re.compile(r"line (\d+): (.*)")


def preview(card: FileCard, reader: Reader) -> Uploaded:
    """What would be taken, and what not."""
    holds = ngettext(
        "%(count)s parcel with %(reports)s reports; %(known)s of them is known already.",
        "%(count)s parcels with %(reports)s reports; %(known)s of them are known already.",
        card.parcels,
    )
    numbers = {"count": card.parcels, "reports": card.reports, "known": card.known}
    titles = {one.name: one.title for one in deliveries.carriers()}
    return Uploaded(
        said=holds % {name: reader.number(number) for name, number in numbers.items()},
        rows=tuple(_row(tracking, titles, reader) for tracking in card.sample),
        left_out=_left_out(card.notices, reader),
        may_take=bool(card.parcels),
    )


def going_on(taken: FileTaken, total: Taken, reader: Reader) -> Uploaded:
    """How far it is; what goes along to the next batch."""
    counted = {"seen": reader.number(taken.seen), "total": reader.number(taken.parcels)}
    along = {
        "do": "take",
        "start": taken.seen,
        "created": total.created,
        "changed": total.changed,
        "reports": total.reports,
    }
    return Uploaded(
        seen=taken.seen,
        total=taken.parcels,
        progress=_("%(seen)s of %(total)s parcels") % counted,
        along=tuple((name, str(value)) for name, value in along.items()),
    )


def done(taken: FileTaken, total: Taken, reader: Reader) -> Uploaded:
    """What came of it."""
    said = _("Taken over: %(created)s new parcels, %(changed)s changed, %(reports)s new reports.")
    numbers = {"created": total.created, "changed": total.changed, "reports": total.reports}
    return Uploaded(
        done=said % {name: reader.number(number) for name, number in numbers.items()},
        left_out=_left_out(taken.notices, reader),
    )


def _left_out(notices: tuple[Notice, ...], reader: Reader) -> LeftOut | None:
    if not notices:
        return None
    text = ngettext(
        "%(count)s place was not understood. It stays under “To clear up”, too.",
        "%(count)s places were not understood. They stay under “To clear up”, too.",
        len(notices),
    )
    rows = tuple(LeftOutRow(_place(one.where), one.value, str(words.NOTICES[one.kind][0])) for one in notices)
    return LeftOut(text % {"count": reader.number(len(notices))}, rows[:_MOST])


def _place(where: str) -> str:
    found = _LINE.fullmatch(where)
    return _("Line %(number)s, %(column)s") % {"number": found[1], "column": found[2]} if found else where


def _row(tracking: Tracking, titles: dict[str, str], reader: Reader) -> FileRow:
    last = max(tracking.reports, key=lambda report: report.at, default=None)
    return FileRow(
        number=tracking.tracking_number,
        carrier=titles.get(tracking.carrier, tracking.carrier_word or tracking.carrier),
        order=tracking.order_number,
        reports=reader.number(len(tracking.reports)),
        stage=words.stage(last.stage) if last else None,
    )
