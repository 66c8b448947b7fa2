"""What has to be watched or counted before it is an incident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from opieka.care.commands.opening import report
from opieka.care.policy import judging
from opieka.care.types import COLLECTION_CLOCK, IncidentKind, Trouble
from opieka.clocks import commands as clocks
from opieka.clocks.types import Basis, NewClock, Until
from opieka.conversations.facts import ConversationReopened, ConversationResolved, MessageSent
from opieka.conversations.types import MessageKind, Step
from opieka.deliveries import queries as deliveries
from opieka.kernel import clock
from opieka.kernel.actor import Actor, ActorKind
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry


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
    """She had to write again after a person had answered; more than once is an incident, whose id is returned."""
    told = timeline.of_subject(f"conversation:{conversation_id}", shop_id=shop_id)
    if _came_back(told) < judging.ENOUGH_REOPENINGS:
        return None
    trouble = Trouble(
        kind=IncidentKind.BAD_ANSWER, at=at, customer_id=customer_id, conversation_id=conversation_id
    )
    return report(trouble, shop_id=shop_id, by=by)


def _came_back(told: Iterable[Entry]) -> int:
    """How often she wrote again after a person had answered or resolved it: what rules answer is no bad answer."""
    times, answered = 0, False
    for one in sorted(told, key=lambda entry: entry.id):
        fact = one.fact
        if isinstance(fact, MessageSent):
            answered |= fact.message_kind == MessageKind.PERSON
        elif isinstance(fact, ConversationResolved):
            answered |= one.by.kind is ActorKind.STAFF
        elif isinstance(fact, ConversationReopened) and fact.because == Step.RECEIVE:
            times, answered = times + answered, False
    return times
