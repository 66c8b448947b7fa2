"""Reading clocks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from opieka.clocks.models import IS_OPEN, Clock
from opieka.clocks.types import OPEN, Basis, ClockCard, Status
from opieka.kernel.rows import fetch

_OPEN = """
    select id, kind, subject, basis, status, starts_at, due_at, warn_at is null from clocks_clock
    where shop_id = any(%s) and subject = any(%s) and status = any(%s)
    order by due_at, id
"""


def open_clocks(shop_ids: Collection[int], subjects: Collection[str]) -> dict[str, list[ClockCard]]:
    """What is still to be done about some subjects, the most urgent first; subjects without clocks are left out."""
    found: dict[str, list[ClockCard]] = {}
    rows = fetch(_OPEN, [list(shop_ids), list(subjects), list(OPEN)])
    for clock_id, kind, subject, basis, status, *rest in rows:
        card = ClockCard(clock_id, kind, subject, Basis(basis), Status(status), *rest)
        found.setdefault(subject, []).append(card)
    return found


def history(shop_id: int, subject: str) -> list[ClockCard]:
    """All clocks a subject ever had, oldest first."""
    return [_card(row) for row in Clock.objects.filter(shop_id=shop_id, subject=subject).order_by("id")]


def due_before(shop_id: int, moment: datetime, limit: int = 100) -> list[ClockCard]:
    """What must be done before a moment and is not, paused clocks left out, the most urgent first."""
    rows = Clock.objects.filter(IS_OPEN, shop_id=shop_id, due_at__lt=moment).exclude(status=Status.PAUSED)
    return [_card(row) for row in rows.order_by("due_at", "id")[:limit]]


def _card(row: Clock) -> ClockCard:
    return ClockCard(
        id=row.pk,
        kind=row.kind,
        subject=row.subject,
        basis=Basis(row.basis),
        status=Status(row.status),
        starts_at=row.starts_at,
        due_at=row.due_at,
        warned=row.warn_at is None,
    )
