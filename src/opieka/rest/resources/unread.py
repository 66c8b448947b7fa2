"""What came in and could not be read: listed, fetched as it came, and read again."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from opieka.rest import paging
from opieka.rest.fields import CLEAN, Page, Paging, PathId
from opieka.rest.operations import Request, Resource
from opieka.rest.resources.files import DOWNLOAD, as_bytes
from opieka.rest.schemas.unread import ReadAgain, Unread
from opieka.shops.types import Permission

unread = Resource("unread")


class Kept(Paging):
    """Which of it; without a `source` all of it."""

    source: Annotated[str, Field(max_length=30, pattern=CLEAN)] = ""


@unread.get("/unread", Permission.REPAIR, Page[Unread])
def list_unread(request: Request, query: Query[Kept]) -> Page[Unread]:
    """What could not be read, the latest first."""
    place = paging.decode(query.cursor, tuple[int])
    found = request.intake.aside(
        [request.caller.shop_id],
        source=query.source,
        after_id=place[0] if place else None,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[Unread](items=[Unread.of(one) for one in shown], next=more)


@unread.get("/unread/{unread_id}/source", Permission.REPAIR, None, openapi=DOWNLOAD)
def download_unread(request: Request, unread_id: PathId) -> HttpResponse:
    """The bytes as they came."""
    return as_bytes(request.intake.raw(unread_id, shop_ids=[request.caller.shop_id])[1])


@unread.post("/unread/{unread_id}/retry", Permission.REPAIR)
def retry_unread(request: Request, unread_id: PathId) -> None:
    """Read it again, now; it leaves the list, and comes back if that fails."""
    caller = request.caller
    request.intake.retry(unread_id, shop_ids=[caller.shop_id], by=caller.actor)


@unread.post("/unread/retry", Permission.REPAIR, ReadAgain)
def retry_all_unread(request: Request) -> ReadAgain:
    """Read all of it again, now."""
    caller = request.caller
    return ReadAgain(count=request.intake.retry_all(shop_ids=[caller.shop_id], by=caller.actor))
