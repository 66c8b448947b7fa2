"""Orders of which no carrier has anything yet."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from opieka.deliveries.models import IS_WAITING, Watch
from opieka.deliveries.policy.scoring import HIGH, band
from opieka.deliveries.types import WaitingCard, WantedWaiting
from opieka.kernel.paging import following

EVERYTHING = WantedWaiting()
_AT_RISK, _OVERDUE = Q(risk__gte=HIGH), Q(overdue_at__isnull=False)


def waiting(
    *,
    shop_ids: Collection[int],
    wanted: WantedWaiting = EVERYTHING,
    after_id: int | None = None,
    limit: int = 50,
) -> list[WaitingCard]:
    """Orders that wait for their hand-over, those followed last first, from after one. At most three queries."""
    rows = _wanted(shop_ids, wanted)
    known = Watch.objects.filter(shop_id__in=shop_ids)
    after = None
    if after_id is not None:
        after = known.filter(order_id=after_id).values_list("id", flat=True).first() or 0
    return [_card(row) for row in following(rows, order="-id", after_id=after, among=known)[:limit]]


def waiting_of(order_ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, WaitingCard]:
    """Those of some orders that wait. One query."""
    rows = _wanted(shop_ids, EVERYTHING).filter(order_id__in=order_ids)
    return {row.order_id: _card(row) for row in rows}


def _wanted(shop_ids: Collection[int], wanted: WantedWaiting) -> QuerySet[Watch]:
    rows = Watch.objects.filter(IS_WAITING, shop_id__in=shop_ids)
    rows = rows.filter(_AT_RISK) if wanted.at_risk else rows
    return rows.filter(_OVERDUE) if wanted.overdue else rows


def _card(row: Watch) -> WaitingCard:
    return WaitingCard(
        order_id=row.order_id,
        shop_id=row.shop_id,
        customer_id=row.customer_id,
        paid_at=row.paid_at,
        promised_from=row.promised_from,
        promised_to=row.promised_to,
        hand_over_due_at=row.hand_over_due_at,
        overdue_at=row.overdue_at,
        expected_from=row.expected_from,
        expected_to=row.expected_to,
        risk=row.risk,
        band=band(row.risk),
        why=row.why,
    )
