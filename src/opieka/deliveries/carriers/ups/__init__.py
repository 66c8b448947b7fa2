"""UPS by its Track API v1 (OAuth 2.0 client credentials).

Source: developer.ups.com, API "Tracking" (Tracking.yaml), with its tables "Status/Description Codes" and "Package
Exceptions". The table of status codes is mapped whole; of the several hundred exception codes those that name a
reason in the first part of their table (1 to 99 and 1A to 1W) give it. Push ("Track Alert") is not documented with a
signature and is not used.
"""

from __future__ import annotations

from opieka.deliveries.carriers import checks
from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.ups import client
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="ups",
    title="UPS",
    capabilities=Capabilities(
        polling=True,
        credentials=("client_id", "client_secret"),
        numbers=(r"1Z[0-9A-Z]{16}",),
        choices=(
            *choosable(
                (
                    ChoiceKind.SLOT,
                    ChoiceKind.ADDRESS,
                    ChoiceKind.PICKUP_POINT,
                    ChoiceKind.CANCEL,
                ),
                MOVING,
            ),
            *choosable(
                (
                    ChoiceKind.SAFE_PLACE,
                    ChoiceKind.NEIGHBOUR,
                ),
                BEFORE_THE_DOOR,
            ),
        ),
    ),
    zone="UTC",
    page="https://www.ups.com/track?tracknum={number}",
    connect=client.Track,
    check=checks.ups,
)
