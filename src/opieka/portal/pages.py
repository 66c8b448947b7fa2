"""What the portal's templates are given: words and addresses, nothing to be reckoned."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """Somewhere to go; the one on screen has no address."""

    text: str
    href: str
    code: str = ""


@dataclass(frozen=True)
class Frame:
    """What stands around every page: the shop, its colours, the languages."""

    language: str
    shop: str
    look: str
    languages: tuple[Link, ...]
    home: str = ""
    logo: str = ""


@dataclass(frozen=True)
class StepMark:
    """One step of the way: done, the one it is at, or to come."""

    text: str
    state: str
    when: str = ""


@dataclass(frozen=True)
class ChoiceMark:
    """What she decided, and where that stands; `withdraw` takes it back."""

    text: str
    state: str
    tone: str
    withdraw: str = ""


@dataclass(frozen=True)
class Collecting:
    """How to get a parcel that waits at a point: the code of its locker, also as a QR code (inline SVG), when the point
    is open and the way there."""

    code: str = ""
    qr: str = ""
    hours: str = ""
    way: str = ""


@dataclass(frozen=True)
class ParcelPart:
    """One parcel: the state first, then why, then what can be done. The first of `acts` is the main one, `others` are
    folded."""

    title: str
    state: str
    tone: str
    why: str
    steps: tuple[StepMark, ...]
    choices: tuple[ChoiceMark, ...]
    acts: tuple[Link, ...]
    arrived: tuple[Link, ...]
    told: str
    calendar: str
    follow: Link | None
    collecting: Collecting | None = None
    others: tuple[Link, ...] = ()


@dataclass(frozen=True)
class OrderPage:
    """`portal/order.html`. Without parcels `state` and `why` tell of the order; `case` of her wish to cancel it, and
    `cancel` leads to where she can."""

    title: str
    state: str
    why: str
    parcels: tuple[ParcelPart, ...]
    goods: tuple[str, ...]
    said: str = ""
    case: str = ""
    cancel: str = ""


@dataclass(frozen=True)
class Option:
    """One answer of several."""

    value: str
    text: str
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Group:
    """Answers that belong together."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Input:
    """A line or, `long`, several lines to write in; `kind` as HTML has it."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    kind: str = "text"
    complete: str = "off"
    long: bool = False
    required: bool = True


@dataclass(frozen=True)
class Map:
    """A map of the options by their values: where its tiles come from and what is said with them; `points` as JSON."""

    server: str
    tiles: str
    credit: str
    points: str


@dataclass(frozen=True)
class Question:
    """`portal/question.html`: one question with one main button. `search` asks the same of another place, `map` shows
    the options."""

    title: str
    text: str
    button: str
    back: str
    key: str
    groups: tuple[Group, ...] = ()
    inputs: tuple[Input, ...] = ()
    search: Input | None = None
    map: Map | None = None
    empty: str = ""
    error: str = ""
    photos: bool = False
    hidden: tuple[tuple[str, str], ...] = field(default=())
