"""Reading clocks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from opieka.clocks.models import IS_OPEN, Clock
from opieka.clocks.types import Basis, ClockCard, Status


def open_clocks(shop_ids: Collection[int], subjects: Collection[str]) -> dict[str, list[ClockCard]]:
    """What is still to be done about some subjects, the most urgent first; subjects without clocks are left out."""
    rows = Clock.objects.filter(IS_OPEN, shop_id__in=shop_ids, subject__in=subjects).order_by("due_at", "id")
    found: dict[str, list[ClockCard]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(_card(row))
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
