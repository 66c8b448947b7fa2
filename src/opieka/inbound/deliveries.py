"""Webhooks of carriers: kept when they are genuine, handed to the deliveries later."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from opieka.deliveries import commands as deliveries
from opieka.deliveries.carriers.base import Delivered
from opieka.deliveries.types import Webhook
from opieka.inbound.types import NewPayload, Source, Stored
from opieka.kernel.actor import SYSTEM


def call(request: HttpRequest) -> Delivered:
    """A call as it came."""
    return Delivered(
        raw=request.body,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        remote=request.META.get("REMOTE_ADDR", ""),
    )


def payload(request: HttpRequest, connection_id: int, webhook: Webhook) -> NewPayload:
    """A genuine call, to be stored."""
    return NewPayload(
        shop_id=webhook.shop_id,
        source=Source.TRACKING,
        owner_id=connection_id,
        raw=request.body,
        content_type="application/json",
        external_id=webhook.delivery_id[:128],
    )


def apply(batch: Sequence[Stored]) -> None:
    """Take over what stored calls of one connection say; what cannot be read the deliveries show as a notice."""
    deliveries.receive(batch[0].owner_id, raws=[stored.raw for stored in batch], by=SYSTEM)
