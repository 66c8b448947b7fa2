"""DPD Polska by the SOAP interface DPD InfoServices, getEventsForWaybillV1.

Source: "DPDInfoServices" of DPD Polska (WSDL at dpdinfoservices.dpd.com.pl) and its business codes with their meanings
as published in Shwrm's tracking library. About codes of pickup points the published meanings do not say on whose side
the parcel is: those count as waiting there, never as delivered, but for 701901 ("delivered by the pickup point").

The group's ParcelLifeCycle service tells six statuses with dates as localised text of no documented form; it is not
used. Parcels of other DPD companies come by an aggregator.
"""

from __future__ import annotations

from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.dpd import client, points
from opieka.deliveries.types import ChoiceKind, choosable

CARRIER = Carrier(
    name="dpd",
    title="DPD",
    capabilities=Capabilities(
        polling=True,
        credentials=("login", "password"),
        optional_credentials=("channel", "pickup_key"),
        numbers=(r"\d{13}[A-Z]", r"\d{14}", r"\d{14}[0-9A-Z]"),
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
                    ChoiceKind.INSTRUCTIONS,
                ),
                BEFORE_THE_DOOR,
            ),
        ),
    ),
    zone="Europe/Warsaw",
    country="PL",
    page="https://tracktrace.dpd.com.pl/parcelDetails?typ=1&p1={number}",
    connect=client.InfoServices,
    list_points=points.fetch,
    points_key="pickup_key",
)
