"""The clock of the first answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from opieka.clocks import commands as clocks
from opieka.clocks.types import Basis, NewClock, OpenTime
from opieka.conversations.models import Conversation, Message
from opieka.conversations.types import FIRST_RESPONSE, Direction, InboxPreferences, MessageKind, State
from opieka.kernel.actor import Actor
from opieka.shops import queries as shops


@transaction.atomic
def keep_clock(conversation_id: int, *, shop_id: int, at: datetime | None = None, by: Actor) -> None:
    """Let the clock be what the conversation asks for; saying so twice changes nothing.

    It runs from `at` (else since the customer waits) while nobody has ever answered, rests while the conversation is
    snoozed, is satisfied by the first answer of a person, and is given up with the conversation.
    """
    row = Conversation.objects.filter(id=conversation_id, shop_id=shop_id).first()
    if row is None:
        return
    subject = f"conversation:{conversation_id}"
    if _answered(row):
        clocks.satisfy(shop_id, kind=FIRST_RESPONSE, subject=subject, by=by)
    elif row.joined_into_id is not None or row.state in {State.RESOLVED, State.SPAM}:
        clocks.cancel(shop_id, kind=FIRST_RESPONSE, subject=subject, by=by)
    elif row.waiting_since is not None:
        _run(row, subject, at or row.waiting_since, by)


def _run(row: Conversation, subject: str, at: datetime, by: Actor) -> None:
    minutes = shops.preferences(row.shop_id, InboxPreferences).first_response_minutes
    if minutes == 0:
        return
    new = NewClock(
        kind=FIRST_RESPONSE,
        subject=subject,
        basis=Basis.TARGET,
        term=OpenTime(timedelta(minutes=minutes)),
        customer_id=row.customer_id,
        at=at,
    )
    clocks.start(row.shop_id, new=new, by=by)
    turn = clocks.pause if row.state == State.SNOOZED else clocks.resume
    turn(row.shop_id, kind=FIRST_RESPONSE, subject=subject, by=by)


def _answered(row: Conversation) -> bool:
    return Message.objects.filter(
        shop_id=row.shop_id,
        conversation_id=row.pk,
        direction=Direction.OUT,
        kind=MessageKind.PERSON,
        withdrawn_at=None,
    ).exists()
