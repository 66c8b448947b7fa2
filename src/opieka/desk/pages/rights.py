"""What a person may ask of the shop about her data: on the customer page and the page of an erasure."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Form, When


@dataclass(frozen=True)
class ConsentLine:
    """One purpose on one channel: what she said last, when and how, and the word that would change it."""

    what: str
    detail: str
    chip: Chip
    when: When
    change: Act | None


@dataclass(frozen=True)
class Rights:
    """The panel of the customer page. `say` writes a word down."""

    consents: tuple[ConsentLine, ...]
    say: Form | None = None
