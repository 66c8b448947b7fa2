"""Care: plans for customers who were let down, one plan, and what the effort is worth."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Clock, Empty, Link, Pager, Person, Tone, When
from opieka.desk.pages.tables import Table


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list."""

    href: str
    person: Person
    what: str
    order: Link | None
    severity: Chip
    next: str
    clock: Clock | None
    owner: str
    when: When
    held_out: bool = False


@dataclass(frozen=True)
class StormLine:
    """Many parcels with the same trouble: how many, what, where."""

    text: str
    href: str
    when: When


@dataclass(frozen=True)
class PlansPage:
    """`desk/plans.html`."""

    parts: tuple[Link, ...]
    storms: tuple[StormLine, ...]
    rows: tuple[PlanRow, ...]
    empty: Empty
    table: Table
    refresh: str
    pager: Pager | None = None


@dataclass(frozen=True)
class IncidentLine:
    """What went wrong, since when, and whether it is over."""

    text: str
    chip: Chip
    when: When
    href: str
    detail: str = ""


@dataclass(frozen=True)
class StepLine:
    """What is done or to be done. `said`: who did it and when, or how it is done; `trouble` why it could not be done;
    `link` leads to what was given."""

    text: str
    tone: Tone
    icon: str
    said: str = ""
    link: Link | None = None
    trouble: str = ""
    href: str = ""
    done: Act | None = None
    skip: Act | None = None


@dataclass(frozen=True)
class PlanPage:
    """`desk/plan.html`: one plan. `preview` is the message that its written steps come to."""

    person: Person
    href: str
    title: str
    chips: tuple[Chip, ...]
    clock: Clock | None
    incidents: tuple[IncidentLine, ...]
    steps: tuple[StepLine, ...]
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    preview: str
    live: str
    refresh: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Share:
    """One outcome among those contacted and those not, and the difference with its interval."""

    title: str
    text: str
    contact: str
    hold_out: str
    difference: str
    interval: str
    verdict: str


@dataclass(frozen=True)
class EffectPage:
    """`desk/effect.html`."""

    parts: tuple[Link, ...]
    shares: tuple[Share, ...]
    empty: Empty | None
