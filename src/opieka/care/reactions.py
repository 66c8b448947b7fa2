"""What care does when something has been announced."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.care import commands
from opieka.care.types import NoticeKind
from opieka.deliveries.facts import (
    ParcelAttemptFailed,
    ParcelDelivered,
    ParcelFact,
    ParcelOutForDelivery,
    ParcelReadyForCollection,
    ParcelShipped,
)
from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry

NOTICES: Mapping[type[ParcelFact], NoticeKind] = {
    ParcelShipped: NoticeKind.ACCEPTED,
    ParcelOutForDelivery: NoticeKind.OUT_FOR_DELIVERY,
    ParcelReadyForCollection: NoticeKind.READY,
    ParcelAttemptFailed: NoticeKind.ATTEMPTED,
    ParcelDelivered: NoticeKind.DELIVERED,
}


@react_to(*NOTICES)
def tell_the_customer(entry: Entry) -> None:
    """Where her parcel is, if the shop tells such things."""
    fact = entry.fact
    if isinstance(fact, ParcelFact):
        kind = NOTICES[type(fact)]
        attempt = getattr(fact, "attempt", 1)
        commands.notify(
            fact.parcel_id,
            kind=kind,
            happened_at=entry.at,
            key=f"care:{kind}:{fact.parcel_id}:{attempt}",
            shop_id=entry.shop_id,
            by=SYSTEM,
        )
