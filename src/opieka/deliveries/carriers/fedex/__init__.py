"""FedEx by its Track API v1 (OAuth 2.0 client credentials).

Source: developer.fedex.com, API "Track" (track.json) and its "Tracking Status Codes", mapped whole. The
reasons of exceptions are FedEx's own English words, those of its documentation and of its test numbers.
"""

from __future__ import annotations

from opieka.deliveries.carriers import checks
from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.fedex import client
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="fedex",
    title="FedEx",
    capabilities=Capabilities(
        polling=True,
        batch=30,
        credentials=("client_id", "client_secret"),
        numbers=(r"96\d{20}", r"\d{12}", r"\d{15}", r"\d{20}"),
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
            *choosable((ChoiceKind.INSTRUCTIONS,), BEFORE_THE_DOOR),
        ),
    ),
    zone="UTC",
    page="https://www.fedex.com/fedextrack/?trknbr={number}",
    connect=client.Track,
    check=checks.mod11_131,
)
