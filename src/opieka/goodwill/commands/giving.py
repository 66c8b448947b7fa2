"""Giving coupons within the budgets, and what becomes of them."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from opieka.customers import queries as customers
from opieka.goodwill.commands.entering import enter, take_out
from opieka.goodwill.facts import CouponGranted, CouponUsed, CouponWithdrawn
from opieka.goodwill.models import Coupon, Month
from opieka.goodwill.policy import giving
from opieka.goodwill.types import CouponState, CouponStep, Gift, GoodwillPreferences, InShop
from opieka.kernel import clock
from opieka.kernel.actor import Actor, ActorKind
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.kernel.money import Money
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard
from opieka.timeline.commands import record


class BadGift(Invalid):
    code = "bad_gift"
    sentence = _("A gift is an amount or a percentage up to 100, and more than nothing.")


class OtherCurrency(Invalid):
    code = "other_currency"
    sentence = _("This shop gives in %(currency)s. Amounts of different currencies do not mix.")


class OverBudget(Conflict):
    code = "over_budget"
    sentence = _("This is more than the budget still holds: %(left)s.")


class CouponOver(Conflict):
    code = "coupon_over"
    sentence = _("This coupon has been used or withdrawn already, or its time is over.")


@transaction.atomic
def grant(customer_id: int, *, gift: Gift, key: str, shop_id: int, by: Actor) -> int:
    """Give a customer a coupon; the same `key` again gives nothing more. Returns its id.

    BadGift, OtherCurrency, OverBudget; NotFound. Who gives at once waits for the month's budget.
    """
    shop = shops.shop(shop_id)
    preferences = shops.preferences(shop_id, GoodwillPreferences)
    _check(gift, shop)
    card = customers.card(customer_id, shop_ids=[shop_id])
    if card.erased:
        raise NotFound
    month = _month(shop)
    known = Coupon.objects.filter(shop_id=shop_id, key=key[:100]).values_list("id", flat=True).first()
    if known is not None:
        return known
    cost = giving.cost(gift, preferences, shop.currency)
    left = giving.left(preferences, giving.Spent(month.spent, _spent_on(card.lineage, shop))).amount
    _spend(month, cost, left)
    row = Coupon(
        shop_id=shop_id,
        customer_id=card.id,
        month=month,
        cost=cost.amount,
        currency=shop.currency,
        granted_by=by.id if by.kind is ActorKind.STAFF else None,
        valid_until=clock.now() + timedelta(days=preferences.valid_days),
        key=key[:100],
    )
    _fill(row, gift)
    row.save(force_insert=True)
    fact = CouponGranted(
        coupon_id=row.pk, cost=row.cost, currency=row.currency, reason=row.reason, matter=row.matter
    )
    record(fact, shop_id=shop_id, customer_id=card.id, subject=f"coupon:{row.pk}", by=by)
    enter(row, by=by)
    return row.pk


@transaction.atomic
def use(code: str, *, shop_id: int, order_id: int | None = None, by: Actor) -> int:
    """A coupon was taken in payment, once; returns its id. CouponOver, NotFound."""
    row = _locked(shop_id, code=giving.normal(code))
    if giving.is_over(row.valid_until, clock.now()):
        raise CouponOver
    _used(row, order_id=order_id, at=clock.now(), by=by)
    return row.pk


@transaction.atomic
def withdraw(coupon_id: int, *, shop_id: int, by: Actor) -> None:
    """Take a coupon back that was not used; its month has the money again. CouponOver, NotFound."""
    month_id = Coupon.objects.filter(id=coupon_id, shop_id=shop_id).values_list("month_id", flat=True).first()
    Month.objects.select_for_update().filter(id=month_id or 0).first()  # as in grant: the month first
    row = _locked(shop_id, id=coupon_id)
    row.state = _stepped(row, CouponStep.WITHDRAW)
    row.save(update_fields=["state"])
    take_out(row, by=by)
    Month.objects.filter(id=row.month_id).update(spent=F("spent") - row.cost)
    fact = CouponWithdrawn(coupon_id=row.pk)
    record(fact, shop_id=shop_id, customer_id=row.customer_id, subject=f"coupon:{row.pk}", by=by)


@transaction.atomic
def note_orders(placed: Collection[tuple[int, datetime]], *, shop_id: int, by: Actor) -> None:
    """These customers have ordered, each at a moment: of each coupon the first order after it counts."""
    known = customers.lineages_of({customer_id for customer_id, _at in placed})
    rows = Coupon.objects.filter(shop_id=shop_id, ordered_at=None)
    of_them = rows.filter(customer_id__in={one for lineage in known.values() for one in lineage})
    waiting = set(of_them.values_list("customer_id", flat=True))
    for customer_id, at in sorted(placed, key=itemgetter(1)):
        lineage = known.get(customer_id, ())
        if not waiting.isdisjoint(lineage):
            rows.filter(customer_id__in=lineage, granted_at__lt=at).update(ordered_at=at)


@transaction.atomic
def note_use(codes: Collection[str], *, order_id: int, at: datetime, shop_id: int, by: Actor) -> None:
    """An order was paid with these codes at that time; those that are no valid coupons of ours are passed over."""
    known = [giving.normal(code) for code in codes]
    rows = Coupon.objects.select_for_update().filter(shop_id=shop_id, code__in=known)
    for row in rows.filter(state=CouponState.GRANTED).order_by("id"):
        _used(row, order_id=order_id, at=at, by=by)


def forget_coupons(customer_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Coupons stay in the budget, without their customer."""
    Coupon.objects.filter(shop_id=shop_id, customer_id__in=customer_ids).update(customer=None)


def _fill(row: Coupon, gift: Gift) -> None:
    """Make a new coupon of a gift."""
    row.code = giving.code(secrets.choice)
    row.amount, row.per_cent = gift.amount, gift.per_cent
    row.reason, row.matter = gift.reason.value, gift.matter
    row.state, row.in_shop = CouponState.GRANTED, InShop.WAITING
    row.granted_at = clock.now()


def _used(row: Coupon, *, order_id: int | None, at: datetime, by: Actor) -> None:
    row.state, row.used_at = _stepped(row, CouponStep.USE), at
    row.save(update_fields=["state", "used_at"])
    fact = CouponUsed(coupon_id=row.pk, order_id=order_id)
    record(fact, shop_id=row.shop_id, customer_id=row.customer_id, subject=f"coupon:{row.pk}", by=by)


def _check(gift: Gift, shop: ShopCard) -> None:
    if bool(gift.amount) == bool(gift.per_cent) or gift.amount < 0:
        raise BadGift
    if not 0 <= gift.per_cent <= giving.MOST_PER_CENT:
        raise BadGift
    if gift.amount and gift.currency != shop.currency:
        raise OtherCurrency(currency=shop.currency)


def _month(shop: ShopCard) -> Month:
    """The budget's month, locked."""
    today = clock.now().astimezone(ZoneInfo(shop.timezone)).date()
    told = {"shop_id": shop.id, "month": today.replace(day=1), "currency": shop.currency}
    Month.objects.bulk_create([Month(**told)], ignore_conflicts=True)
    return Month.objects.select_for_update().get(**told)


def _spend(month: Month, cost: Money, left: int) -> None:
    """Take what a gift costs from a locked month; OverBudget."""
    if cost.amount > left:
        told = Money(left, cost.currency)
        raise OverBudget(left=f"{told.decimal} {told.currency}")
    Month.objects.filter(id=month.pk).update(spent=F("spent") + cost.amount)


def _spent_on(lineage: Collection[int], shop: ShopCard) -> int:
    rows = Coupon.objects.filter(shop_id=shop.id, customer_id__in=lineage, currency=shop.currency)
    rows = rows.filter(granted_at__gt=clock.now() - giving.YEAR).exclude(state=CouponState.WITHDRAWN)
    return rows.aggregate(total=Sum("cost"))["total"] or 0


def _locked(shop_id: int, **which: object) -> Coupon:
    row = Coupon.objects.select_for_update().filter(shop_id=shop_id, **which).first()
    if row is None:
        raise NotFound
    return row


def _stepped(row: Coupon, step: CouponStep) -> CouponState:
    state = giving.STEPS.get((CouponState(row.state), step))
    if state is None:
        raise CouponOver
    return state
