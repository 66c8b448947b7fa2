"""Plans for customers who were let down: the list, one plan, and what the effort is worth."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opieka.care import commands
from opieka.care import queries as care
from opieka.care.types import WRITTEN, IncidentKind, PlanCard, StepKind, StepState, Wanted
from opieka.customers import queries as customers
from opieka.desk.presenters import plans as shown
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers, tables
from opieka.kernel.errors import DomainError
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.shops.types import Permission

_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The open plans, the worst first, unless the address says otherwise."""
    desk = at_desk(request)
    asked = _asked(request, desk)
    storm = asked.chosen["storm"]
    wanted = Wanted(
        closed=asked.chosen["state"] == shown.CLOSED,
        kind=IncidentKind(asked.chosen["kind"]) if asked.chosen["kind"] else None,
        storm_id=int(storm) if storm else None,
        owner_id=desk.staff_id if asked.chosen["owner"] else None,
    )
    found = care.plans(
        shop_ids=desk.shop_ids, wanted=wanted, order=asked.order, after_id=asked.after, limit=_PAGE
    )
    page = shown.listed(
        found,
        care.storms(desk.shop_ids),
        _around(found, desk.shop_ids),
        desk,
        asked,
        last_id=found[-1].id if len(found) == _PAGE else None,
    )
    return answers.page(request, "desk/plans.html", page, place="care")


@require_GET
def show(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan with its steps."""
    desk = at_desk(request)
    plan = care.plan(plan_id, shop_ids=desk.shop_ids)
    written = [step.kind for step in plan.steps if step.state is StepState.PLANNED and step.kind in WRITTEN]
    letter = care.letter(plan.id, written, shop_id=plan.shop_id) if written else None
    may = desk.may(Permission.ANSWER, plan.shop_id)
    around = _around([plan], desk.shop_ids)
    if any(step.kind is StepKind.GOODWILL and step.coupon_id is None for step in plan.steps):
        gift = care.gift(plan.id, shop_id=plan.shop_id)
        around = replace(around, gift=gift, currency=desk.shops[plan.shop_id].currency)
    page = shown.page(plan, around, letter, desk, may=may)
    return answers.page(request, "desk/plan.html", page, place="care")


@require_POST
def do_step(request: HttpRequest, plan_id: int, step_id: int) -> HttpResponse:
    """A step is done; what is written is sent."""
    desk, plan = _held(request, plan_id, step_id)
    doing = partial(commands.do_step, step_id, shop_id=plan.shop_id, by=desk.by)
    return _answered(request, plan, answers.attempt(doing)[1], _("Done."))


@require_POST
def skip_step(request: HttpRequest, plan_id: int, step_id: int) -> HttpResponse:
    """A step is not done after all."""
    desk, plan = _held(request, plan_id, step_id)
    skipping = partial(commands.skip_step, step_id, shop_id=plan.shop_id, by=desk.by)
    return _answered(request, plan, answers.attempt(skipping)[1], _("Skipped."))


@require_POST
def take(request: HttpRequest, plan_id: int) -> HttpResponse:
    """She sees to it, or leaves it to others."""
    desk, plan = _held(request, plan_id)
    staff_id = None if request.POST.get("leave") else desk.staff_id
    commands.take_plan(plan_id, staff_id=staff_id, shop_id=plan.shop_id, by=desk.by)
    return redirect("desk:plan", plan_id)


@require_POST
def close(request: HttpRequest, plan_id: int) -> HttpResponse:
    """All is well again."""
    desk, plan = _held(request, plan_id)
    commands.close_plan(plan_id, shop_id=plan.shop_id, by=desk.by)
    return _answered(request, plan, None, _("Finished."))


@require_GET
def effect(request: HttpRequest) -> HttpResponse:
    """What contacting customers is worth."""
    desk = at_desk(request)
    page = shown.effect(care.effect(desk.shop_ids), desk.reader())
    return answers.page(request, "desk/effect.html", page, place="care")


@require_POST
def undo_text(request: HttpRequest, turn_id: int) -> HttpResponse:
    """Take back what a text of a customer's had done."""
    desk = at_desk(request)
    commands.undo_text(turn_id, shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    to = answers.came_from(request, reverse("desk:inbox"))
    return answers.done(request, _("Taken back, and the customer is told."), to=to)


def _asked(request: HttpRequest, desk: Desk) -> Asked:
    going_on = {str(one.id) for one in care.storms(desk.shop_ids)}
    return tables.asked(
        request,
        reverse("desk:plans"),
        shown.HEADINGS,
        standard="-severity",
        filters={"state": {shown.CLOSED}, "kind": set(IncidentKind), "owner": {"mine"}, "storm": going_on},
    )


def _around(found: Sequence[PlanCard], shop_ids: Collection[int]) -> shown.Around:
    """What plans are about. 4 queries at most, however many plans."""
    who = {plan.customer_id for plan in found if plan.customer_id}
    bought = {plan.order_id for plan in found if plan.order_id}
    staff = {plan.owner_id for plan in found if plan.owner_id}
    staff |= {step.staff_id for plan in found for step in plan.steps if step.staff_id}
    return shown.Around(
        customers.cards(who, shop_ids=shop_ids) if who else {},
        orders.numbers(bought, shop_ids=shop_ids) if bought else {},
        shops.staff_names(staff) if staff else {},
    )


def _held(request: HttpRequest, plan_id: int, step_id: int | None = None) -> tuple[Desk, PlanCard]:
    """A plan she may work on; 404 for a step of another."""
    desk = at_desk(request)
    plan = care.plan(plan_id, shop_ids=desk.ids(Permission.ANSWER))
    if step_id is not None and step_id not in {step.id for step in plan.steps}:
        raise Http404
    return desk, plan


def _answered(request: HttpRequest, plan: PlanCard, error: DomainError | None, done: str) -> HttpResponse:
    answers.say(request, done if error is None else str(error))
    return redirect("desk:plan", plan.id)
