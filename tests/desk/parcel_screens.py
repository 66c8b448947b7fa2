"""The screens of parcels for the gallery: tower, parcel, carriers, what is unclear, a file, and many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opieka.desk.pages import parcels
from opieka.desk.pages.parts import (
    Act,
    Chip,
    Choice,
    Empty,
    Field,
    FieldKind,
    Form,
    Link,
    Pager,
    Section,
    Tone,
)
from opieka.desk.pages.tables import Column, Filter, Table
from tests.desk import samples
from tests.desk.texts import TEXTS, Texts

Screen = Callable[[str], tuple[str, dict[str, Any]]]
NUMBER = "620000000000000198856204"


def _parts(t: Texts, current: int) -> tuple[Choice, ...]:
    hints = ("", "", "1 204", "")
    return tuple(Choice("#", t.form[n], n == current, hint) for n, hint in enumerate(hints))


def _table(t: Texts, columns: int, *, silent: bool = False) -> Table:
    heads = tuple(Column(t.form[n], "#" if n % 2 else "", number=n == 3) for n in range(columns))
    first = (Column(t.acts[1], silent=True),) if silent else ()
    filters = tuple(
        Filter(f"f{n}", t.form[n], (Choice("", t.form[2], not n), Choice("x", t.customer, bool(n))))
        for n in range(5)
    )
    return Table((*first, *heads), filters, (("sort", "-x"),), "#", "#")


def _bars(t: Texts) -> tuple[parcels.Bar, ...]:
    names = (t.form[9], "DPD", t.strips[0], "Θεσσαλονίκη Σίνδος", "Ł")
    return tuple(parcels.Bar(name, f"{5 - n} 000", 100 - 20 * n, "#", n == 1) for n, name in enumerate(names))


def _screen(t: Texts, language: str, template: str, page: object) -> tuple[str, dict[str, Any]]:
    return f"desk/{template}.html", {"frame": samples.a_frame(t, language), "page": page}


def tower(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    row = parcels.ParcelRow(
        id=1,
        number=NUMBER,
        href="#",
        order=Link("#PL-10320", "#"),
        carrier="ORLEN Paczka",
        stage=Chip(t.strips[0], Tone.NEW),
        trouble=(Chip(t.status[0], Tone.LATE), Chip(t.status[1], Tone.SOON)),
        risk=Chip("83 %", Tone.LATE),
        why=t.form[9],
        promised=samples.at("14:03"),
        expected=f"{t.days[0]} – {t.days[1]}",
        news=samples.at(t.days[0]),
        place="Θεσσαλονίκη Σίνδος, Καλοχώρι",
    )
    date = (
        Field("day", t.form[1], FieldKind.DATE, required=True),
        Field("to", t.form[10], FieldKind.TIME),
    )
    page = parcels.ParcelsPage(
        refresh="#",
        query="",
        tiles=tuple(
            parcels.Tile(t.status[n % len(t.status)], f"{n * 1234}", "#", tone, n == 1)
            for n, tone in enumerate(Tone)
        ),
        pictures=tuple(parcels.Bars(t.form[n], _bars(t)) for n in range(3)),
        rows=(row, row),
        table=_table(t, 6, silent=True),
        empty=Empty(t.subject, t.form[9], "package"),
        pager=Pager(older="#"),
        parts=_parts(t, 0),
        together=parcels.Together("#", date, Field("why", t.form[2], required=True), export=True),
    )
    return _screen(t, language, "parcels", page)


def parcel(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    report = parcels.ReportLine(
        samples.at("14:03"),
        Chip(t.strips[0]),
        t.status[0],
        t.form[9],
        "PL_X9" * 12,
        "Łódź 2, Łódź, PL",
        "dpd",
    )
    field = Field("carrier", t.form[4], FieldKind.SELECT, required=True, choices=(Choice("dpd", "DPD"),))
    form = Form("#", (Section(t.form[5], (field,), t.form[9]),), t.acts[13])
    day = Form(
        "#", (Section(t.form[5], (Field("day", t.form[1], FieldKind.DATE, required=True),)),), t.acts[13]
    )
    page = parcels.ParcelPage(
        number=NUMBER,
        carrier="Poczta Polska",
        live="parcel:1",
        stage=Chip(t.strips[0], Tone.NEW),
        trouble=(Chip(t.status[0], Tone.LATE),),
        facts=tuple((t.form[n], t.form[n + 1]) for n in range(6)),
        explained=t.form[9],
        helped=t.form[7],
        reports=(report, report),
        promises=((t.days[0], t.agent),),
        choices=(
            parcels.ChoiceLine(
                t.form[5],
                t.form[9],
                Chip(t.status[0], Tone.SOON),
                samples.at(t.days[0]),
                (Act(t.acts[1], "#"),),
            ),
        ),
        arrival=parcels.ArrivalLine(t.form[7], t.form[9], samples.at(t.days[0]), (Link(t.form[4], "#"),)),
        order=Link("#PL-10320", "#"),
        customer=Link(t.customer, "#"),
        follow=Link(t.acts[0], "#"),
        ask=Act(t.acts[1], "#", "refresh"),
        promise=day,
        whose=form,
    )
    return _screen(t, language, "parcel", page)


def carriers(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    sure, unsure = (
        parcels.Measure("86,3 %", "82 – 89,7 %, z 3 071", 86.3, 82, 89.7),
        parcels.Measure("100 %", "20,7 – 100 %, z 1", 100, 20.7, 100),
    )
    rows = tuple(
        parcels.CarrierRow(name, "#", "1 464", one, one, one, None, "9,6", "8,7 – 10,5")
        for name, one in (("Poczta Polska, Pocztex", sure), ("DPD", unsure))
    )
    attempts = parcels.AttemptsPart(t.form[9], _bars(t), ((t.form[7], sure), (t.form[9], unsure)), t.form[7])
    page = parcels.CarriersPage(
        period=(Link(t.days[0], ""), Link(t.days[1], "#")),
        chosen=t.days[0],
        scale="0 – 10 %",
        rows=rows,
        empty=Empty(t.subject, t.form[9], "truck-delivery"),
        parts=_parts(t, 1),
        blame=(parcels.Bar(t.form[3], "30 %", 30, ""), parcels.Bar(t.form[4], "70 %", 70, "")),
        blame_text=t.form[9],
        attempts=attempts,
        export="#",
    )
    return _screen(t, language, "carriers", page)


def unclear(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    row = parcels.UnclearRow(
        what=t.form[7],
        by=f"DPD · {t.customer}",
        todo=t.form[9],
        where=NUMBER * 3,
        href="#",
        value="<status>" + "X" * 90,
        times="12",
        when=samples.at("14:03"),
        dismiss=Act(t.acts[7], "#", "check"),
    )
    page = parcels.UnclearPage(
        _parts(t, 2),
        (row, row),
        _table(t, 5),
        Empty(t.subject, t.form[9]),
        Pager(older="#"),
        Act(t.acts[7], "#", "checks"),
    )
    return _screen(t, language, "unclear", page)


def a_file(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    uploaded = parcels.Uploaded(
        said=t.form[9],
        rows=(parcels.FileRow(NUMBER, "Poczta Polska", "PL-10320", "12", Chip(t.strips[0])),),
        left_out=parcels.LeftOut(t.form[7], (parcels.LeftOutRow("7: at", "31.02.2026" * 9, t.form[9]),)),
        may_take=True,
    )
    shop = Field("shop", t.form[1], FieldKind.SELECT, required=True, choices=(Choice("1", t.customer),))
    return _screen(t, language, "upload", parcels.UploadPage(_parts(t, 3), "#", shop, uploaded, t.trouble))


def many(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    page = parcels.ProgressPage("#", t.form[7], 400, 1464, (("do", "ask"), ("before", "17")))
    return _screen(t, language, "together", page)


SCREENS: dict[str, Screen] = {
    "tower": tower,
    "parcel": parcel,
    "carriers": carriers,
    "unclear": unclear,
    "file": a_file,
}
# It posts itself as soon as a browser shows it.
PIECES: dict[str, Screen] = {"many": many}
