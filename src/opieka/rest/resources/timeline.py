"""What happened in the shop, as a feed to follow; the kinds of facts; and what was set aside."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated

from ninja import Query
from pydantic import Field

from opieka.kernel import facts
from opieka.kernel.errors import NotFound
from opieka.kernel.facts import Fact
from opieka.rest import paging
from opieka.rest.fields import CLEAN, Page, Paging, PathId, QueryFlag
from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.timeline import FactKind, Failure, Retried, Touchpoint
from opieka.shops.types import Permission
from opieka.timeline import queries, reacting
from opieka.timeline.types import Position

timeline = Resource("touchpoints")
failures = Resource("failures")


class Following(Paging):
    """Where to read on, and of what. Without a cursor the feed begins with the first touchpoint, or with the
    next one when `from_now`."""

    from_now: QueryFlag = False
    kind: Annotated[str, Field(max_length=60, pattern=CLEAN)] = ""


@timeline.get("/touchpoints", Permission.READ, Page[Touchpoint])
def follow_touchpoints(request: Request, query: Query[Following]) -> Page[Touchpoint]:
    """All that happens in the shop, in an order in which nothing is missed; `next` is never null: ask again."""
    place = paging.decode(query.cursor, tuple[int, int, int])
    beginning = queries.pulse([request.caller.shop_id]).place if query.from_now else queries.START
    since = Position(*place) if place else beginning
    kinds = [query.kind] if query.kind else None
    found, after = queries.feed(request.caller.shop_id, since=since, kinds=kinds, limit=query.limit)
    here = paging.encode((after.low, after.high, after.last_id))
    return Page[Touchpoint](items=[Touchpoint.make(entry) for entry in found], next=here)


@timeline.get("/facts", Permission.READ, Page[FactKind])
def list_facts(request: Request) -> Page[FactKind]:
    """Every kind of fact a touchpoint can hold."""
    known = sorted(facts.registered().items())
    return Page[FactKind](items=[_described(kind, fact) for kind, fact in known], next=None)


def _described(kind: str, fact: type[Fact]) -> FactKind:
    meaning = " ".join((fact.__doc__ or "").split())
    return FactKind(
        kind=kind,
        stage=fact.stage,
        meaning="" if meaning.startswith(f"{kind}(") else meaning,  # what dataclasses write of themselves
        fields={field.name: str(field.type) for field in fields(fact)},
    )


@failures.get("/failures", Permission.REPAIR, Page[Failure])
def list_failures(request: Request, query: Query[Paging]) -> Page[Failure]:
    """What was set aside and is not mended, newest first."""
    rows = queries.failures([request.caller.shop_id])
    place = paging.decode(query.cursor, tuple[int])
    if place is not None:
        rows = rows.filter(id__lt=place[0])
    found = list(rows[: query.limit + 1])
    shown = found[: query.limit]
    more = paging.encode([shown[-1].pk]) if len(found) > len(shown) else None
    return Page[Failure](items=[Failure.of(row) for row in shown], next=more)


@failures.post("/failures/{failure_id}/retry", Permission.REPAIR, Retried)
def retry_failure(request: Request, failure_id: PathId) -> Retried:
    """Try once more, now; it leaves the list when it is mended."""
    shop_ids = [request.caller.shop_id]
    if not queries.failures(shop_ids).filter(id=failure_id).exists():
        raise NotFound
    return Retried(mended=reacting.try_again(failure_id, shop_ids=shop_ids))
