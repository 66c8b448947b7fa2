"""What a person wrote, for whoever answers by rules."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from opieka.channels.types import Channel
from opieka.conversations.models import Message, Reference
from opieka.conversations.policy import texts
from opieka.conversations.policy.threading import name_key
from opieka.conversations.types import Direction, MessageKind, Reply, State


def reply(message_id: int, *, shop_id: int) -> Reply | None:
    """One message of a person; None for anything else: a program's, ours, spam, nobody's. 2 queries."""
    rows = Message.objects.filter(
        id=message_id, shop_id=shop_id, direction=Direction.IN, kind=MessageKind.PERSON
    )
    row = rows.exclude(customer_id=None).select_related("conversation").defer("html").first()
    if row is None or row.customer_id is None or row.conversation.state == State.SPAM:
        return None
    ours = Message.objects.filter(
        shop_id=shop_id,
        conversation_id=row.conversation_id,
        direction=Direction.OUT,
        withdrawn_at=None,
    )
    return Reply(
        message_id=row.pk,
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        channel=Channel(row.channel),
        text=texts.new_text(row.text, row.folds, row.reply_text).strip(),
        at=row.at,
        led=ours.order_by("-at", "-id").values_list("kind", flat=True).first() == MessageKind.PERSON,
    )


def told_about(
    things: Collection[str], *, conversation_id: int, since: datetime, shop_id: int
) -> frozenset[str]:
    """Of which of some things ("order:17") the shop has told by itself in a conversation lately. One query."""
    keys = {name_key(f"about:{thing}"): thing for thing in things}
    rows = Reference.objects.filter(
        shop_id=shop_id,
        key__in=keys,
        message__conversation_id=conversation_id,
        message__direction=Direction.OUT,
        message__at__gte=since,
    )
    return frozenset(keys[key] for key in rows.values_list("key", flat=True))
