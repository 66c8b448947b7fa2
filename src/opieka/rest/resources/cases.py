"""Cases: asked for, taken back, settled by a person."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Query

from opieka.rest import paging
from opieka.rest.fields import Page, Paging, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.cases import Cancellation, Case, CaseSettlement
from opieka.returns import commands, queries
from opieka.returns.types import CaseStatus
from opieka.shops.types import Permission

cases = Resource("cases")


class Listed(Paging):
    """Which cases: all, or those of one status."""

    status: CaseStatus | None = None


@cases.get("/cases", Permission.READ, Page[Case])
def list_cases(request: Request, query: Query[Listed]) -> Page[Case]:
    """Cases, newest first."""
    place = paging.decode(query.cursor, tuple[int])
    found = queries.cases(
        [request.caller.shop_id],
        status=query.status,
        before=place[0] if place else None,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Case](items=[Case.make(card) for card in shown], next=more)


@cases.get("/cases/{case_id}", Permission.READ, Case)
def get_case(request: Request, case_id: PathId) -> Case:
    """One case."""
    return Case.make(queries.case(case_id, shop_ids=[request.caller.shop_id]))


@cases.get("/orders/{order_id}/cancellation", Permission.READ, Cancellation)
def get_cancellation(request: Request, order_id: PathId) -> Cancellation:
    """Whether an order can be cancelled now."""
    return Cancellation.make(queries.cancellable(order_id, shop_ids=[request.caller.shop_id]))


@cases.create("/orders/{order_id}/cancellation", Permission.ANSWER, Case)
def cancel_order(request: Request, response: HttpResponse, order_id: PathId) -> Case:
    """Cancel an order for its customer; can be taken back for some seconds. An open case is returned as it is."""
    caller = request.caller
    case_id = commands.ask_cancellation(order_id, shop_ids=[caller.shop_id], by=caller.actor)
    response.headers["Location"] = address("get_case", case_id=case_id)
    return get_case(request, case_id)


@cases.post("/cases/{case_id}/take-back", Permission.ANSWER, Case)
def take_back_case(request: Request, case_id: PathId) -> Case:
    """The order is wanted after all."""
    caller = request.caller
    commands.take_back(case_id, shop_ids=[caller.shop_id], by=caller.actor)
    return get_case(request, case_id)


@cases.post("/cases/{case_id}/settle", Permission.ANSWER, Case)
def settle_case(request: Request, case_id: PathId, body: CaseSettlement) -> Case:
    """A person has looked at a case that waited for one."""
    caller = request.caller
    commands.settle(
        case_id,
        cancelled=body.cancelled,
        refund=body.refund,
        shop_ids=[caller.shop_id],
        by=caller.actor,
    )
    return get_case(request, case_id)
