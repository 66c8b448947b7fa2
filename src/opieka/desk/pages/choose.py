"""Choosing one of several, found by searching."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Empty, Link, Person, When


@dataclass(frozen=True)
class Option:
    """One that can be chosen by `act`; `href` is its own page."""

    person: Person
    href: str
    text: str
    act: Act
    chip: Chip | None = None
    when: When | None = None


@dataclass(frozen=True)
class ChoosePage:
    """`desk/choose.html`."""

    title: str
    back: Link
    query: str
    options: tuple[Option, ...]
    empty: Empty
