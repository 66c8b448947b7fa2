"""Texts and numbers for tests, said in few words."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from opieka.channels import commands as channels
from opieka.channels.types import Channel, Incoming, Party, Sending, TextDetails
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard

NUMBER, ANNA = "+48500100200", "+48601234567"
_ids = count(1)


def make_number(shop: ShopCard, address: str = NUMBER) -> int:
    details = TextDetails(address, shop.name, sending=Sending.MEMORY)
    return channels.open_number(shop.id, details=details, by=SYSTEM)


def sms(shop: ShopCard, account_id: int, text: str, sender: str = ANNA, **parts: Any) -> Incoming:
    """A text of a customer, now."""
    number = next(_ids)
    made = Incoming(
        shop_id=shop.id,
        account_id=account_id,
        channel=Channel.SMS,
        external_id=f"SM{number:032x}",
        sender=Party("phone", sender),
        received_at=clock.now(),
        raw_sha256=f"{number:064x}",
        text=text,
        reply_text=text,
        to=(Party("phone", NUMBER),),
    )
    return replace(made, **parts)
