"""How carriers did, in words and as lines with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opieka.deliveries.types import Delays, FirstAttempts, Missed, Scorecard, Share
from opieka.desk.pages.parcels import AttemptsPart, Bar, CarrierRow, CarriersPage, Measure
from opieka.desk.pages.parts import Empty, Link
from opieka.desk.presenters import parcel_words as words
from opieka.desk.presenters.parcels import parts
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Cell
from opieka.desk.seat import Desk

PERIODS = {
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
    "365": gettext_lazy("Last 12 months"),
}
CELLS = (
    gettext_lazy("Carrier"),
    gettext_lazy("Parcels"),
    gettext_lazy("In time"),
    gettext_lazy("In time, lower bound"),
    gettext_lazy("In time, upper bound"),
    gettext_lazy("First attempt"),
    gettext_lazy("Lost"),
    gettext_lazy("Damaged"),
    gettext_lazy("Days on the way"),
)
"""The heads of the file."""


@dataclass(frozen=True)
class Figures:
    """What is known of a period."""

    cards: Sequence[Scorecard]
    attempts: FirstAttempts
    delays: Delays


def page(figures: Figures, desk: Desk, *, days: str) -> CarriersPage:
    """Every carrier of a period, how first attempts went, and where the lateness arose."""
    reader = desk.reader()
    blame, said = _blame(figures.delays, reader)
    text = _("Carriers appear here when they have delivered parcels in this period.")
    return CarriersPage(
        period=tuple(
            Link(str(word), "" if one == days else f"{reverse('desk:carriers')}?days={one}")
            for one, word in PERIODS.items()
        ),
        chosen=str(PERIODS[days]),
        scale=f"0 – {reader.number(round(100 * _scale(figures.cards)))} %",
        rows=tuple(_row(card, reader, _scale(figures.cards)) for card in figures.cards),
        empty=Empty(_("No parcels in this period"), text, "truck-delivery"),
        parts=parts("desk:carriers", desk),
        blame=blame,
        blame_text=said,
        attempts=_attempts(figures.attempts, reader),
        export=f"{reverse('desk:export_carriers')}?days={days}",
    )


def cells(card: Scorecard) -> tuple[Cell, ...]:
    """One row of the file; shares from 0 to 1."""
    return (
        card.carrier_title or str(_("Unknown carrier")),
        card.parcels,
        _plain(card.on_time.share),
        _plain(card.on_time.low),
        _plain(card.on_time.high),
        _plain(card.first_attempt.share),
        _plain(card.lost.share),
        _plain(card.damaged.share),
        _plain(card.days),
    )


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _row(card: Scorecard, reader: Reader, scale: float) -> CarrierRow:
    caption = ""
    if card.days_low is not None and card.days_high is not None:
        caption = f"{reader.number(round(card.days_low, 1))} – {reader.number(round(card.days_high, 1))}"
    return CarrierRow(
        name=card.carrier_title or _("Unknown carrier"),
        href=f"{reverse('desk:parcels')}?shown=all&carrier={card.carrier}" if card.carrier else "",
        parcels=reader.number(card.parcels),
        on_time=_measure(card.on_time, reader),
        first_attempt=_measure(card.first_attempt, reader),
        lost=_measure(card.lost, reader, scale),
        damaged=_measure(card.damaged, reader, scale),
        days="" if card.days is None else reader.number(round(card.days, 1)),
        days_caption=caption,
    )


def _scale(cards: Sequence[Scorecard]) -> float:
    """What is rare is drawn on a scale of its own, up to the largest of the shares with some room: a tenth to all."""
    most = max((share.share or 0 for card in cards for share in (card.lost, card.damaged)), default=0)
    return min(max(math.ceil(20 * most) / 10, 0.1), 1.0)


def _measure(share: Share, reader: Reader, scale: float = 1.0) -> Measure | None:
    if share.share is None or share.low is None or share.high is None:
        return None
    at, low, high = (100 * value for value in (share.share, share.low, share.high))
    span = f"{reader.number(round(low, 1))} – {reader.number(round(high, 1))} %"
    told = _("%(span)s, of %(count)s") % {"span": span, "count": reader.number(share.n)}
    drawn = (round(min(value / scale, 100), 2) for value in (at, low, high))
    return Measure(f"{reader.number(round(at, 1))} %", told, *drawn)


def _attempts(found: FirstAttempts, reader: Reader) -> AttemptsPart | None:
    made, saved = _measure(found.made, reader), _measure(found.saved, reader)
    if made is None:
        return None
    told = _("%(share)s of the parcels were delivered at the first attempt (%(interval)s).")
    said = [told % {"share": made.text, "interval": made.caption}]
    if saved is not None:
        helped = _("Of the others, %(share)s would have been with the right preference (%(interval)s).")
        said.append(helped % {"share": saved.text, "interval": saved.caption})
    most = max((one.parcels for one in found.missed), default=1)
    return AttemptsPart(
        " ".join(said),
        tuple(_missed(one, most, reader) for one in found.missed),
        tuple(
            (str(words.REMEDIES[remedy]), measure)
            for remedy, share in found.by_remedy.items()
            if (measure := _measure(share, reader))
        ),
        _("Of the failed first attempts; one parcel counts for every preference that would have helped."),
    )


def _missed(one: Missed, most: int, reader: Reader) -> Bar:
    label = words.reason(one.reason) or _("no reason told")
    return Bar(label, reader.number(one.parcels), max(1, round(100 * one.parcels / most)), "")


def _blame(delays: Delays, reader: Reader) -> tuple[tuple[Bar, ...], str]:
    """The days of lateness by where they arose, and a sentence that says it."""
    days = delays.warehouse_days + delays.carrier_days
    if not days:
        return (), ""
    by_warehouse = round(100 * delays.warehouse_days / days)
    shares = ((_("Warehouse"), by_warehouse), (_("Carriers"), 100 - by_warehouse))
    bars = tuple(Bar(label, f"{share} %", share, "") for label, share in shares)
    told = ngettext(
        "%(count)s parcel came late; %(warehouse)s of them mainly because it was handed over late.",
        "%(count)s parcels came late; %(warehouse)s of them mainly because they were handed over late.",
        delays.late,
    )
    return bars, told % {
        "count": reader.number(delays.late),
        "warehouse": reader.number(delays.by_warehouse),
    }
