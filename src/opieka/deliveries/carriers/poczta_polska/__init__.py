"""Poczta Polska and Pocztex by the post's public tracking service (SOAP), sprawdzPrzesylke.

Source: "Metody i struktury uslugi sieciowej Poczty Polskiej SA" (poczta-polska.pl/pliki/webservices), which also names
the user name and password everybody may use; codes of events with their Polish names as published in open-source
clients of that service and of its successor, the REST service USS, which shares them. Codes whose name says that a
result was corrected ("korekta") move nothing: what they correct it to comes as an event of its own.
"""

from __future__ import annotations

from opieka.deliveries.carriers import checks
from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.poczta_polska import client
from opieka.deliveries.types import ChoiceKind, choosable


def check(number: str) -> bool | None:
    """International items are S10, domestic ones GS1 numbers of 20 digits."""
    return checks.gs1(number) if len(number) == 20 else checks.s10(number)


CARRIER = Carrier(
    name="poczta_polska",
    title="Poczta Polska",
    capabilities=Capabilities(
        polling=True,
        credentials=("username", "password"),
        numbers=(r"00[0-9]5907734\d{10}", r"[A-Z]{2}\d{9}PL", r"PX\d{10}", r"\d{20}"),
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
    zone="Europe/Warsaw",
    country="PL",
    page="https://emonitoring.poczta-polska.pl/?numer={number}",
    connect=client.Tracking,
    check=check,
)
