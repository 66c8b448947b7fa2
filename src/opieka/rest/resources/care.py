"""Plans for customers who were let down, and what the effort is worth."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query

from opieka.care import commands, queries
from opieka.care.types import TOLD_BY_HER, IncidentKind, Playbook, Trouble, Wanted
from opieka.conversations import queries as conversations
from opieka.deliveries import queries as deliveries
from opieka.kernel import clock
from opieka.kernel.errors import Conflict, Invalid
from opieka.orders import queries as orders
from opieka.rest import paging
from opieka.rest.fields import Page, Paging, PathId, QueryFlag
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.care import Effect, NewIncident, NewPlaybook, Plan, PlanChange, PlaybookTold, Text
from opieka.shops.types import Permission

care = Resource("care")


class NotHers(Invalid):
    code = "incident_kind"
    sentence = _("Only this can be reported of an order: %(kinds)s")


class NobodyKnown(Conflict):
    code = "incident_of_nobody"
    sentence = _("Nobody knows yet whose order this is, or it happened too long ago.")


class Looking(Paging):
    """Which plans: open ones unless `closed`; each other parameter narrows."""

    closed: QueryFlag = False
    kind: IncidentKind | None = None
    storm_id: PathId | None = None
    owner_id: PathId | None = None


@care.get("/plans", Permission.READ, Page[Plan])
def list_plans(request: Request, query: Query[Looking]) -> Page[Plan]:
    """Plans, the worst first."""
    place = paging.decode(query.cursor, tuple[int])
    wanted = Wanted(closed=query.closed, kind=query.kind, storm_id=query.storm_id, owner_id=query.owner_id)
    found = queries.plans(
        shop_ids=[request.caller.shop_id],
        wanted=wanted,
        after_id=place[0] if place else None,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Plan](items=[Plan.of(card) for card in shown], next=more)


@care.get("/plans/{plan_id}", Permission.READ, Plan)
def get_plan(request: Request, plan_id: PathId) -> Plan:
    """One plan with its incidents and steps."""
    return Plan.of(queries.plan(plan_id, shop_ids=[request.caller.shop_id]))


@care.patch("/plans/{plan_id}", Permission.ANSWER, Plan)
def change_plan(request: Request, plan_id: PathId, body: PlanChange) -> Plan:
    """Say who sees to an open plan."""
    caller = request.caller
    commands.take_plan(plan_id, staff_id=body.owner_id, shop_id=caller.shop_id, by=caller.actor)
    return get_plan(request, plan_id)


@care.post("/plans/{plan_id}/close", Permission.ANSWER, Plan)
def close_plan(request: Request, plan_id: PathId) -> Plan:
    """Say that all is well again: what is left is skipped."""
    caller = request.caller
    commands.close_plan(plan_id, shop_id=caller.shop_id, by=caller.actor)
    return get_plan(request, plan_id)


@care.post("/plan_steps/{step_id}/done", Permission.ANSWER)
def do_plan_step(request: Request, step_id: PathId) -> None:
    """Do a step. One that is written is sent, with all others that are; the rest has been done already."""
    caller = request.caller
    commands.do_step(step_id, shop_id=caller.shop_id, by=caller.actor)


@care.post("/plan_steps/{step_id}/skip", Permission.ANSWER)
def skip_plan_step(request: Request, step_id: PathId) -> None:
    """Leave a step out."""
    caller = request.caller
    commands.skip_step(step_id, shop_id=caller.shop_id, by=caller.actor)


@care.create("/incidents", Permission.ANSWER, Plan)
def report_incident(request: Request, response: HttpResponse, body: NewIncident) -> Plan:
    """Report what a customer says of a delivery: damaged, missing, wrong, not here. Answers the plan made of it."""
    if body.kind not in TOLD_BY_HER:
        raise NotHers(kinds=", ".join(TOLD_BY_HER))
    caller = request.caller
    shop_ids = [caller.shop_id]
    order = orders.order(body.order_id, shop_ids=shop_ids)
    parcel = deliveries.parcel(body.parcel_id, shop_ids=shop_ids) if body.parcel_id else None
    trouble = Trouble(
        kind=body.kind,
        at=body.at or clock.now(),
        customer_id=order.customer_id,
        order_id=order.id,
        parcel_id=parcel.id if parcel else None,
        carrier=parcel.carrier if parcel else "",
        depot=parcel.depot if parcel else "",
    )
    incident_id = commands.report(trouble, shop_id=caller.shop_id, by=caller.actor)
    if incident_id is None:
        raise NobodyKnown
    plan = queries.plan_of(incident_id, shop_ids=[caller.shop_id])
    response.headers["Location"] = address("get_plan", plan_id=plan.id)
    return Plan.of(plan)


@care.get("/conversations/{conversation_id}/texts", Permission.READ, Page[Text])
def list_texts(request: Request, conversation_id: PathId) -> Page[Text]:
    """What customers' texts about deliveries were understood as and what was done, the latest 50 first."""
    shop_ids = [request.caller.shop_id]
    conversation = conversations.gist(conversation_id, shop_ids=shop_ids)
    found = queries.turns(conversation.id, shop_ids=shop_ids)
    return Page[Text](items=[Text.of(card) for card in found], next=None)


@care.post("/texts/{turn_id}/undo", Permission.ANSWER, Text)
def undo_text(request: Request, turn_id: PathId) -> Text:
    """Take back what a text had done, as long as nobody was asked for it; the customer is told."""
    caller = request.caller
    commands.undo_text(turn_id, shop_ids=[caller.shop_id], by=caller.actor)
    return Text.of(queries.turn(turn_id, shop_ids=[caller.shop_id]))


@care.get("/playbooks", Permission.READ, Page[PlaybookTold])
def list_playbooks(request: Request) -> Page[PlaybookTold]:
    """What is done about each kind of incident."""
    found = queries.playbooks(request.caller.shop_id)
    return Page[PlaybookTold](items=[PlaybookTold.of(one) for one in found], next=None)


@care.post("/playbooks", Permission.SETTINGS, PlaybookTold)
def save_playbook(request: Request, body: NewPlaybook) -> PlaybookTold:
    """Choose what is done about a kind of incident; plans that are open keep their steps."""
    caller = request.caller
    made = Playbook(kind=body.kind, steps=body.steps, by_itself_to=body.by_itself_to, gift=body.gift)
    commands.save_playbook(caller.shop_id, playbook=made, by=caller.actor)
    return PlaybookTold.of(queries.playbook(caller.shop_id, body.kind))


@care.get("/care/effect", Permission.READ, Effect)
def get_care_effect(request: Request) -> Effect:
    """What contacting customers is worth, among those who were drawn."""
    return Effect.of(queries.effect([request.caller.shop_id]))
