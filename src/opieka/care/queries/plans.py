"""Plans, storms, playbooks, and what the effort is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from opieka.care.models import IS_OPEN, Incident, Plan, PlanStep, Storm
from opieka.care.models import Playbook as PlaybookRow
from opieka.care.policy import measuring, playing
from opieka.care.types import (
    Arm,
    Difference,
    Effect,
    IncidentCard,
    IncidentKind,
    PlanCard,
    Playbook,
    Severity,
    StepCard,
    StepKind,
    StepState,
    StormCard,
    Wanted,
)
from opieka.clocks import queries as clocks
from opieka.clocks.types import ClockCard
from opieka.kernel import clock
from opieka.kernel.errors import NotFound
from opieka.kernel.paging import following

EVERYTHING = Wanted()


def plan(plan_id: int, *, shop_ids: Collection[int]) -> PlanCard:
    """One plan; NotFound. 4 queries."""
    found = _cards(Plan.objects.filter(id=plan_id, shop_id__in=shop_ids))
    if not found:
        raise NotFound
    return found[0]


def plan_of(incident_id: int, *, shop_ids: Collection[int]) -> PlanCard:
    """The plan an incident belongs to; NotFound."""
    rows = Incident.objects.filter(id=incident_id, shop_id__in=shop_ids)
    return plan(rows.values_list("plan_id", flat=True).first() or 0, shop_ids=shop_ids)


def plans(
    *,
    shop_ids: Collection[int],
    wanted: Wanted = EVERYTHING,
    order: str = "-severity",
    after_id: int | None = None,
    limit: int = 50,
) -> list[PlanCard]:
    """Plans, the worst first ("-severity") or in the order of "opened_at", from after one. 4 queries."""
    everything = Plan.objects.filter(shop_id__in=shop_ids)
    rows = everything.filter(closed_at__isnull=not wanted.closed)
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind.value)
    if wanted.owner_id is not None:
        rows = rows.filter(owner_id=wanted.owner_id)
    if wanted.storm_id is not None:
        members = Incident.objects.filter(shop_id__in=shop_ids, storm_id=wanted.storm_id)
        rows = rows.filter(id__in=members.values("plan_id"))
    return _cards(following(rows, order=order, after_id=after_id, among=everything)[:limit])


def storms(shop_ids: Collection[int]) -> list[StormCard]:
    """The storms that go on, the latest first. 2 queries."""
    rows = list(Storm.objects.filter(IS_OPEN, shop_id__in=shop_ids).order_by("-last_at", "-id")[:10])
    counted = Incident.objects.filter(shop_id__in=shop_ids, storm__in=rows).values_list("storm")
    parcels = dict(counted.annotate(number=Count("id")))
    return [
        StormCard(
            id=row.pk,
            shop_id=row.shop_id,
            kind=IncidentKind(row.kind),
            carrier=row.carrier,
            depot=row.depot,
            opened_at=row.opened_at,
            last_at=row.last_at,
            parcels=parcels.get(row.pk, 0),
        )
        for row in rows
    ]


def playbook(shop_id: int, kind: IncidentKind) -> Playbook:
    """What a shop does about a kind of incident: its own playbook, else the usual one."""
    return next(one for one in playbooks(shop_id) if one.kind is kind)


def playbooks(shop_id: int) -> list[Playbook]:
    """The playbooks of a shop, one for each kind of incident."""
    own = {row.kind: row for row in PlaybookRow.objects.filter(shop_id=shop_id)}
    return [
        Playbook(
            kind=kind,
            steps=tuple(StepKind(step) for step in own[kind].steps) if kind in own else playing.USUAL[kind],
            by_itself_to=own[kind].by_itself_to if kind in own else 0,
            gift=own[kind].gift if kind in own else 0,
        )
        for kind in IncidentKind
    ]


def gift(plan_id: int, *, shop_id: int) -> int:
    """What the playbooks give for what happened in a plan, the most any of them does, in minor units. 2 queries."""
    rows = Incident.objects.filter(shop_id=shop_id, plan_id=plan_id).values_list("kind", flat=True)
    kinds = set(rows)
    return max((one.gift for one in playbooks(shop_id) if one.kind in kinds), default=0)


def effect(shop_ids: Collection[int]) -> Effect:
    """What contacting changes, among plans that were drawn and whose time to see is over. 2 queries."""
    return Effect(
        wrote=_difference(shop_ids, "wrote_at", measuring.WROTE_WITHIN),
        ordered=_difference(shop_ids, "ordered_at", measuring.ORDERED_WITHIN),
    )


def _difference(shop_ids: Collection[int], column: str, within: timedelta) -> Difference:
    seen = Plan.objects.filter(shop_id__in=shop_ids, opened_at__lte=clock.now() - within).exclude(
        arm=Arm.NONE
    )
    counted = seen.values_list("arm").annotate(
        k=Count("id", filter=Q(**{f"{column}__isnull": False})), n=Count("id")
    )
    shares = {Arm(arm): (k, n) for arm, k, n in counted}
    return measuring.difference(shares.get(Arm.CONTACT, (0, 0)), shares.get(Arm.HOLD_OUT, (0, 0)))


def _cards(rows: QuerySet[Plan]) -> list[PlanCard]:
    found = list(rows)
    if not found:
        return []
    shop_ids, ids = {row.shop_id for row in found}, [row.pk for row in found]
    incidents: defaultdict[int, list[IncidentCard]] = defaultdict(list)
    for one in Incident.objects.filter(shop_id__in=shop_ids, plan_id__in=ids).order_by("id"):
        incidents[one.plan_id].append(_incident(one))
    steps: defaultdict[int, list[StepCard]] = defaultdict(list)
    for step in PlanStep.objects.filter(shop_id__in=shop_ids, plan_id__in=ids).order_by("id"):
        steps[step.plan_id].append(_step(step))
    running = clocks.open_clocks(shop_ids, [f"plan:{pk}" for pk in ids])
    return [_card(row, incidents[row.pk], steps[row.pk], running.get(f"plan:{row.pk}", [])) for row in found]


def _card(
    row: Plan, incidents: Iterable[IncidentCard], steps: Iterable[StepCard], running: list[ClockCard]
) -> PlanCard:
    return PlanCard(
        id=row.pk,
        shop_id=row.shop_id,
        customer_id=row.customer_id,
        order_id=row.order_id,
        conversation_id=row.conversation_id,
        kind=IncidentKind(row.kind),
        severity=Severity(row.severity),
        arm=Arm(row.arm),
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        wrote_at=row.wrote_at,
        ordered_at=row.ordered_at,
        incidents=tuple(incidents),
        steps=tuple(steps),
        clock=running[0] if running else None,
    )


def _incident(row: Incident) -> IncidentCard:
    return IncidentCard(
        id=row.pk,
        kind=IncidentKind(row.kind),
        severity=Severity(row.severity),
        parcel_id=row.parcel_id,
        times=row.times,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        storm_id=row.storm_id,
    )


def _step(row: PlanStep) -> StepCard:
    return StepCard(
        id=row.pk,
        kind=StepKind(row.kind),
        state=StepState(row.state),
        by_itself=row.by_itself,
        trouble=row.trouble,
        done_at=row.done_at,
        staff_id=row.staff_id,
        message_id=row.message_id,
        coupon_id=row.coupon_id,
    )
