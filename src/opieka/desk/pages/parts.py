"""The small shapes that many screens share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The only meanings a colour has."""

    PLAIN = "plain"
    DONE = "done"
    SOON = "soon"
    LATE = "late"
    NEW = "new"


@dataclass(frozen=True)
class When:
    """A moment as a person says it. `iso` carries its zone; a `relative` one ("in 3 h") ticks."""

    iso: str
    text: str
    exact: str
    relative: bool = False


@dataclass(frozen=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True)
class Chip:
    """A word with a tone, e.g. a status; `icon` (a name of the sprite) when the word alone is not enough."""

    text: str
    tone: Tone = Tone.PLAIN
    icon: str = ""


@dataclass(frozen=True)
class Clock:
    """A deadline worth showing: `label` says what is due ("First reply"), `due` when."""

    label: str
    due: When
    tone: Tone


@dataclass(frozen=True)
class Strip:
    """How far an order has come: `reached` of ordered, packed, sent, near, delivered; `text` says it."""

    reached: int
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Person:
    """A customer, a staff member or an integration, as an avatar shows them."""

    name: str
    initials: str
    ours: bool = False


@dataclass(frozen=True)
class Choice:
    """One of several: an option, a menu entry. `hint` explains it in a few words."""

    value: str
    label: str
    chosen: bool = False
    hint: str = ""


class FieldKind(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    PASSWORD = "password"  # noqa: S105 the type of an input, not a secret
    NUMBER = "number"
    TIME = "time"
    DATE = "date"
    COLOUR = "color"
    AREA = "area"
    SELECT = "select"
    MANY = "many"
    CHECK = "check"
    HIDDEN = "hidden"
    FILE = "file"


@dataclass(frozen=True)
class Field:
    """One input of a form. `value` is what was sent last; for CHECK "on" or ""; MANY uses its choices."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    autocomplete: str = ""
    choices: tuple[Choice, ...] = ()
    autofocus: bool = False


@dataclass(frozen=True)
class Section:
    """A titled group of fields, with a sentence on what it is for.

    `only` are `name-value` pairs of the form's selects: the group is shown while one of them is chosen.
    `find` labels an input that narrows its choices while one types.
    """

    title: str
    fields: tuple[Field, ...]
    text: str = ""
    only: tuple[str, ...] = ()
    find: str = ""


@dataclass(frozen=True)
class Form:
    """A form posted to `action`, with `files`. `error` is what is wrong with it as a whole; what is `final` nobody can
    undo."""

    action: str
    sections: tuple[Section, ...]
    submit: str
    error: str = ""
    cancel: Link | None = None
    final: bool = False
    files: bool = False


@dataclass(frozen=True)
class Act:
    """Something that can be done by posting to `url`; `fields` are sent with it."""

    label: str
    url: str
    icon: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Empty:
    """Why there is nothing here, what will appear, and how to make it so."""

    title: str
    text: str
    icon: str = "inbox"
    way: Link | None = None


@dataclass(frozen=True)
class Toast:
    """What has just been done, and how to undo it."""

    text: str
    undo: Act | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Pager:
    """Where the rows before and after these are; None where there are none."""

    newer: str | None = None
    older: str | None = None


@dataclass(frozen=True)
class Balance:
    """How a customer stands, as a small line that leads to what moved it."""

    text: str
    tone: Tone
    href: str
