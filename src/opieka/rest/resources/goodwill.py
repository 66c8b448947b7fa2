"""How customers stand, and what brought them there."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Query

from opieka.customers import queries as customers
from opieka.goodwill import commands, queries
from opieka.orders import queries as orders
from opieka.rest import paging
from opieka.rest.fields import Page, Paging, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.goodwill import Balance, Coupon, CouponEffect, CouponUse, Movement, NewCoupon
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


class Given(Paging):
    """Which coupons: all, or those of one customer."""

    customer_id: PathId | None = None


@goodwill.get("/coupons", Permission.READ, Page[Coupon])
def list_coupons(request: Request, query: Query[Given]) -> Page[Coupon]:
    """Coupons, the latest first."""
    shop_ids = [request.caller.shop_id]
    known = customers.card(query.customer_id, shop_ids=shop_ids).lineage if query.customer_id else None
    place = paging.decode(query.cursor, tuple[int])
    found = queries.coupons(
        shop_ids=shop_ids,
        customer_ids=known,
        after_id=place[0] if place else None,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Coupon](items=[Coupon.of(card) for card in shown], next=more)


@goodwill.get("/coupons/effect", Permission.READ, CouponEffect)
def get_coupon_effect(request: Request) -> CouponEffect:
    """What came of the coupons that were not withdrawn."""
    return CouponEffect.of(queries.coupon_effect(request.caller.shop_id))


@goodwill.post("/coupons/use", Permission.ANSWER, Coupon)
def use_coupon(request: Request, body: CouponUse) -> Coupon:
    """Say that a coupon was taken in payment; it can be used once."""
    caller = request.caller
    if body.order_id is not None:
        orders.order(body.order_id, shop_ids=[caller.shop_id])
    used = commands.use(body.code, shop_id=caller.shop_id, order_id=body.order_id, by=caller.actor)
    return get_coupon(request, used)


@goodwill.get("/coupons/{coupon_id}", Permission.READ, Coupon)
def get_coupon(request: Request, coupon_id: PathId) -> Coupon:
    """One coupon."""
    return Coupon.of(queries.coupon(coupon_id, shop_ids=[request.caller.shop_id]))


@goodwill.post("/coupons/{coupon_id}/confirm", Permission.ANSWER, Coupon)
def confirm_coupon(request: Request, coupon_id: PathId) -> Coupon:
    """Say that the code has been entered in the shop's system by hand, or taken out of it."""
    caller = request.caller
    commands.confirm_in_shop(coupon_id, shop_id=caller.shop_id, by=caller.actor)
    return get_coupon(request, coupon_id)


@goodwill.post("/coupons/{coupon_id}/withdraw", Permission.ANSWER, Coupon)
def withdraw_coupon(request: Request, coupon_id: PathId) -> Coupon:
    """Take a coupon back that was not used; the budget has it again."""
    caller = request.caller
    commands.withdraw(coupon_id, shop_id=caller.shop_id, by=caller.actor)
    return get_coupon(request, coupon_id)


@goodwill.create("/customers/{customer_id}/coupons", Permission.ANSWER, Coupon)
def grant_coupon(request: Request, response: HttpResponse, customer_id: PathId, body: NewCoupon) -> Coupon:
    """Give a customer a coupon, within the shop's budgets."""
    caller = request.caller
    made = commands.grant(
        customer_id, gift=body.gift(), key=request.key, shop_id=caller.shop_id, by=caller.actor
    )
    response.headers["Location"] = address("get_coupon", coupon_id=made)
    return get_coupon(request, made)
