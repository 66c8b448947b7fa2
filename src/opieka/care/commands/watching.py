"""What has to be watched or counted before it is an incident."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from opieka.care.commands.opening import report
from opieka.care.policy import judging
from opieka.care.types import COLLECTION_CLOCK, IncidentKind, Trouble
from opieka.clocks import commands as clocks
from opieka.clocks.types import Basis, NewClock, Until
from opieka.conversations.facts import ConversationReopened
from opieka.conversations.types import Step
from opieka.deliveries import queries as deliveries
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.timeline import queries as timeline


@transaction.atomic
def watch_collection(parcel_id: int, *, at: datetime, until: datetime, shop_id: int, by: Actor) -> None:
    """Let a clock run while a parcel waits to be collected."""
    parcel = deliveries.parcel(parcel_id, shop_ids=[shop_id])
    if until <= clock.now() or not judging.still_holds(IncidentKind.WAITING, parcel):
        return
    subject = f"parcel:{parcel_id}"
    new = NewClock(COLLECTION_CLOCK, subject, Basis.PROMISED, Until(until), parcel.customer_id, at)
    clocks.start(shop_id, new=new, by=by)


def count_reopening(
    conversation_id: int, *, at: datetime, customer_id: int | None, shop_id: int, by: Actor
) -> int | None:
    """She had to write again; more than once is an incident, whose id is returned."""
    told = timeline.of_subject(f"conversation:{conversation_id}", shop_id=shop_id)
    again = sum(
        isinstance(one.fact, ConversationReopened) and one.fact.because == Step.RECEIVE for one in told
    )
    if again < judging.ENOUGH_REOPENINGS:
        return None
    trouble = Trouble(
        kind=IncidentKind.BAD_ANSWER, at=at, customer_id=customer_id, conversation_id=conversation_id
    )
    return report(trouble, shop_id=shop_id, by=by)
