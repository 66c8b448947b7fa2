"""ACS Courier (Greece, Cyprus).

Source: ACS's REST services manual (ACSAutoRest: ACS_Trackingsummary and ACS_TrackingDetails), which is public in
Greek: 14 reasons why a parcel was not delivered, and the labels of its examples; two English labels come from a
public plug-in. There are no codes for checkpoints and no webhooks. Labels the manual does not show are kept, shown
and mean nothing.
"""

from __future__ import annotations

from opieka.deliveries.carriers.acs import client
from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="acs",
    title="ACS Courier",
    capabilities=Capabilities(
        polling=True,
        credentials=("api_key", "company_id", "company_password", "user_id", "user_password"),
        numbers=(r"\d{10}",),
        choices=(
            *choosable(
                (
                    ChoiceKind.SLOT,
                    ChoiceKind.ADDRESS,
                    ChoiceKind.PICKUP_POINT,
                ),
                MOVING,
            ),
            *choosable((ChoiceKind.INSTRUCTIONS,), BEFORE_THE_DOOR),
        ),
    ),
    zone="Europe/Athens",
    country="GR",
    page="https://www.acscourier.net/el/track-and-trace/?generalCode={number}",
    connect=client.Acs,
)
