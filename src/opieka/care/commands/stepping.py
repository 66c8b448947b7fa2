"""What becomes of the steps of a plan, and of the plan when none is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from opieka.care.facts import PlanClosed, PlanStepDone, PlanStepSkipped
from opieka.care.models import IS_OPEN, Incident, Plan, PlanStep
from opieka.care.policy import playing
from opieka.care.queries.letters import PlanLetter
from opieka.care.types import PLAN_CLOCK, Act, CarePreferences, StepState
from opieka.clocks import commands as clocks
from opieka.clocks.types import Basis, NewClock, OpenTime
from opieka.conversations import commands as conversations
from opieka.conversations.types import Notice, Outcome, Told
from opieka.kernel import clock
from opieka.kernel.actor import Actor, ActorKind
from opieka.kernel.errors import Conflict
from opieka.shops import queries as shops
from opieka.timeline.commands import record

NOTHING = "nothing"


class StepOver(Conflict):
    code = "plan_step_over"
    sentence = _("This has been done or skipped already.")


def done(
    steps: Sequence[PlanStep], plan: Plan, by: Actor, *, by_itself: bool, message_id: int | None = None
) -> None:
    """Steps of a locked plan are done."""
    for step in steps:
        step.state, step.by_itself, step.trouble = _stepped(step, Act.DO), by_itself, ""
        step.done_at, step.message_id = clock.now(), message_id
        step.staff_id = by.id if by.kind is ActorKind.STAFF else step.staff_id
        step.save()
        fact = PlanStepDone(plan_id=plan.pk, step=step.kind, by_itself=by_itself)
        record(fact, shop_id=plan.shop_id, customer_id=plan.customer_id, subject=f"plan:{plan.pk}", by=by)


def write(
    letter: PlanLetter | None, steps: Sequence[PlanStep], plan: Plan, *, key: str, by_itself: bool, by: Actor
) -> Told | None:
    """Send what some steps of a locked plan say as one message, once a `key`; None when there is nothing to say. When
    it could not be told, each step says why."""
    if letter is None:
        wait(steps, NOTHING)
        return None
    notice = Notice(
        shop_id=plan.shop_id,
        customer_id=letter.customer_id,
        subject=letter.subject,
        text=letter.text,
        language=letter.language,
        about=plan.matter,
    )
    told = conversations.tell(notice, key=key, by=by)
    if told.outcome is Outcome.TOLD:
        done(steps, plan, by, by_itself=by_itself, message_id=told.message_id)
    else:
        wait(steps, told.outcome.value)
    return told


def wait(steps: Sequence[PlanStep], trouble: str) -> None:
    """Steps stand still, and say why."""
    for step in steps:
        step.trouble = trouble
        step.save(update_fields=["trouble"])


def skip(steps: Sequence[PlanStep], plan: Plan, by: Actor) -> None:
    """Steps of a locked plan are left out."""
    for step in steps:
        step.state, step.done_at = _stepped(step, Act.SKIP), clock.now()
        step.staff_id = by.id if by.kind is ActorKind.STAFF else None
        step.save()
        fact = PlanStepSkipped(plan_id=plan.pk, step=step.kind)
        record(fact, shop_id=plan.shop_id, customer_id=plan.customer_id, subject=f"plan:{plan.pk}", by=by)


def _stepped(step: PlanStep, act: Act) -> StepState:
    state = playing.STEPS.get((StepState(step.state), act))
    if state is None:
        raise StepOver
    return state


def settle(plan: Plan, *, by: Actor) -> None:
    """Let a locked plan's clock run while a person is asked for; close it when nothing is left."""
    subject = f"plan:{plan.pk}"
    if planned(plan):
        hours = shops.preferences(plan.shop_id, CarePreferences).hours
        new = NewClock(
            PLAN_CLOCK, subject, Basis.TARGET, OpenTime(timedelta(hours=hours)), customer_id=plan.customer_id
        )
        clocks.start(plan.shop_id, new=new, by=by)
        return
    clocks.satisfy(plan.shop_id, kind=PLAN_CLOCK, subject=subject, by=by)
    if plan.closed_at or Incident.objects.filter(IS_OPEN, shop_id=plan.shop_id, plan=plan).exists():
        return
    plan.closed_at = clock.now()
    plan.save(update_fields=["closed_at"])
    fact = PlanClosed(plan_id=plan.pk)
    record(fact, shop_id=plan.shop_id, customer_id=plan.customer_id, subject=subject, by=by)


def planned(plan: Plan) -> list[PlanStep]:
    """The steps that wait."""
    rows = PlanStep.objects.filter(shop_id=plan.shop_id, plan=plan, state=StepState.PLANNED)
    return list(rows.order_by("id"))
