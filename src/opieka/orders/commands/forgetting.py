"""Forgetting who bought: what the books need of an order stays, the person goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from opieka.customers.types import Traces
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.orders.models import Notice, Order, Refund, Shipment


@transaction.atomic
def forget_buyer(customer_ids: Collection[int], *, traces: Traces, shop_id: int, by: Actor) -> int:
    """Take the person out of her orders in a shop; returns how many there were.

    Numbers, dates, goods, amounts, payments and refunds stay. Later reports of these orders bring nothing of her
    back. Whoever is taking over a report in this moment is waited for.
    """
    rows = Order.objects.select_for_update().filter(shop_id=shop_id, customer_id__in=customer_ids)
    ids = list(rows.order_by("id").values_list("id", flat=True))
    Order.objects.filter(id__in=ids).update(
        contact={}, shipping_address={}, billing_address={}, note="", erased_at=clock.now()
    )
    Refund.objects.filter(shop_id=shop_id, order_id__in=ids).update(reason="")
    Shipment.objects.filter(shop_id=shop_id, order_id__in=ids).update(tracking_numbers=[], tracking_url="")
    Notice.objects.filter(_telling(traces), shop_id=shop_id).delete()
    return len(ids)


def _telling(traces: Traces) -> Q:
    words: Iterable[str] = [*traces.names, *(point.value for point in traces.points)]
    found = Q(pk__in=[])
    for word in words:
        found |= Q(value__icontains=word) | Q(where__icontains=word)
    return found
