"""What conversations do when the domains below, or they themselves, have announced something."""

from __future__ import annotations

from datetime import datetime

from opieka.channels.facts import DispatchBounced, DispatchFailed
from opieka.conversations import commands
from opieka.conversations.facts import (
    ConversationMarkedSpam,
    ConversationReopened,
    ConversationResolved,
    ConversationsJoined,
    ConversationSnoozed,
    ConversationsParted,
    MessageReceived,
    MessageSent,
    MessageWithdrawn,
)
from opieka.conversations.types import MessageKind
from opieka.customers import queries as customers
from opieka.customers.facts import CustomerErased
from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(DispatchFailed, DispatchBounced)
def bring_back_what_did_not_arrive(entry: Entry) -> None:
    """A conversation whose answer did not arrive needs somebody again."""
    fact = entry.fact
    if not isinstance(fact, DispatchFailed | DispatchBounced):
        return
    kind, _, message_id = fact.message.partition(":")
    if kind == "message":
        delivery = "failed" if isinstance(fact, DispatchFailed) else "bounced"
        commands.note_failure(int(message_id), delivery=delivery, shop_id=entry.shop_id, by=SYSTEM)


@react_to(
    MessageReceived,
    MessageSent,
    MessageWithdrawn,
    ConversationResolved,
    ConversationReopened,
    ConversationSnoozed,
    ConversationMarkedSpam,
    ConversationsJoined,
    ConversationsParted,
)
def keep_the_clock_of_the_first_answer(entry: Entry) -> None:
    """Not while mail is taken in: a clock may start a moment later, intake may not wait."""
    fact = entry.fact
    if isinstance(fact, MessageReceived) and fact.message_kind != MessageKind.PERSON:
        return
    at = entry.at if isinstance(fact, MessageReceived) else None
    conversation_id = int(entry.subject.removeprefix("conversation:"))
    commands.keep_clock(conversation_id, shop_id=entry.shop_id, at=at, by=SYSTEM)


@react_to(CustomerErased)
def forget_the_customer(entry: Entry) -> None:
    """What she said and was told goes."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        person = commands.Person(
            customer_ids=fact.customer_ids,
            traces=customers.traces(fact.erasure_id),
            before=datetime.fromisoformat(fact.received_before),
            shop_id=entry.shop_id,
        )
        commands.forget_customer(person, by=SYSTEM)
