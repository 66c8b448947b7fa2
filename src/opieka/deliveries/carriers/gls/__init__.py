"""GLS by the group's Track and Trace API v1 (OAuth 2.0 client credentials).

Source: dev-portal.gls-group.net, "Track And Trace V1" 1.0.7 (OpenAPI): its twelve parcel statuses, mapped whole, and
the event codes that its examples and public recordings show. GLS tells the full list of event codes only to accounts
(/tracking/events/codes); an event we do not know is noted, and the parcel's own status decides.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.gls import client, points
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="gls",
    title="GLS",
    capabilities=Capabilities(
        polling=True,
        batch=10,
        credentials=("client_id", "client_secret"),
        numbers=(r"\d{11}", r"\d{12}", r"[A-Z0-9]{8}"),
        choices=(
            *choosable(
                (
                    ChoiceKind.SLOT,
                    ChoiceKind.ADDRESS,
                    ChoiceKind.PICKUP_POINT,
                    ChoiceKind.HOLD,
                ),
                MOVING,
            ),
            *choosable(
                (
                    ChoiceKind.NEIGHBOUR,
                    ChoiceKind.SAFE_PLACE,
                ),
                BEFORE_THE_DOOR,
            ),
        ),
    ),
    zone="Europe/Berlin",
    page="https://gls-group.com/GROUP/en/parcel-tracking?match={number}",
    connect=client.TrackAndTrace,
    list_points=points.fetch,
)
