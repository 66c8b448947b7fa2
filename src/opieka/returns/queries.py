"""Reading cases. Whoever asks sees only the shops named."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import Leg, ParcelCard, ParcelStage
from opieka.kernel import clock
from opieka.kernel.errors import NotFound
from opieka.orders import queries as orders
from opieka.orders.types import (
    FulfilmentStatus,
    OrderCard,
    OrderStatus,
    PaymentStatus,
    RefundState,
    ShipmentStatus,
)
from opieka.returns import policy
from opieka.returns.models import IS_OPEN, Case
from opieka.returns.types import (
    OPEN,
    Cancellable,
    CaseCard,
    CaseKind,
    CaseStatus,
    Chance,
    NextBest,
    ReturnsPreferences,
)
from opieka.shops import queries as shops

_LEFT = frozenset(
    {
        ShipmentStatus.SHIPPED,
        ShipmentStatus.OUT_FOR_DELIVERY,
        ShipmentStatus.AWAITING_COLLECTION,
        ShipmentStatus.DELIVERED,
        ShipmentStatus.FAILED,
    }
)
_PAID = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})
_LAST_WAY = frozenset({ParcelStage.OUT_FOR_DELIVERY, ParcelStage.AWAITING_COLLECTION})


def case(case_id: int, *, shop_ids: Collection[int]) -> CaseCard:
    """One case; NotFound."""
    found = _cards(_visible(shop_ids).filter(id=case_id))
    if not found:
        raise NotFound
    return found[0]


def cases(
    shop_ids: Collection[int], *, status: CaseStatus | None = None, before: int | None = None, limit: int
) -> list[CaseCard]:
    """The newest cases, of one status if asked for, those before an id."""
    rows = _visible(shop_ids)
    if status is not None:
        rows = rows.filter(status=status)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _cards(rows.order_by("-id")[:limit])


def of_orders(order_ids: Iterable[int], *, shop_ids: Collection[int]) -> dict[int, list[CaseCard]]:
    """The cases about some orders, the newest first; orders without any are left out."""
    found: dict[int, list[CaseCard]] = {}
    for card in _cards(_visible(shop_ids).filter(order_id__in=list(order_ids)).order_by("-id")):
        found.setdefault(card.order_id, []).append(card)
    return found


def waiting(shop_ids: Collection[int]) -> int:
    """How many cases wait for a person."""
    return _visible(shop_ids).filter(status=CaseStatus.WITH_PERSON).count()


def cancellable(order_id: int, *, shop_ids: Collection[int]) -> Cancellable:
    """Whether an order can be cancelled now, and what else she can do; NotFound."""
    order = orders.order(order_id, shop_ids=shop_ids)
    parcels = deliveries.of_orders([order_id], shop_ids=[order.shop_id]).get(order_id, [])
    last = of_orders([order_id], shop_ids=[order.shop_id]).get(order_id, [None])[0]
    return judged(order, parcels, last)


def judged(order: OrderCard, parcels: Collection[ParcelCard], last: CaseCard | None) -> Cancellable:
    """The same of what is already read: an order, its parcels and its last case."""
    progress = _progress(order, parcels)
    preferences = shops.preferences(order.shop_id, ReturnsPreferences)
    found = policy.chance(progress, preferences, clock.now())
    case_id = last.id if last is not None else None
    if last is not None and last.status in OPEN and found is not Chance.CANCELLED:
        found = Chance.ASKED
    options = policy.next_best(progress) if progress.sent or progress.delivered else ()
    return Cancellable(found, () if found is Chance.CANCELLED else options, case_id)


def refund_due(order: OrderCard) -> int:
    """What of the paid is not yet paid back, in minor units."""
    paid = sum(payment.amount for payment in order.payments if payment.status in _PAID)
    paid = paid or (order.total if order.payment_status in _PAID else 0)
    return max(0, paid - sum(refund.amount for refund in order.refunds))


def _progress(order: OrderCard, parcels: Collection[ParcelCard]) -> policy.Progress:
    """What shop and carriers say together: the one who says it has left is believed."""
    live = [card for card in parcels if card.leg is Leg.OUTBOUND and card.stage is not ParcelStage.CANCELLED]
    left = [card for card in live if card.handed_over_at is not None]
    sent = [piece for piece in order.shipments if piece.status in _LEFT]
    complete = order.fulfilment_status is FulfilmentStatus.FULFILLED or order.status is OrderStatus.COMPLETED
    partly = order.fulfilment_status is FulfilmentStatus.PARTIAL
    return policy.Progress(
        placed_at=order.placed_at,
        cancelled=order.cancelled_at is not None or order.status is OrderStatus.CANCELLED,
        sent=bool(left or sent or complete),
        all_sent=complete or (bool(left) and len(left) == len(live) and not partly),
        out=any(card.stage in _LAST_WAY for card in left),
        delivered=bool(live) and all(card.delivered_at is not None for card in live),
    )


def _visible(shop_ids: Collection[int]) -> QuerySet[Case]:
    return Case.objects.filter(shop_id__in=shop_ids)


def open_case(order_id: int, *, shop_id: int) -> CaseCard | None:
    """The case about an order that has not ended."""
    found = _cards(Case.objects.filter(IS_OPEN, shop_id=shop_id, order_id=order_id))
    return found[0] if found else None


def _cards(rows: QuerySet[Case]) -> list[CaseCard]:
    found = list(rows)
    shop_ids = {row.shop_id for row in found}
    numbers = orders.numbers([row.order_id for row in found], shop_ids=shop_ids) if found else {}
    return [_card(row, numbers.get(row.order_id, "")) for row in found]


def _card(row: Case, number: str) -> CaseCard:
    return CaseCard(
        id=row.pk,
        shop_id=row.shop_id,
        kind=CaseKind(row.kind),
        status=CaseStatus(row.status),
        order_id=row.order_id,
        order_number=number,
        customer_id=row.customer_id,
        conversation_id=row.conversation_id,
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        refund=RefundState(row.refund) if row.refund else None,
        refunded_at=row.refunded_at,
        why=row.why,
        next_best=tuple(NextBest(one) for one in row.next_best),
    )
