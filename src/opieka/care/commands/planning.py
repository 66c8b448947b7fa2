"""Plans: one for a customer's matter, with the steps of the playbooks of everything that went wrong in it."""

from __future__ import annotations

from django.db import transaction

from opieka.care import queries
from opieka.care.facts import PlanOpened
from opieka.care.models import IS_OPEN, Plan, PlanStep
from opieka.care.policy import playing
from opieka.care.types import Arm, CarePreferences, Severity, StepKind, Trouble
from opieka.customers import queries as customers
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound
from opieka.shops import queries as shops
from opieka.shops.types import Permission
from opieka.timeline.commands import record


def plan_for(
    trouble: Trouble, severity: Severity, *, preferences: CarePreferences, shop_id: int, by: Actor
) -> Plan:
    """The open plan of a matter, locked, with the steps of this trouble's playbook; a new one if there is none."""
    customer_id = customers.persons([trouble.customer_id or 0])[trouble.customer_id or 0]
    made = Plan(
        shop_id=shop_id,
        customer_id=customer_id,
        matter=trouble.matter,
        order_id=trouble.order_id,
        conversation_id=trouble.conversation_id,
        kind=trouble.kind.value,
        severity=severity,
        arm=_drawn(trouble, customer_id, preferences),
        opened_at=clock.now(),
    )
    Plan.objects.bulk_create([made], ignore_conflicts=True)
    plan = Plan.objects.select_for_update().get(IS_OPEN, shop_id=shop_id, matter=trouble.matter)
    steps = PlanStep.objects.filter(shop_id=shop_id, plan=plan)
    planned = [StepKind(kind) for kind in steps.values_list("kind", flat=True)]
    if not planned:
        fact = PlanOpened(plan_id=plan.pk, severity=severity, arm=plan.arm)
        record(fact, shop_id=shop_id, customer_id=plan.customer_id, subject=f"plan:{plan.pk}", by=by)
    if severity > plan.severity:
        plan.kind, plan.severity = trouble.kind.value, severity
        plan.save(update_fields=["kind", "severity"])
    wanted = queries.playbook(shop_id, trouble.kind).steps
    PlanStep.objects.bulk_create(
        PlanStep(shop_id=shop_id, plan=plan, kind=kind.value) for kind in playing.added(wanted, planned)
    )
    return plan


@transaction.atomic
def take_plan(plan_id: int, *, staff_id: int | None, shop_id: int, by: Actor) -> None:
    """Say who sees to a plan, or that nobody does; NotFound for somebody who may not answer customers there."""
    if staff_id is not None and staff_id not in shops.team(shop_id, Permission.ANSWER):
        raise NotFound
    if not Plan.objects.filter(IS_OPEN, id=plan_id, shop_id=shop_id).update(owner_id=staff_id):
        raise NotFound


def _drawn(trouble: Trouble, customer_id: int, preferences: CarePreferences) -> Arm:
    """Drawn by a keyed hash of customer and matter: nobody chooses, and drawn again it is the same."""
    if trouble.kind not in playing.HOLDABLE or not preferences.hold_out:
        return Arm.NONE
    signature = secrets.sign("care.hold-out", f"{customer_id}:{trouble.matter}")
    return Arm.HOLD_OUT if playing.is_held_out(signature, preferences.hold_out) else Arm.CONTACT
