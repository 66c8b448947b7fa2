"""Loading and locking people."""

from __future__ import annotations

from opieka.customers import queries
from opieka.customers.models import Customer
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard


def person_of(customer_id: int, shop: ShopCard) -> Customer:
    """The (locked) person an id stands for now."""
    person_id = queries.persons([customer_id]).get(customer_id, 0)
    rows = Customer.objects.select_for_update().filter(id=person_id, group_id=shop.group_id, merged_into=None)
    person = rows.first()
    if person is None:
        raise NotFound
    return person
