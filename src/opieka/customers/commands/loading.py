"""Loading and locking people."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

from opieka.customers import queries
from opieka.customers.models import Customer
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard


def person_of(customer_id: int, shop: ShopCard) -> Customer:
    """The (locked) person an id stands for now."""
    person_id = queries.persons([customer_id]).get(customer_id, 0)
    rows = Customer.objects.select_for_update().filter(
        id=person_id, group_id=shop.group_id, merged_into=None, erased_at=None
    )
    person = rows.first()
    if person is None:
        raise NotFound
    return person


def kept(ids: Collection[int]) -> list[int]:
    """Those who are not erased, and cannot be before this transaction ends: what it adds to them goes with them."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [sorted(ids)])
        return [customer_id for (customer_id,) in cursor.fetchall()]


@transaction.atomic
def hold(customer_id: int, *, shop_id: int) -> int:
    """The person an id stands for, not to be erased before the caller's transaction ends; NotFound."""
    person = queries.card(customer_id, shop_ids=[shop_id]).id
    if not kept([person]):
        raise NotFound
    return person


# `FOR KEY SHARE` is shared by everybody but those who erase or merge.
_KEEP = """
    select id from customers_customer where id = any(%s::bigint[]) and erased_at is null
    order by id for key share
"""
