"""The control tower: parcels under way, one parcel, and how carriers do."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Choice, Empty, Field, Form, Link, Pager, When
from opieka.desk.pages.tables import Table


@dataclass(frozen=True)
class Tile:
    """A number that leads to the parcels it counts; `chosen` when they are shown now."""

    label: str
    count: str
    href: str
    tone: str
    chosen: bool = False


@dataclass(frozen=True)
class Bar:
    """One bar of a picture: `share` is its length from 0 to 100."""

    label: str
    count: str
    share: int
    href: str
    chosen: bool = False


@dataclass(frozen=True)
class Bars:
    """A picture of how many lie where; what cannot be drawn is left out."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class ParcelRow:
    """A parcel in the table. `trouble` are late, silent, lost; `risk` how probably it will be late, `why` one sentence
    on it where that is probable enough to be read."""

    id: int
    number: str
    href: str
    order: Link | None
    carrier: str
    stage: Chip
    trouble: tuple[Chip, ...]
    risk: Chip | None
    why: str
    promised: When | None
    expected: str
    news: When | None
    place: str


@dataclass(frozen=True)
class Together:
    """What can be done with parcels chosen, or all that are named: `action` is where it is posted to."""

    action: str
    date: tuple[Field, ...]
    why: Field
    export: bool


@dataclass(frozen=True)
class ProgressPage:
    """`desk/together.html`: how far something is that is done batch by batch; `fields` go along to the next."""

    action: str
    text: str
    seen: int
    total: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileRow:
    """A parcel of a file."""

    number: str
    carrier: str
    order: str
    reports: str
    stage: Chip | None


@dataclass(frozen=True)
class LeftOutRow:
    """Something in a file that will not be taken: where it stands, what was found, and why not."""

    where: str
    value: str
    why: str


@dataclass(frozen=True)
class LeftOut:
    """What in a file was not understood: how much, and the first of it."""

    text: str
    rows: tuple[LeftOutRow, ...]


@dataclass(frozen=True)
class Uploaded:
    """A file that was read (`said` what it holds), is being taken over (`seen` of `total`) or was (`done`)."""

    said: str = ""
    rows: tuple[FileRow, ...] = ()
    left_out: LeftOut | None = None
    may_take: bool = False
    seen: int = 0
    total: int = 0
    progress: str = ""
    along: tuple[tuple[str, str], ...] = ()
    done: str = ""


@dataclass(frozen=True)
class UploadPage:
    """`desk/upload.html`. `shops` are those to choose from, where there are several."""

    parts: tuple[Choice, ...]
    action: str
    shops: Field | None
    uploaded: Uploaded | None
    error: str = ""


@dataclass(frozen=True)
class ParcelsPage:
    """`desk/parcels.html`. `together` is None without the right."""

    refresh: str
    query: str
    tiles: tuple[Tile, ...]
    pictures: tuple[Bars, ...]
    rows: tuple[ParcelRow, ...]
    table: Table
    empty: Empty
    pager: Pager
    parts: tuple[Choice, ...]
    together: Together | None = None


@dataclass(frozen=True)
class UnclearRow:
    """Something unclear, and what to do about it. `href` leads to the parcel it is about."""

    what: str
    by: str
    todo: str
    where: str
    href: str
    value: str
    times: str
    when: When
    dismiss: Act | None


@dataclass(frozen=True)
class UnclearPage:
    """`desk/unclear.html`: what tracking left unclear."""

    parts: tuple[Choice, ...]
    rows: tuple[UnclearRow, ...]
    table: Table
    empty: Empty
    pager: Pager
    dismiss_all: Act | None


@dataclass(frozen=True)
class ReportLine:
    """One report: what it means here, and the carrier's own words and code."""

    when: When
    stage: Chip
    text: str
    words: str
    code: str
    place: str
    told_by: str


@dataclass(frozen=True)
class ChoiceLine:
    """What the customer decided, in words; `photos` lead to her pictures; `acts` where a person has to arrange it."""

    what: str
    details: str
    state: Chip
    when: When
    acts: tuple[Act, ...] = ()
    photos: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ArrivalLine:
    """How it arrived, in the customer's word; `photos` lead to the pictures."""

    what: str
    words: str
    when: When
    photos: tuple[Link, ...]


@dataclass(frozen=True)
class ParcelPage:
    """`desk/parcel.html`. `whose` says the carrier where nobody knows it."""

    number: str
    carrier: str
    live: str
    stage: Chip
    trouble: tuple[Chip, ...]
    facts: tuple[tuple[str, str], ...]
    explained: str
    helped: str
    reports: tuple[ReportLine, ...]
    promises: tuple[tuple[str, str], ...]
    choices: tuple[ChoiceLine, ...]
    arrival: ArrivalLine | None
    order: Link | None
    customer: Link | None
    follow: Link | None
    ask: Act | None
    promise: Form | None
    whose: Form | None


@dataclass(frozen=True)
class Measure:
    """A share or a mean with its interval, drawn from 0 to 100: `text` says it, `caption` how sure it is."""

    text: str
    caption: str
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class CarrierRow:
    """How a carrier did; None where nothing can be said yet."""

    name: str
    href: str
    parcels: str
    on_time: Measure | None
    first_attempt: Measure | None
    lost: Measure | None
    damaged: Measure | None
    days: str
    days_caption: str


@dataclass(frozen=True)
class AttemptsPart:
    """How first attempts went: in a sentence, why not (`missed`), and what would have helped (`saved`)."""

    text: str
    missed: tuple[Bar, ...]
    saved: tuple[tuple[str, Measure], ...]
    hint: str


@dataclass(frozen=True)
class CarriersPage:
    """`desk/carriers.html`. `blame` are the warehouse's and the carriers' shares of the days of lateness, 0 to 100;
    `scale` is the one on which lost and damaged are drawn."""

    period: tuple[Link, ...]
    chosen: str
    scale: str
    rows: tuple[CarrierRow, ...]
    empty: Empty
    parts: tuple[Choice, ...]
    blame: tuple[Bar, ...]
    blame_text: str
    attempts: AttemptsPart | None
    export: str
