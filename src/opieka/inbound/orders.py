"""Webhooks of online shops: kept when they are genuine, handed to the orders later."""

from __future__ import annotations

from django.http import HttpRequest

from opieka.inbound.types import NewPayload, Source, Stored
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.types import Webhook


def payload(request: HttpRequest, connection_id: int, webhook: Webhook) -> NewPayload:
    """A genuine call, to be stored."""
    return NewPayload(
        shop_id=webhook.shop_id,
        source=Source.ORDERS,
        owner_id=connection_id,
        raw=request.body,
        content_type="application/json",
        external_id=webhook.delivery_id[:128],
        headers={"topic": webhook.topic},
    )


def apply(stored: Stored) -> None:
    """Take over what a stored call says; what it cannot read the orders show as a notice."""
    orders.receive(stored.owner_id, topic=stored.headers["topic"], raw=stored.raw, by=SYSTEM)
