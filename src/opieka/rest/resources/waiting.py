"""Orders of which no carrier has anything yet."""

from __future__ import annotations

from ninja import Query

from opieka.deliveries import queries
from opieka.deliveries.types import WantedWaiting
from opieka.rest import paging
from opieka.rest.fields import Page, Paging, PathId, QueryFlag
from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.waiting import WaitingOrder
from opieka.shops.types import Permission

waiting = Resource("waiting orders")


class Waiting(Paging):
    """Which of them: one order, those that will probably be late, those that should have been handed over."""

    order_id: PathId | None = None
    at_risk: QueryFlag = False
    overdue: QueryFlag = False


@waiting.get("/waiting-orders", Permission.READ, Page[WaitingOrder])
def list_waiting_orders(request: Request, query: Query[Waiting]) -> Page[WaitingOrder]:
    """Paid orders that no carrier has anything of yet, the latest first."""
    shop_ids = [request.caller.shop_id]
    if query.order_id is not None:
        known = queries.waiting_of([query.order_id], shop_ids=shop_ids)
        return Page[WaitingOrder](items=[WaitingOrder.of(card) for card in known.values()], next=None)
    place = paging.decode(query.cursor, tuple[int])
    found = queries.waiting(
        shop_ids=shop_ids,
        wanted=WantedWaiting(at_risk=query.at_risk, overdue=query.overdue),
        after_id=place[0] if place else None,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].order_id]) if len(found) > len(shown) else None
    return Page[WaitingOrder](items=[WaitingOrder.of(card) for card in shown], next=more)
