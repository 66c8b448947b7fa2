"""One thing done with many parcels at once, and undone."""

from __future__ import annotations

from collections.abc import Collection

from opieka.deliveries import commands, queries
from opieka.deliveries.types import Wanted, WantedNotices
from opieka.kernel import clock
from opieka.kernel.errors import NotFound
from opieka.rest.operations import Request, Resource
from opieka.rest.schemas.together import (
    Dismissing,
    DoneTogether,
    LostTogether,
    PromiseTogether,
    UndoneTogether,
    UndoTogether,
)
from opieka.shops.types import Permission

together = Resource("many parcels")


@together.post("/many-parcels/promises", Permission.ANSWER, DoneTogether)
def promise_together(request: Request, body: PromiseTogether) -> DoneTogether:
    """Tell one new date for the orders of many parcels; `count` is the orders."""
    caller, now = request.caller, clock.now()
    slot = (body.promised_from, body.promised_to)
    ids = _known(request, body.parcel_ids)
    count = commands.promise_together(ids, shop_id=caller.shop_id, slot=slot, at=now, by=caller.actor)
    return DoneTogether(count=count, at=now)


@together.post("/many-parcels/promises/undo", Permission.ANSWER, UndoneTogether)
def undo_promises(request: Request, body: UndoTogether) -> UndoneTogether:
    """Take the dates told together back: what was told before counts again."""
    caller = request.caller
    count = commands.take_back_promises(body.at, shop_ids=[caller.shop_id], by=caller.actor)
    return UndoneTogether(count=count)


@together.post("/many-parcels/lost", Permission.ANSWER, DoneTogether)
def give_up_together(request: Request, body: LostTogether) -> DoneTogether:
    """Take those of many parcels as lost that are late or silent; what their carriers report later counts more."""
    caller, now = request.caller, clock.now()
    ids = _known(request, body.parcel_ids)
    count = commands.give_up(ids, shop_id=caller.shop_id, why=body.why, at=now, by=caller.actor)
    return DoneTogether(count=count, at=now)


@together.post("/many-parcels/lost/undo", Permission.ANSWER, UndoneTogether)
def undo_lost(request: Request, body: UndoTogether) -> UndoneTogether:
    """The parcels taken as lost stand again where their carriers say."""
    caller = request.caller
    count = commands.take_back_giving_up(body.at, shop_ids=[caller.shop_id], by=caller.actor)
    return UndoneTogether(count=count)


@together.post("/many-parcels/notices/dismiss", Permission.REPAIR, DoneTogether)
def dismiss_parcel_notices(request: Request, body: Dismissing) -> DoneTogether:
    """Take notices off the list until they come again."""
    caller = request.caller
    wanted = WantedNotices(kind=body.kind, told_by=body.carrier)
    count, at = commands.dismiss_notices(wanted, shop_ids=[caller.shop_id], by=caller.actor)
    return DoneTogether(count=count, at=at)


@together.post("/many-parcels/notices/bring-back", Permission.REPAIR, UndoneTogether)
def bring_back_parcel_notices(request: Request, body: UndoTogether) -> UndoneTogether:
    """List the notices again that were dismissed together."""
    caller = request.caller
    count = commands.bring_back_notices(body.at, shop_ids=[caller.shop_id], by=caller.actor)
    return UndoneTogether(count=count)


def _known(request: Request, parcel_ids: Collection[int]) -> Collection[int]:
    """The parcels, when all of them are the shop's; NotFound."""
    wanted = Wanted(ids=tuple(set(parcel_ids)))
    if queries.count(shop_ids=[request.caller.shop_id], wanted=wanted) < len(wanted.ids):
        raise NotFound
    return parcel_ids
