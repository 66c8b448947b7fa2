"""ELTA Courier (Greece): Hellenic Post's courier.

Source: the public tracking of elta-courier.gr (POST track.php), with the Greek labels that a public tracker has
recorded from it (ha-parcel-integrations/ha-elta-courier); it answers JSON without a key, and has no codes. ELTA's own
SOAP service (PELTT03) is described in a manual that is not public. A label nobody recorded is kept, shown and means
nothing.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.elta import client
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="elta",
    title="ELTA Courier",
    capabilities=Capabilities(
        polling=True,
        numbers=(r"[A-Z]{2}\d{9}GR",),
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
    page="https://www.elta-courier.gr/search?br={number}",
    connect=client.Elta,
)
