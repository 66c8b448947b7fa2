"""Tables: what an address asks of one, the heads that lead to other orders, and the file to take along."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import StringIO
from itertools import chain
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from opieka.desk.pages.parts import Choice, Pager
from opieka.desk.pages.tables import Column, Filter, Table
from opieka.desk.presenters.reader import Reader

Word = str | Promise
Cell = str | int | datetime | None

# What a spreadsheet would take for a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Spreadsheets part columns by what the language leaves free: where the comma is in numbers, by a semicolon.
_SEPARATORS = {"en": ","}


@dataclass(frozen=True)
class Heading:
    """A column: `name` in addresses, empty when one cannot sort by it."""

    label: Word
    name: str = ""
    number: bool = False
    date: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Asked:
    """What the address asks of a table: an order (`down` from the end), chosen filters, words, and a place."""

    href: str
    sort: str
    down: bool
    standard: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    after: int | None = None

    @property
    def order(self) -> str:
        """As the address and the database write it: "name" or "-name"."""
        return f"-{self.sort}" if self.down else self.sort

    def address(self, **changed: str) -> str:
        """The same table, changed: `after` leads to another place."""
        parts = {"q": self.query, **self.chosen, "sort": self.order} | changed
        if parts["sort"] == self.standard:
            parts["sort"] = ""
        said = urlencode({name: value for name, value in parts.items() if value})
        return f"{self.href}?{said}" if said else self.href

    def pager(self, last_id: int | None) -> Pager:
        """The ways on; `last_id` is the last row where more follow."""
        first = self.address() if self.after is not None else None
        return Pager(first, self.address(after=str(last_id)) if last_id is not None else None)


def table(
    asked: Asked, headings: Sequence[Heading], *, filters: Iterable[Filter] = (), export: str = ""
) -> Table:
    """The heads, filters and the way to the file of what is shown now."""
    kept = {"q": asked.query, "sort": "" if asked.order == asked.standard else asked.order}
    return Table(
        tuple(_column(asked, one) for one in headings),
        tuple(filters),
        tuple((name, value) for name, value in kept.items() if value),
        replace(asked, href=export).address() if export else "",
        replace(asked, chosen={}).address(),
    )


def _column(asked: Asked, one: Heading) -> Column:
    if not one.name:
        return Column(str(one.label), number=one.number, silent=one.silent)
    here = asked.sort == one.name
    # A second press turns the order round; numbers begin with the largest, dates with the latest.
    down = not asked.down if here else one.number or one.date
    order = ("descending" if asked.down else "ascending") if here else ""
    return Column(str(one.label), asked.address(sort=f"{'-' if down else ''}{one.name}"), order, one.number)


def narrowing(asked: Asked, name: str, label: Word, choices: Iterable[tuple[str, Word]]) -> Filter:
    """A filter, beginning with everything."""
    chosen = asked.chosen.get(name, "")
    everything = Choice("", _("All"), chosen=not chosen)
    return Filter(
        name,
        str(label),
        (everything, *(Choice(value, str(word), value == chosen) for value, word in choices)),
    )


def lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]], reader: Reader) -> Iterator[bytes]:
    """A CSV file, piece by piece, as spreadsheets open it: UTF-8 with its mark, nothing taken for a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=_SEPARATORS.get(reader.language, ";"))
    buffer.write("\ufeff")
    for row in chain([headings], rows):
        writer.writerow([_cell(value, reader) for value in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: Cell, reader: Reader) -> str | int:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(reader.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value
