"""Reading parcels, promises, carriers and what was noticed. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.deliveries.queries.cards import carrier_title
from opieka.deliveries.queries.choosing import (
    arrivals,
    arrivals_told_by,
    choice,
    choices,
    choices_due,
    collect_codes,
    files_in_use,
    made_by,
    offers,
    offers_of,
    to_be_arranged,
)
from opieka.deliveries.queries.connections import (
    access,
    carriers,
    connection,
    connections,
    keys_of,
    listing_points,
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
from opieka.deliveries.queries.pages import Opened, opened, page_address, page_key, page_of
from opieka.deliveries.queries.points import points, points_named, points_near, points_of
from opieka.deliveries.queries.scoring import delays, first_attempts, scorecards
from opieka.deliveries.queries.understanding import is_thanks, understand
from opieka.deliveries.queries.waiting import waiting, waiting_of

__all__ = [
    "NotReadable",
    "Opened",
    "access",
    "arrivals",
    "arrivals_told_by",
    "carrier_title",
    "carriers",
    "choice",
    "choices",
    "choices_due",
    "collect_codes",
    "connection",
    "connections",
    "count",
    "counts",
    "delays",
    "explain",
    "file",
    "files_in_use",
    "first_attempts",
    "is_thanks",
    "keys_of",
    "listing_points",
    "made_by",
    "notice_sources",
    "notices",
    "numbered",
    "of_customers",
    "of_orders",
    "offers",
    "offers_of",
    "opened",
    "page_address",
    "page_key",
    "page_of",
    "parcel",
    "parcel_ids",
    "parcels",
    "points",
    "points_named",
    "points_near",
    "points_of",
    "promises",
    "scorecards",
    "search",
    "strip",
    "to_be_arranged",
    "to_be_asked",
    "understand",
    "unfollowed",
    "waiting",
    "waiting_of",
    "webhook",
]
