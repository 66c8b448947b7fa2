"""Finding orders: by id, customer, number, contact point, or what somebody types."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from opieka.customers import queries as customers
from opieka.customers.types import ContactPoint
from opieka.kernel.errors import NotFound
from opieka.orders import policy
from opieka.orders.models import Order, Shipment
from opieka.orders.queries.cards import cards
from opieka.orders.types import OrderCard


def order(order_id: int, *, shop_ids: Collection[int]) -> OrderCard:
    """One order; NotFound. 5 queries."""
    found = cards(_visible(shop_ids).filter(id=order_id))
    if not found:
        raise NotFound
    return found[0]


def orders(ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, OrderCard]:
    """Orders by id, those of other shops left out. 5 queries."""
    return {card.id: card for card in cards(_visible(shop_ids).filter(id__in=ids))}


def numbers(ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, str]:
    """What the shop calls some orders. One query."""
    return dict(_visible(shop_ids).filter(id__in=ids).values_list("id", "number"))


def of_customers(
    customer_ids: Collection[int], *, shop_ids: Collection[int], limit: int = 20, brief: bool = False
) -> list[OrderCard]:
    """The orders of a person (all ids she was known by), newest first. 5 queries, however many orders.

    `brief`: without payments and refunds, by 3 queries.
    """
    rows = _visible(shop_ids).filter(customer_id__in=customer_ids)
    return cards(rows.order_by("-placed_at", "-id")[:limit], brief=brief)


def counts(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, int]:
    """How many orders each of these customers has."""
    rows = _visible(shop_ids).filter(customer_id__in=customer_ids).values("customer_id")
    return {row["customer_id"]: row["number"] for row in rows.annotate(number=Count("id"))}


def by_number(number: str, *, shop_ids: Collection[int]) -> list[OrderCard]:
    """Orders with this number, however it is typed ("#1001", "nr 1001"), newest first."""
    key = policy.number_key(number)
    if not key:
        return []
    return cards(_visible(shop_ids).filter(number_key=key).order_by("-placed_at", "-id")[:20])


def buyers(numbers: Collection[str], *, shop_ids: Collection[int]) -> list[int]:
    """The customers who placed orders with these numbers, the latest order first. One query."""
    keys = {key for key in map(policy.number_key, numbers) if key}
    rows = _visible(shop_ids).filter(number_key__in=keys, customer_id__isnull=False)
    return list(dict.fromkeys(rows.order_by("-placed_at", "-id").values_list("customer_id", flat=True)[:20]))


def by_contact(point: ContactPoint, *, shop_id: int, limit: int = 20) -> list[OrderCard]:
    """Orders of the person who has this e-mail address or phone number, newest first."""
    customer_id = customers.recognised([point], shop_id=shop_id)
    if customer_id is None:
        return []
    return of_customers(customers.lineage(customer_id), shop_ids=[shop_id], limit=limit)


def search(text: str, *, shop_ids: Collection[int], limit: int = 20) -> list[OrderCard]:
    """Orders by the beginning of their number, by a tracking number, or by their buyer; newest first."""
    key = policy.number_key(text)
    if not key:
        return []
    together = "".join(filter(str.isalnum, text)).upper()
    tracked = Shipment.objects.filter(
        shop_id__in=shop_ids, tracking_numbers__overlap=[text.strip(), together]
    )
    people = customers.find(text, shop_ids=shop_ids, limit=limit)
    known = [customer_id for person in people for customer_id in person.lineage]
    found = Q(number_key__startswith=key) | Q(id__in=tracked.values("order_id")) | Q(customer_id__in=known)
    return cards(_visible(shop_ids).filter(found).order_by("-placed_at", "-id")[:limit])


def latest(
    *,
    shop_ids: Collection[int],
    customer_ids: Collection[int] | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[OrderCard]:
    """Orders (of a person, by all ids she was known by) newest first, from before one's `placed_at` and id.
    5 queries."""
    rows = _visible(shop_ids)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=customer_ids)
    if before is not None:
        at, order_id = before
        rows = rows.filter(Q(placed_at__lt=at) | Q(placed_at=at, id__lt=order_id))
    return cards(rows.order_by("-placed_at", "-id")[:limit])


def _visible(shop_ids: Collection[int]) -> QuerySet[Order]:
    return Order.objects.filter(shop_id__in=shop_ids, placed_at__isnull=False)
