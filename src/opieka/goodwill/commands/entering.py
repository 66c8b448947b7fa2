"""Telling the system the shop sells by of coupons: it is asked, or a person is."""

from __future__ import annotations

from django.db import transaction

from opieka.goodwill.facts import CouponInShop
from opieka.goodwill.models import Coupon
from opieka.goodwill.types import CouponState, InShop
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound
from opieka.orders import commands as orders
from opieka.orders import queries as sources
from opieka.orders.types import CodeOutcome, Discount
from opieka.timeline.commands import record

NO_CONNECTOR = "no_connector"


def enter(row: Coupon, *, by: Actor) -> None:
    """Let the shop's system honour a new coupon."""
    if not sources.honours_codes(row.shop_id):
        _stands(row, InShop.BY_HAND, NO_CONNECTOR, by)
        return
    discount = Discount(
        code=row.code,
        amount=row.amount,
        per_cent=row.per_cent,
        currency=row.currency,
        valid_until=row.valid_until,
    )
    orders.ask_to_honour(discount, about=f"coupon:{row.pk}", shop_id=row.shop_id, by=by)


def take_out(row: Coupon, *, by: Actor) -> None:
    """Let the shop's system honour a coupon no longer that was withdrawn; nothing where it never knew of it."""
    if sources.honours_codes(row.shop_id):
        row.in_shop, row.why = InShop.WAITING, ""
        row.save(update_fields=["in_shop", "why"])
        orders.ask_to_forget(row.code, shop_id=row.shop_id, by=by)
    elif row.in_shop == InShop.BY_HAND:
        _stands(row, InShop.DONE, "", by)
    else:
        _stands(row, InShop.BY_HAND, NO_CONNECTOR, by)


@transaction.atomic
def note_in_shop(
    coupon_id: int, *, outcome: CodeOutcome, removing: bool, why: str, shop_id: int, by: Actor
) -> None:
    """Take what the shop's system answered; what no longer concerns the coupon as it stands is passed over."""
    row = Coupon.objects.select_for_update().filter(id=coupon_id, shop_id=shop_id).first()
    if row is None or removing != (row.state == CouponState.WITHDRAWN) or row.in_shop != InShop.WAITING:
        return
    by_hand = outcome is CodeOutcome.NEEDS_PERSON
    _stands(row, InShop.BY_HAND if by_hand else InShop.DONE, why, by)


@transaction.atomic
def confirm_in_shop(coupon_id: int, *, shop_id: int, by: Actor) -> None:
    """A person has entered the code in the shop's system, or taken it out; NotFound."""
    row = Coupon.objects.select_for_update().filter(id=coupon_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    if row.in_shop == InShop.BY_HAND:
        _stands(row, InShop.DONE, "", by)


def _stands(row: Coupon, in_shop: InShop, why: str, by: Actor) -> None:
    row.in_shop, row.why = in_shop, why
    row.save(update_fields=["in_shop", "why"])
    fact = CouponInShop(coupon_id=row.pk, by_hand=in_shop is InShop.BY_HAND, why=why)
    record(fact, shop_id=row.shop_id, customer_id=row.customer_id, subject=f"coupon:{row.pk}", by=by)
