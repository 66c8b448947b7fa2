"""Tables that can be sorted, filtered and taken along; what they show stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Choice


@dataclass(frozen=True)
class Column:
    """The head of a column. `href` sorts by it, `order` is "ascending" or "descending" when that is so now."""

    label: str
    href: str = ""
    order: str = ""
    number: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice that narrows a table down; the first of `choices` is everything."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def narrows(self) -> bool:
        """Whether something else than everything is chosen."""
        return not self.choices[0].chosen


@dataclass(frozen=True)
class Table:
    """What surrounds rows: `kept` goes along when a filter is chosen, `export` is the address of the CSV file."""

    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    export: str = ""
    href: str = ""

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What goes along when other words are looked for."""
        chosen = ((one.name, choice.value) for one in self.filters for choice in one.choices if choice.chosen)
        kept = (pair for pair in self.kept if pair[0] != "q")
        return tuple((name, value) for name, value in (*kept, *chosen) if value)

    @property
    def narrowed(self) -> bool:
        """Whether any filter hides rows."""
        return any(one.narrows for one in self.filters)
