"""Doing what is planned: by itself up to the playbook's limit, else by a person; and ending what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.care import queries
from opieka.care.commands.giving import give, give_alone
from opieka.care.commands.stepping import StepOver, done, planned, settle, skip, write
from opieka.care.facts import IncidentClosed
from opieka.care.models import IS_OPEN, Incident, Plan, PlanStep
from opieka.care.policy import playing
from opieka.care.types import (
    WRITTEN,
    Arm,
    IncidentKind,
    Severity,
    StepKind,
    StepState,
)
from opieka.conversations.types import Outcome, Told
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, NotFound
from opieka.timeline.commands import record


class NothingToSay(Conflict):
    code = "plan_nothing_to_say"
    sentence = _("Nothing is known yet that she could be told. Write to her yourself.")


class NotTold(Conflict):
    code = "plan_not_told"
    sentence = _("She could not be told: no way leads to her, or she does not want it. Call her, or skip it.")


def run(plan: Plan, *, at: datetime, by: Actor) -> None:
    """Do of a locked plan what needs no person after what happened at `at`, and start the clock of the rest."""
    steps = planned(plan)
    held = plan.arm == Arm.HOLD_OUT and not _is_owed(plan)
    limit = queries.playbook(plan.shop_id, IncidentKind(plan.kind)).by_itself_to
    alone = [
        step for step in steps if playing.runs_by_itself(StepKind(step.kind), Severity(plan.severity), limit)
    ]
    if held:
        skip([step for step in steps if StepKind(step.kind) in playing.CONTACTING], plan, by)
    else:
        _run_alone(alone, plan, at, by)
    settle(plan, by=by)


@transaction.atomic
def do_step(step_id: int, *, shop_id: int, by: Actor) -> None:
    """A person does a step. What is written is sent, all paragraphs at once; a gift the playbook names is given, and
    its code sent when it works in the shop; the rest she has done herself.

    NothingToSay, NotTold, StepOver, goodwill's OverBudget; NotFound.
    """
    step, plan = _held(step_id, shop_id)
    if StepKind(step.kind) in WRITTEN:
        written = [one for one in planned(plan) if StepKind(one.kind) in WRITTEN]
        told = _write(written, plan, by, by_itself=False)
        if told is None:
            raise NothingToSay
        if told.outcome is not Outcome.TOLD:
            raise NotTold
    elif not (StepKind(step.kind) is StepKind.GOODWILL and give(step, plan, by=by)):
        done([step], plan, by, by_itself=False)
    settle(plan, by=by)


@transaction.atomic
def skip_step(step_id: int, *, shop_id: int, by: Actor) -> None:
    """A step is not done after all; StepOver, NotFound."""
    step, plan = _held(step_id, shop_id)
    skip([step], plan, by)
    settle(plan, by=by)


def close_incidents(rows: Sequence[Incident], plan: Plan, *, by: Actor) -> None:
    """Some incidents of a locked plan are over; with the last of them goes what makes no sense any more."""
    now = clock.now()
    for row in rows:
        row.closed_at = now
        row.save(update_fields=["closed_at"])
        fact = IncidentClosed(incident_id=row.pk, incident_kind=row.kind, plan_id=plan.pk)
        record(fact, shop_id=plan.shop_id, customer_id=plan.customer_id, subject=row.subject, by=by)
    if not Incident.objects.filter(IS_OPEN, shop_id=plan.shop_id, plan=plan).exists():
        skip([step for step in planned(plan) if StepKind(step.kind) in playing.OVER], plan, by)
    settle(plan, by=by)


@transaction.atomic
def close_plan(plan_id: int, *, shop_id: int, by: Actor) -> None:
    """A person says that all is well: what is left is skipped, what is open is over."""
    plan = Plan.objects.select_for_update().filter(IS_OPEN, id=plan_id, shop_id=shop_id).first()
    if plan is None:
        raise NotFound
    skip(planned(plan), plan, by)
    rows = Incident.objects.filter(IS_OPEN, shop_id=shop_id, plan=plan).order_by("id")
    close_incidents(list(rows), plan, by=by)


def _write(steps: Sequence[PlanStep], plan: Plan, by: Actor, *, by_itself: bool) -> Told | None:
    """Send some steps as one message, once; None when there is nothing to say. Each that failed says why."""
    letter = queries.letter(plan.pk, [StepKind(step.kind) for step in steps], shop_id=plan.shop_id)
    key = f"care:plan:{plan.pk}:{min(step.pk for step in steps)}"
    return write(letter, steps, plan, key=key, by_itself=by_itself, by=by)


def _run_alone(steps: Sequence[PlanStep], plan: Plan, at: datetime, by: Actor) -> None:
    written = [step for step in steps if StepKind(step.kind) in WRITTEN]
    if written:
        _write(written, plan, by, by_itself=True)
    for step in steps:
        if StepKind(step.kind) is StepKind.GOODWILL and step.coupon_id is None:
            give_alone(step, plan, at=at, by=by)


def _held(step_id: int, shop_id: int) -> tuple[PlanStep, Plan]:
    """A step and its plan, both locked: the plan first, as everywhere."""
    plan_id = PlanStep.objects.filter(id=step_id, shop_id=shop_id).values_list("plan_id", flat=True).first()
    plan = Plan.objects.select_for_update().filter(id=plan_id or 0, shop_id=shop_id).first()
    if plan is None:
        raise NotFound
    step = PlanStep.objects.get(id=step_id, shop_id=shop_id)
    if step.state != StepState.PLANNED:
        raise StepOver
    return step, plan


def _is_owed(plan: Plan) -> bool:
    """Whether something of it may not be left undone, whoever was drawn."""
    rows = Incident.objects.filter(IS_OPEN, shop_id=plan.shop_id, plan=plan)
    return any(IncidentKind(kind) not in playing.HOLDABLE for kind in rows.values_list("kind", flat=True))
