"""Coupons, what came of them, and what may still be given."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from opieka.goodwill.models import Coupon, Month
from opieka.goodwill.policy import giving
from opieka.goodwill.types import (
    CouponCard,
    CouponEffect,
    CouponState,
    GiftReason,
    GoodwillPreferences,
    InShop,
    Purse,
)
from opieka.kernel import clock
from opieka.kernel.errors import NotFound
from opieka.kernel.paging import following
from opieka.shops import queries as shops


def coupon(coupon_id: int, *, shop_ids: Collection[int]) -> CouponCard:
    """One coupon; NotFound."""
    found = _cards(Coupon.objects.filter(id=coupon_id, shop_id__in=shop_ids))
    if not found:
        raise NotFound
    return found[0]


def coupons(
    *,
    shop_ids: Collection[int],
    customer_ids: Collection[int] | None = None,
    after_id: int | None = None,
    limit: int = 50,
) -> list[CouponCard]:
    """Coupons (of a person, by all ids she was known by), the latest first, from after one. One query, or two."""
    everything = Coupon.objects.filter(shop_id__in=shop_ids)
    rows = everything if customer_ids is None else everything.filter(customer_id__in=customer_ids)
    return _cards(following(rows, order="-id", after_id=after_id, among=everything)[:limit])


def purse(customer_ids: Collection[int], *, shop_id: int) -> Purse:
    """What a shop may still give to a person (all ids she was known by). 4 queries."""
    shop = shops.shop(shop_id)
    preferences = shops.preferences(shop_id, GoodwillPreferences)
    today = clock.now().astimezone(ZoneInfo(shop.timezone)).date()
    months = Month.objects.filter(shop_id=shop_id, month=today.replace(day=1), currency=shop.currency)
    given = Coupon.objects.filter(shop_id=shop_id, customer_id__in=customer_ids, currency=shop.currency)
    given = given.filter(granted_at__gt=clock.now() - giving.YEAR).exclude(state=CouponState.WITHDRAWN)
    spent = giving.Spent(
        months.values_list("spent", flat=True).first() or 0,
        given.aggregate(total=Sum("cost"))["total"] or 0,
    )
    left = giving.left(preferences, spent)
    return Purse(currency=shop.currency, month=left.month, customer=left.customer, amount=left.amount)


def coupon_effect(shop_id: int) -> CouponEffect:
    """What came of a shop's coupons that were not withdrawn, in its currency. 2 queries."""
    rows = Coupon.objects.filter(shop_id=shop_id, currency=shops.shop(shop_id).currency)
    found = rows.exclude(state=CouponState.WITHDRAWN).aggregate(
        granted=Count("id"),
        used=Count("id", filter=Q(state=CouponState.USED)),
        ordered=Count("id", filter=Q(ordered_at__isnull=False)),
        cost=Sum("cost"),
    )
    return CouponEffect(**found | {"cost": found["cost"] or 0})


def _cards(rows: QuerySet[Coupon]) -> list[CouponCard]:
    now = clock.now()
    return [
        CouponCard(
            id=row.pk,
            shop_id=row.shop_id,
            customer_id=row.customer_id,
            code=row.code,
            amount=row.amount,
            per_cent=row.per_cent,
            cost=row.cost,
            currency=row.currency,
            reason=GiftReason(row.reason),
            matter=row.matter,
            state=CouponState(row.state),
            granted_at=row.granted_at,
            valid_until=row.valid_until,
            used_at=row.used_at,
            ordered_at=row.ordered_at,
            granted_by=row.granted_by,
            over=giving.is_over(row.valid_until, now),
            in_shop=InShop(row.in_shop),
            why=row.why,
        )
        for row in rows
    ]
