"""Saying yes and no, for tests."""

from __future__ import annotations

from datetime import datetime

from opieka.customers import commands
from opieka.customers.types import Consent, ConsentChannel, ConsentSource, Purpose
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard


def say(
    shop: ShopCard,
    customer_id: int,
    given: bool,
    channel: ConsentChannel = ConsentChannel.EMAIL,
    *,
    purpose: Purpose = Purpose.MARKETING,
    at: datetime | None = None,
) -> int:
    """A customer says yes or no, to marketing by e-mail unless told otherwise."""
    consent = Consent(purpose, channel, given, ConsentSource.FORM, "newsletter/3", at)
    return commands.record_consent(customer_id, consent=consent, shop_id=shop.id, by=SYSTEM)
