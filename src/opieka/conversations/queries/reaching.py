"""By which ways the shop reaches a customer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from opieka.channels import queries as channels
from opieka.channels.types import CONTACTS, Channel, Sending
from opieka.conversations.models import Message
from opieka.conversations.types import Direction, MessageItem, MessageKind, Thread, Way
from opieka.customers import queries as customers
from opieka.customers.types import ConsentChannel, CustomerCard, Reach


def ways(card: CustomerCard, *, shop_id: int) -> list[Way]:
    """The channels that lead to her: the shop has an account that sends there, she a contact point that works."""
    able = [one for one in channels.accounts([shop_id]) if one.active and one.sending is not Sending.NONE]
    found = []
    for channel, kind in CONTACTS.items():
        account_ids = sorted(account.id for account in able if account.channel is channel)
        addresses = [
            point.value for point in card.points if point.kind is kind and point.reach is not Reach.HARD
        ]
        if account_ids and addresses:
            found.append(Way(channel, account_ids, addresses))
    return found


def texts_stopped(
    known: Collection[int], *, conversation_id: int, shop_id: int, thread: Thread | None = None
) -> bool:
    """Whether nobody may text a person (by her lineage): she said STOP, and has texted nothing here since.

    What is in a `thread` that was read already is not asked for again.
    """
    at = customers.stopped_at(known, ConsentChannel.SMS) if known else None
    if at is None:
        return False
    if thread is not None and (thread.earlier is None or _texted_in(thread, at)):
        return not _texted_in(thread, at)
    return not _texted_since(at, conversation_id, shop_id)


def _texted_in(thread: Thread, since: datetime) -> bool:
    return any(
        item.direction is Direction.IN
        and item.kind is MessageKind.PERSON
        and item.channel is Channel.SMS
        and item.at >= since
        for item in thread.items
        if isinstance(item, MessageItem)
    )


def _texted_since(at: datetime, conversation_id: int, shop_id: int) -> bool:
    return Message.objects.filter(
        shop_id=shop_id,
        conversation_id=conversation_id,
        direction=Direction.IN,
        kind=MessageKind.PERSON,
        channel=Channel.SMS,
        received_at__gte=at,
    ).exists()
