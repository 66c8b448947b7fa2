"""Speedex (Greece): the SOAP service "access point".

Sources: two public clients of the service (DimitrisKostorrizos/Couriers.Speedex and a WooCommerce plug-in) for its
messages CreateSession and GetTraceByVoucher. The list of its status codes is not public, and only a few of its Greek
sentences are on record; whatever else it says is kept and shown, and means nothing. Its numbers have twelve digits,
as others' do.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.speedex import client
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="speedex",
    title="Speedex",
    capabilities=Capabilities(
        polling=True,
        credentials=("username", "password"),
        numbers=(r"\d{12}",),
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
    page="https://www.speedex.gr/speedex/NewTrackAndTrace.aspx?number={number}",
    connect=client.Speedex,
)
