"""Packeta (Zásilkovna) by its REST/XML API, packetTracking.

Source: docs.packeta.com, "Packet tracking" and its table of status codes (1 to 31 and 999), mapped whole; codes 18 and
above as open-source clients of the API name them. A delivery by another carrier that a packet was handed
to comes back as Packeta's own status.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import AT_A_POINT, AT_THE_SENDER
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.packeta import client, points
from opieka.deliveries.types import ChoiceKind, Choosable, choosable

CARRIER = Carrier(
    name="packeta",
    title="Packeta",
    capabilities=Capabilities(
        polling=True,
        credentials=("api_password",),
        optional_credentials=("api_key",),
        numbers=(r"Z\d{10}", r"\d{10}"),
        choices=(
            Choosable(kind=ChoiceKind.HOLD, stages=AT_A_POINT, asked=True, days=10),
            *choosable((ChoiceKind.PICKUP_POINT,), AT_THE_SENDER),
            Choosable(kind=ChoiceKind.CANCEL, stages=AT_THE_SENDER, asked=True),
        ),
    ),
    zone="Europe/Prague",
    page="https://tracking.packeta.com/en/{number}",
    connect=client.Rest,
    arrange=client.Rest,
    list_points=points.fetch,
    points_key="api_key",
)
