"""The control tower in words: tiles, pictures, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import Counts, ParcelCard, ParcelStage, RiskBand
from opieka.desk.pages.parcels import Bar, Bars, ParcelRow, ParcelsPage, Tile
from opieka.desk.pages.parts import Chip, Choice, Empty, Link, Tone
from opieka.desk.pages.tables import Filter
from opieka.desk.presenters import parcel_words as words
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Asked, Cell, Heading, narrowing, table
from opieka.desk.presenters.together import together
from opieka.desk.seat import Desk
from opieka.shops.types import Permission

HEADINGS = (
    Heading(gettext_lazy("Choose"), silent=True),
    Heading(gettext_lazy("Parcel"), "added", date=True),
    Heading(gettext_lazy("Where it is")),
    Heading(gettext_lazy("Risk"), "risk", number=True),
    Heading(gettext_lazy("Promised"), "promised"),
    Heading(gettext_lazy("Expected")),
    Heading(gettext_lazy("Last news"), "news", date=True),
)
CELLS = (
    gettext_lazy("Parcel"),
    gettext_lazy("Carrier"),
    gettext_lazy("Order"),
    gettext_lazy("Where it is"),
    gettext_lazy("Reason"),
    gettext_lazy("Risk"),
    gettext_lazy("Why"),
    gettext_lazy("Promised"),
    gettext_lazy("Expected"),
    gettext_lazy("Last news"),
    gettext_lazy("Delivered"),
    gettext_lazy("Depot"),
)
"""The heads of the file."""
SHOWN = {
    "all": gettext_lazy("All, arrived ones too"),
    "late": gettext_lazy("Late"),
    "silent": gettext_lazy("Silent"),
    "lost": gettext_lazy("Lost"),
    "unjoined": gettext_lazy("Without an order"),
    "chosen": gettext_lazy("To be arranged for the customer"),
}
"""Beyond the parcels under way."""
UNDER_WAY = tuple(
    stage
    for stage in ParcelStage
    if stage
    not in {
        ParcelStage.DELIVERED,
        ParcelStage.RETURNED,
        ParcelStage.CANCELLED,
        ParcelStage.UNKNOWN,
        ParcelStage.LOST,
    }
)
_MOST_BARS = 6


def page(
    rows: Sequence[ParcelCard],
    orders: Mapping[int, str],
    counts: Counts,
    desk: Desk,
    asked: Asked,
    *,
    last_id: int | None,
) -> ParcelsPage:
    """The tower: what is in trouble, where everything lies, and the parcels asked for."""
    return ParcelsPage(
        refresh=asked.address(),
        query=asked.query,
        tiles=_tiles(counts, desk.reader(), asked),
        pictures=_pictures(counts, desk.reader(), asked),
        rows=tuple(row(card, orders.get(card.order_id or 0, ""), desk.reader(card.shop_id)) for card in rows),
        table=table(asked, HEADINGS, filters=_filters(asked, counts), export=reverse("desk:export_parcels")),
        empty=_empty(asked),
        pager=asked.pager(last_id),
        parts=parts("desk:parcels", desk),
        together=together(desk, asked),
    )


def parts(current: str, desk: Desk) -> tuple[Choice, ...]:
    """The pages of the tower; the hint is how much is to be cleared up. One query."""
    unclear = deliveries.notices(desk.shop_ids).count()
    pages = (
        ("desk:parcels", _("Parcels"), ""),
        ("desk:carriers", _("Carriers"), ""),
        ("desk:unclear", _("To clear up"), desk.reader().number(unclear) if unclear else ""),
        ("desk:upload_parcels", _("From a file"), ""),
    )
    shown = pages if desk.may(Permission.IMPORT) else pages[:-1]
    return tuple(Choice(reverse(view), text, view == current, hint) for view, text, hint in shown)


def row(card: ParcelCard, order: str, reader: Reader) -> ParcelRow:
    """A parcel in the table."""
    return ParcelRow(
        id=card.id,
        number=card.number,
        href=reverse("desk:parcel", args=[card.id]),
        order=Link(f"#{order.lstrip('#')}", reverse("desk:order", args=[card.order_id])) if order else None,
        carrier=card.carrier_title or _("Unknown carrier"),
        stage=words.stage(card.stage),
        trouble=trouble(card),
        risk=risk(card),
        why=deliveries.explain(card.why) if at_risk(card) else "",
        promised=reader.when(card.promised_to) if card.promised_to else None,
        expected=expected(card, reader),
        news=reader.when(card.last_report_at) if card.last_report_at else None,
        place=", ".join(part for part in (card.depot, card.city) if part),
    )


def trouble(card: ParcelCard) -> tuple[Chip, ...]:
    """What is wrong with a parcel, worst first."""
    found = (
        (card.lost_at and card.stage is not ParcelStage.LOST, Chip(_("Probably lost"), Tone.LATE)),
        (card.late_at and card.delivered_at is None, Chip(_("Late"), Tone.LATE)),
        (card.stale_at and card.delivered_at is None, Chip(_("Silent"), Tone.SOON)),
    )
    return tuple(chip for wrong, chip in found if wrong)


def risk(card: ParcelCard) -> Chip | None:
    """How probably it will be late; None once that is decided."""
    if card.risk is None or card.band is None or card.delivered_at or card.late_at:
        return None
    return Chip(f"{round(card.risk * 100)} %", words.BANDS[card.band][1])


def at_risk(card: ParcelCard) -> bool:
    """Whether it may well be late, and that is not decided yet."""
    return risk(card) is not None and card.band is not RiskBand.LOW


def explained(card: ParcelCard, reader: Reader) -> str:
    """How probably it will be late, why, and when it will come: one sentence each; "" where nothing is reckoned."""
    if card.risk is None or risk(card) is None:
        return ""
    return foretold(card.risk, card.why, expected(card, reader))


def foretold(risk: float | None, why: str, when: str) -> str:
    """A risk, its reason, and the days it is expected on, one sentence each."""
    chance = _("Late with a probability of %(chance)s.") % {"chance": f"{round((risk or 0) * 100)} %"}
    there = _("Expected: %(when)s.") % {"when": when} if when else ""
    return " ".join(part for part in (chance, deliveries.explain(why), there) if part)


def expected(card: ParcelCard, reader: Reader) -> str:
    """When it will come: by our reckoning, else by the carrier's; "" once it is there."""
    if card.delivered_at is not None:
        return ""
    first, last = card.expected_from, card.expected_to
    if last is None:
        first, last = card.carrier_from, card.carrier_to
    if last is None:
        return ""
    days = [reader.day(at) for at in (first, last) if at is not None]
    return " – ".join(dict.fromkeys(days))


def cells(card: ParcelCard, order: str) -> tuple[Cell, ...]:
    """One row of the file."""
    return (
        card.number,
        card.carrier_title,
        order,
        str(words.STAGES[card.stage][0]),
        words.reason(card.reason),
        None if card.risk is None else f"{round(card.risk * 100)} %",
        deliveries.explain(card.why),
        card.promised_to,
        card.expected_to or card.carrier_to,
        card.last_report_at,
        card.delivered_at,
        card.depot,
    )


def _tiles(counts: Counts, reader: Reader, asked: Asked) -> tuple[Tile, ...]:
    at_risk = counts.bands.get(RiskBand.HIGH, 0)
    stages = counts.stages
    tiles = (
        (_("Late"), counts.late, Tone.LATE, {"shown": "late"}),
        (_("Will probably be late"), at_risk, Tone.SOON, {"risk": RiskBand.HIGH.value}),
        (_("Silent"), counts.stale, Tone.SOON, {"shown": "silent"}),
        (_("Lost"), counts.lost, Tone.LATE, {"shown": "lost"}),
        (_("To be arranged"), counts.to_arrange, Tone.SOON, {"shown": "chosen"}),
        _stage_tile(ParcelStage.EXCEPTION, stages, Tone.LATE),
        _stage_tile(ParcelStage.ATTEMPT_FAILED, stages, Tone.SOON),
        _stage_tile(ParcelStage.AWAITING_COLLECTION, stages, Tone.PLAIN),
        _stage_tile(ParcelStage.OUT_FOR_DELIVERY, stages, Tone.NEW),
    )
    return tuple(
        Tile(
            label,
            reader.number(count),
            _only(asked, **chosen),
            str(tone if count else Tone.PLAIN),
            all(asked.chosen.get(name) == value for name, value in chosen.items()),
        )
        for label, count, tone, chosen in tiles
    )


def _stage_tile(
    stage: ParcelStage, stages: Mapping[ParcelStage, int], tone: Tone
) -> tuple[str, int, Tone, dict[str, str]]:
    return str(words.STAGES[stage][0]), stages.get(stage, 0), tone, {"stage": stage.value}


def _only(asked: Asked, **chosen: str) -> str:
    """The table with nothing else chosen; without what is chosen already."""
    nothing = dict.fromkeys(asked.chosen, "")
    same = all(asked.chosen.get(name) == value for name, value in chosen.items())
    return asked.address(**(nothing if same else nothing | chosen))


def _pictures(counts: Counts, reader: Reader, asked: Asked) -> tuple[Bars, ...]:
    stages = {stage.value: counts.stages.get(stage, 0) for stage in UNDER_WAY}
    names = {stage.value: str(words.STAGES[stage][0]) for stage in UNDER_WAY}
    carriers = {name: count for name, count in counts.carriers.items() if name}
    shown = (
        _bars(_("By stage"), "stage", stages, names, reader, asked),
        _bars(_("By carrier"), "carrier", carriers, carrier_names(counts), reader, asked),
        _bars(_("By depot"), "depot", counts.depots, {}, reader, asked),
    )
    return tuple(one for one in shown if one.bars)


def carrier_names(counts: Counts) -> dict[str, str]:
    """The titles of the carriers that have parcels."""
    return {card.name: card.title for card in deliveries.carriers() if card.name in counts.carriers}


def _bars(
    title: str, name: str, numbers: Mapping[str, int], labels: Mapping[str, str], reader: Reader, asked: Asked
) -> Bars:
    most = max(numbers.values(), default=0)
    drawn = [(value, count) for value, count in numbers.items() if count]
    drawn = drawn if name == "stage" else drawn[:_MOST_BARS]
    return Bars(
        title,
        tuple(
            Bar(
                labels.get(value, value),
                reader.number(count),
                max(1, round(100 * count / most)),
                _only(asked, **{name: value}),
                asked.chosen.get(name) == value,
            )
            for value, count in drawn
        ),
    )


def _filters(asked: Asked, counts: Counts) -> tuple[Filter, ...]:
    return (
        narrowing(asked, "shown", _("Show"), SHOWN.items()),
        narrowing(asked, "stage", _("Where it is"), [(s.value, words.STAGES[s][0]) for s in ParcelStage]),
        narrowing(asked, "risk", _("Risk"), [(b.value, words.BANDS[b][0]) for b in RiskBand]),
        narrowing(asked, "carrier", _("Carrier"), sorted(carrier_names(counts).items())),
        narrowing(asked, "depot", _("Depot"), [(depot, depot) for depot in sorted(counts.depots)]),
    )


def _empty(asked: Asked) -> Empty:
    if asked.query or any(asked.chosen.values()):
        return Empty(
            _("No such parcel"), _("Nothing here is like that. Show all to see the others."), "package"
        )
    text = _("Parcels appear when orders are sent, when a carrier reports, or from a file of your warehouse.")
    return Empty(_("No parcels under way"), text, "package")
