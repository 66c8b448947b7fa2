"""Reading orders, connections and notices. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.orders.queries.cancelling import asking, can_cancel
from opieka.orders.queries.connections import (
    connection,
    connections,
    connectors,
    notices,
    place,
    resting_connections,
    stalled_connections,
    webhook,
)
from opieka.orders.queries.discounting import CodeWish, code_wish, discount_codes, honours_codes
from opieka.orders.queries.finding import (
    buyers,
    by_contact,
    by_number,
    counts,
    latest,
    numbers,
    of_customers,
    order,
    orders,
    search,
)
from opieka.orders.queries.sending import count, number_key, placed_ids, sendings, sendings_by_number

__all__ = [
    "CodeWish",
    "asking",
    "buyers",
    "by_contact",
    "by_number",
    "can_cancel",
    "code_wish",
    "connection",
    "connections",
    "connectors",
    "count",
    "counts",
    "discount_codes",
    "honours_codes",
    "latest",
    "notices",
    "number_key",
    "numbers",
    "of_customers",
    "order",
    "orders",
    "place",
    "placed_ids",
    "resting_connections",
    "search",
    "sendings",
    "sendings_by_number",
    "stalled_connections",
    "webhook",
]
