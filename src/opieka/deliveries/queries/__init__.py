"""Reading parcels, promises, carriers and what was noticed. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.deliveries.queries.cards import carrier_title
from opieka.deliveries.queries.connections import (
    access,
    carriers,
    connection,
    connections,
    notice_sources,
    notices,
    to_be_asked,
    webhook,
)
from opieka.deliveries.queries.explaining import explain
from opieka.deliveries.queries.files import NotReadable, file
from opieka.deliveries.queries.finding import (
    count,
    counts,
    numbered,
    of_customers,
    of_orders,
    parcel,
    parcel_ids,
    parcels,
    promises,
    search,
    strip,
    unfollowed,
)
from opieka.deliveries.queries.scoring import delays, first_attempts, scorecards
from opieka.deliveries.queries.understanding import understand

__all__ = [
    "NotReadable",
    "access",
    "carrier_title",
    "carriers",
    "connection",
    "connections",
    "count",
    "counts",
    "delays",
    "explain",
    "file",
    "first_attempts",
    "notice_sources",
    "notices",
    "numbered",
    "of_customers",
    "of_orders",
    "parcel",
    "parcel_ids",
    "parcels",
    "promises",
    "scorecards",
    "search",
    "strip",
    "to_be_asked",
    "understand",
    "unfollowed",
    "webhook",
]
