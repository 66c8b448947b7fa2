"""Reading what is asked of the shop's system about cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opieka.orders.connectors import CONNECTORS
from opieka.orders.models import CancelRequest, Connection, Order
from opieka.orders.queries.connections import keys


@dataclass(frozen=True)
class Asking:
    """An open request, with all the job needs."""

    shop_id: int
    connector: str
    credentials: Mapping[str, str]
    external_id: str
    reference: str


def asking(request_id: int) -> Asking | None:
    """An open request to cancel; None when it is answered, or its shop is no longer connected."""
    row = CancelRequest.objects.select_related("order").filter(id=request_id, outcome="").first()
    connection = connection_for(row.order) if row is not None else None
    if row is None or connection is None:
        return None
    return Asking(row.shop_id, connection.connector, keys(connection), row.order.external_id, row.reference)


def can_cancel(order_id: int, *, shop_id: int) -> bool:
    """Whether the shop's system can be asked to cancel this order."""
    order = Order.objects.filter(id=order_id, shop_id=shop_id).only("shop_id", "source").first()
    return order is not None and connection_for(order) is not None


def connection_for(order: Order) -> Connection | None:
    """The connection of the order's source, if orders can be cancelled by it."""
    able = [
        name
        for name, connector in CONNECTORS.items()
        if connector.source == order.source and connector.canceller is not None
    ]
    rows = Connection.objects.filter(shop_id=order.shop_id, connector__in=able, active=True)
    return rows.order_by("id").first()
