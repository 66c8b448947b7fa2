"""Mails and conversations for tests, said in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from opieka.channels.types import Channel, Incoming, Party
from opieka.conversations import commands
from opieka.conversations.models import Conversation, Message
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_numbers = count(1)


def party(address: str, name: str = "") -> Party:
    return Party("email", address, name)


def mail(shop: ShopCard, sender: str = "anna@example.com", **parts: Any) -> Incoming:
    """A mail of a customer, a minute later than the one made before it."""
    number = next(_numbers)
    text = parts.pop("text", f"Where is my parcel? ({number})")
    name = parts.pop("name", "")
    made = Incoming(
        shop_id=shop.id,
        account_id=1,
        channel=Channel.EMAIL,
        external_id=f"mail{number}@example.com",
        sender=party(sender, name) if sender else None,
        received_at=MONDAY + timedelta(minutes=number),
        sent_at=MONDAY + timedelta(minutes=number),
        raw_sha256=f"{number:064x}",
        subject="My parcel",
        text=text,
        reply_text=parts.pop("reply_text", text),
        to=(party("shop@example.com"),),
    )
    return replace(made, **parts)


def take(*incoming: Incoming) -> list[Conversation]:
    """Take mails in one after the other; the conversations they are in now."""
    ids = [commands.receive(one, by=SYSTEM) for one in incoming]
    return [
        Message.objects.select_related("conversation").get(id=message_id).conversation for message_id in ids
    ]


def one(*incoming: Incoming) -> Conversation:
    """Take mails in; the one conversation they are in."""
    found = {conversation.pk: conversation for conversation in take(*incoming)}
    assert len(found) == 1
    return next(iter(found.values()))
