"""Making good: what a playbook gives, sent when its code works in the shop; and refunds that are seen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from opieka.care import queries
from opieka.care.commands.stepping import done, planned, settle, skip, wait, write
from opieka.care.models import IS_OPEN, Plan, PlanStep
from opieka.care.policy import judging, playing
from opieka.care.types import IncidentKind, StepKind, StepState
from opieka.customers import queries as customers
from opieka.goodwill import commands as goodwill
from opieka.goodwill import queries as gifts
from opieka.goodwill.commands import OverBudget
from opieka.goodwill.types import CouponState, Gift, InShop
from opieka.kernel.actor import Actor, ActorKind
from opieka.shops import queries as shops

ENTER_CODE, OVER_BUDGET, MADE_UP = "enter_code", "over_budget", "made_up"


def give(step: PlanStep, plan: Plan, *, by: Actor) -> bool:
    """A person lets a step of a locked plan give what the playbook names; False where she has to give it herself, or
    has. OverBudget."""
    amount = queries.gift(plan.pk, shop_id=plan.shop_id)
    if not amount or plan.customer_id is None or step.coupon_id is not None:
        return False
    _grant(step, plan, plan.customer_id, amount, by)
    return True


def give_alone(step: PlanStep, plan: Plan, *, at: datetime, by: Actor) -> None:
    """The same without a person: within the budgets, and not to somebody whose balance before `at` makes up for it;
    else the step says why a person is asked."""
    amount = queries.gift(plan.pk, shop_id=plan.shop_id)
    if not amount or plan.customer_id is None:
        return
    known = customers.lineage(plan.customer_id)
    if gifts.balance(known, shop_ids=[plan.shop_id], before=at).points >= judging.MADE_UP:
        wait([step], MADE_UP)
        return
    try:
        _grant(step, plan, plan.customer_id, amount, by)
    except OverBudget:
        wait([step], OVER_BUDGET)


@transaction.atomic
def follow_coupon(coupon_id: int, *, by_hand: bool, shop_id: int, by: Actor) -> None:
    """The code a plan has given works in the shop, and she is told it; or a person has to enter it first."""
    plan_id = PlanStep.objects.filter(shop_id=shop_id, coupon_id=coupon_id).values_list("plan_id", flat=True)
    plan = Plan.objects.select_for_update().filter(id=plan_id.first() or 0, shop_id=shop_id).first()
    if plan is None:
        return
    step = PlanStep.objects.get(shop_id=shop_id, coupon_id=coupon_id)
    if step.state != StepState.PLANNED:
        return
    if gifts.coupon(coupon_id, shop_ids=[shop_id]).state is CouponState.WITHDRAWN:
        skip([step], plan, by)
    elif by_hand:
        wait([step], ENTER_CODE)
    else:
        letter = queries.gift_letter(plan.pk, coupon_id, shop_id=shop_id)
        write(letter, [step], plan, key=f"care:gift:{step.pk}", by_itself=step.staff_id is None, by=by)
    settle(plan, by=by)


@transaction.atomic
def note_refund(order_id: int, *, at: datetime, shop_id: int, by: Actor) -> None:
    """Money of an order was paid back: where a plan waits for the delivery to be refunded, that is done."""
    plans = Plan.objects.select_for_update().filter(
        IS_OPEN, shop_id=shop_id, matter=f"order:{order_id}", opened_at__lte=at
    )
    plan = plans.first()
    refunds = [one for one in planned(plan) if one.kind == StepKind.REFUND_DELIVERY] if plan else []
    if plan is not None and refunds:
        done(refunds, plan, by, by_itself=True)
        settle(plan, by=by)


def _grant(step: PlanStep, plan: Plan, customer_id: int, amount: int, by: Actor) -> None:
    gift = Gift(
        reason=playing.reason_of(IncidentKind(plan.kind)),
        amount=amount,
        currency=shops.shop(plan.shop_id).currency,
        matter=plan.matter,
    )
    step.coupon_id = goodwill.grant(
        customer_id, gift=gift, key=f"care:step:{step.pk}", shop_id=plan.shop_id, by=by
    )
    coupon = gifts.coupon(step.coupon_id, shop_ids=[plan.shop_id])
    step.trouble = ENTER_CODE if coupon.in_shop is InShop.BY_HAND else ""
    step.staff_id = by.id if by.kind is ActorKind.STAFF else None
    step.save()
