"""How customers stand, and what brought them there."""

from __future__ import annotations

from ninja import Query

from opieka.customers import queries as customers
from opieka.goodwill import queries
from opieka.rest import paging
from opieka.rest.fields import Page, Paging, PathId
from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.goodwill import Balance, Movement
from opieka.shops.types import Permission

goodwill = Resource("goodwill")


@goodwill.get("/customers/{customer_id}/balance", Permission.READ, Balance)
def get_balance(request: Request, customer_id: PathId) -> Balance:
    """How a person stands with this shop. Never show it to her."""
    shop_ids = [request.caller.shop_id]
    card = customers.card(customer_id, shop_ids=shop_ids)
    return Balance.of(queries.balance(card.lineage, shop_ids=shop_ids))


@goodwill.get("/customers/{customer_id}/balance/movements", Permission.READ, Page[Movement])
def list_movements(request: Request, customer_id: PathId, query: Query[Paging]) -> Page[Movement]:
    """What moved a person's balance, the latest first."""
    shop_ids = [request.caller.shop_id]
    card = customers.card(customer_id, shop_ids=shop_ids)
    place = paging.decode(query.cursor, tuple[int])
    found = queries.movements(
        card.lineage, shop_ids=shop_ids, before_id=place[0] if place else None, limit=query.limit + 1
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Movement](items=[Movement.of(one) for one in shown], next=more)
