"""Reading what is asked of the shop's system about discount codes, and which were taken in payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opieka.orders.connectors import CONNECTORS
from opieka.orders.models import Connection, DiscountRequest, Order
from opieka.orders.queries.connections import keys
from opieka.orders.types import Discount


@dataclass(frozen=True)
class CodeWish:
    """An open wish about a code, with all the job needs; no connector when no system can be asked."""

    shop_id: int
    removing: bool
    discount: Discount
    connector: str
    credentials: Mapping[str, str]


def code_wish(request_id: int) -> CodeWish | None:
    """An open wish about a code; None when it is answered."""
    row = DiscountRequest.objects.filter(id=request_id, outcome="").first()
    if row is None:
        return None
    connection = _connection(row.shop_id)
    return CodeWish(
        shop_id=row.shop_id,
        removing=row.removing,
        discount=Discount(
            code=row.code,
            amount=row.amount,
            per_cent=row.per_cent,
            currency=row.currency,
            valid_until=row.valid_until,
        ),
        connector=connection.connector if connection else "",
        credentials=keys(connection) if connection else {},
    )


def honours_codes(shop_id: int) -> bool:
    """Whether the system a shop sells by can be asked to honour codes."""
    return _connection(shop_id) is not None


def discount_codes(order_id: int, *, shop_id: int) -> list[str]:
    """The codes that were taken in payment of an order, as the shop writes them."""
    found = Order.objects.filter(id=order_id, shop_id=shop_id).values_list("discount_codes", flat=True)
    return list(found.first() or ())


def _connection(shop_id: int) -> Connection | None:
    able = [name for name, connector in CONNECTORS.items() if connector.discounter is not None]
    return Connection.objects.filter(shop_id=shop_id, connector__in=able, active=True).order_by("id").first()
