"""What a person may ask of the shop about her data: on the customer page and the page of an erasure."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Form, Link, Person, When


@dataclass(frozen=True)
class ConsentLine:
    """One purpose on one channel: what she said last, when and how, and the word that would change it."""

    what: str
    detail: str
    chip: Chip
    when: When
    change: Act | None


@dataclass(frozen=True)
class CopyLine:
    """A copy of all her data: being made while it has no `href`, kept until."""

    text: str
    detail: str
    href: str


@dataclass(frozen=True)
class Rights:
    """The panel of the customer page. `say` writes a word down, `erase` is where her data can be erased,
    `copy` asks for a copy of it."""

    consents: tuple[ConsentLine, ...]
    say: Form | None = None
    copy: Act | None = None
    copies: tuple[CopyLine, ...] = ()
    live: str = ""
    erase: str = ""


@dataclass(frozen=True)
class ErasePage:
    """`desk/erase.html`: what is lost, what stays, and the words to be typed."""

    person: Person
    back: Link
    lost: tuple[str, ...]
    stays: tuple[str, ...]
    form: Form
