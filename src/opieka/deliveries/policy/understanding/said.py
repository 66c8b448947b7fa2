"""What was heard in a text: days, hours and places with what speaks for and against each."""

from __future__ import annotations

from dataclasses import dataclass, field

from opieka.deliveries.policy.understanding.days import Days
from opieka.deliveries.policy.understanding.hours import Hours
from opieka.deliveries.policy.understanding.places import Place


@dataclass(frozen=True)
class Item:
    """A day, hours or place that was said. `sure`: the clause is about the delivery and nothing else; `past`: it tells
    what has been; `agreed`: it says yes to it; `deed`: it says what to do; `final`: it begins with "so" or "but";
    `strange`: what else is said in the clause is not known."""

    value: Days | Hours | Place
    sure: bool
    past: bool
    agreed: bool = False
    deed: bool = False
    final: bool = False
    strange: bool = False


@dataclass
class Said:
    """Everything a text says, gathered over its clauses.

    `marks` are the meanings that were met, `unknown` counts words of no known meaning. `leftover` and `doubtful`:
    words of time that no rule could use, with and without a deed. `back` holds days of return, `described` neighbours
    that were only told about: "she is always home"."""

    wanted: list[Item] = field(default_factory=list)
    declined: list[Item] = field(default_factory=list)
    back: list[Item] = field(default_factory=list)
    described: list[Place] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    wished: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    unknown: int = 0
    conditions: int = 0
    strange_conditions: int = 0
    plain_yes: bool = False
    plain_no: bool = False
    past: bool = False
    exclaimed: bool = False
    still_yes: bool = False
    leftover: bool = False
    doubtful: bool = False
    flat_told: bool = False
    cancelled: bool = False
    opens_no: bool = False
