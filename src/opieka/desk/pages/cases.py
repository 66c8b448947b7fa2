"""Cases: the list of them, and what an order's page says of its own."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Choice, Empty, Link, Pager, When


@dataclass(frozen=True)
class CaseLine:
    """A case in a list or beside its order; `talk` is the address of its conversation."""

    id: int
    order: Link
    what: str
    text: str
    chip: Chip
    when: When
    talk: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class CasePanel:
    """`desk/_case.html`: the last case about an order, and the act that begins one."""

    case: CaseLine | None
    ask: Act | None


@dataclass(frozen=True)
class CasesPage:
    """`desk/cases.html`."""

    views: tuple[Choice, ...]
    rows: tuple[CaseLine, ...]
    empty: Empty
    pager: Pager | None
