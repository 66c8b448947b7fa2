"""Nova Poshta (Ukraine), API 2.0.

Source: developers.novaposhta.ua, TrackingDocument/getStatusDocuments with its table of current status codes; codes
14, 107 and 108 left that table but still come. The answer holds the present status only, so the history is what was
seen while asking. With the phone number of the sender or the recipient it holds more (the reason of a failure, dates
of storage). A parcel that goes back to the sender travels under a new number.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import AT_A_POINT, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.nova_poshta import client, points
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="nova_poshta",
    title="Nova Poshta",
    capabilities=Capabilities(
        polling=True,
        batch=100,
        credentials=("api_key",),
        optional_credentials=("phone",),
        numbers=(r"(20|59)\d{12}",),
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
            *choosable((ChoiceKind.HOLD,), AT_A_POINT),
        ),
    ),
    zone="Europe/Kyiv",
    country="UA",
    page="https://novaposhta.ua/tracking/?cargo_number={number}",
    connect=client.NovaPoshta,
    list_points=points.fetch,
)
