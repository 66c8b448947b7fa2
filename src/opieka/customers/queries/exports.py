"""Copies of people's data."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from opieka.customers.models import Export, ExportPart
from opieka.customers.types import ExportCard
from opieka.kernel import clock
from opieka.kernel.errors import NotFound


def exports(known: Collection[int], *, shop_ids: Collection[int]) -> list[ExportCard]:
    """The copies of a person's data (by her lineage) that may be fetched by whoever sees these shops, newest first."""
    rows = Export.objects.filter(customer_id__in=known, expires_at__gt=clock.now())
    return [_card(row) for row in rows.filter(shop_ids__contained_by=list(shop_ids)).order_by("-id")]


def export(export_id: int, *, shop_ids: Collection[int] | None = None) -> ExportCard:
    """One copy (for who sees these shops); NotFound, also when its time is over."""
    rows = Export.objects.filter(id=export_id, expires_at__gt=clock.now())
    rows = rows if shop_ids is None else rows.filter(shop_ids__contained_by=list(shop_ids))
    row = rows.first()
    if row is None:
        raise NotFound
    return _card(row)


def export_bytes(export_id: int) -> Iterator[bytes]:
    """The bytes of a copy, a stretch at a time."""
    number = 0
    while (body := _part(export_id, number)) is not None:
        yield body
        number += 1


def _part(export_id: int, number: int) -> bytes | None:
    rows = ExportPart.objects.filter(export_id=export_id, number=number).values_list("body", flat=True)
    body = rows.first()
    return None if body is None else bytes(body)


def _card(row: Export) -> ExportCard:
    return ExportCard(
        id=row.pk,
        customer_id=row.customer_id,
        shop_ids=tuple(row.shop_ids),
        requested_at=row.requested_at,
        ready_at=row.ready_at,
        expires_at=row.expires_at,
        size=row.size,
    )
