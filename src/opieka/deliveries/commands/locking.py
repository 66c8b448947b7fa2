"""Changing the lock of an order's page."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from opieka.deliveries.facts import OrderPageLocked
from opieka.deliveries.models import PageLock
from opieka.kernel.actor import Actor
from opieka.orders import queries as orders
from opieka.timeline.commands import record


@transaction.atomic
def change_page_lock(order_id: int, *, shop_id: int, by: Actor) -> None:
    """Let no key to an order's page open it any more; new ones do. NotFound."""
    order = orders.order(order_id, shop_ids=[shop_id])
    PageLock.objects.bulk_create(
        [PageLock(shop_id=shop_id, order_id=order_id, changed=0)], ignore_conflicts=True
    )
    PageLock.objects.filter(shop_id=shop_id, order_id=order_id).update(changed=F("changed") + 1)
    fact = OrderPageLocked(order_id=order_id)
    record(fact, shop_id=shop_id, customer_id=order.customer_id, subject=f"order:{order_id}", by=by)
