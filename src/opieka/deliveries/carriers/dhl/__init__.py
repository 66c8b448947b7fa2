"""DHL by its unified Shipment Tracking API (Express, Paket, eCommerce, Parcel) and, in Poland, by DHL24.

Source: developer.dhl.com, "Shipment Tracking - Unified" (dpdhl_tracking-unified-api 1.x). It tells five status codes
only, mapped whole; what a code leaves open (on the van, waiting, on the way back) is read from DHL's own English
sentences (dhl.de's tracking page and public recordings of it), and only as far as the code allows. The account may ask
250 times a day until DHL grants more. Push is by agreement only and is not used.

DHL Parcel Polska tells more by its SOAP interface DHL24 WebAPI2, getTrackAndTraceInfo, which is asked about numbers of
eleven digits when the shop has filled in an account. Source: dhl24.com.pl/webapi2/doc, and its list of statuses with
their Polish descriptions as published in sylapi/courier-dhl (MIT), mapped whole. Payload shapes after the WSDL: public
recordings hold placeholders only.
"""

from __future__ import annotations

from opieka.deliveries.carriers import checks
from opieka.deliveries.carriers.arranging import BEFORE_THE_DOOR, MOVING
from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.dhl import client
from opieka.deliveries.types import ChoiceKind, choosable


def check(number: str) -> bool | None:
    """Express has 10 digits, Paket 20 that begin with 00; Polish numbers have none."""
    if len(number) == 20 and number.startswith("00"):
        return checks.gs1(number)
    return checks.mod7(number) if len(number) == 10 else checks.s10(number)


CARRIER = Carrier(
    name="dhl",
    title="DHL",
    capabilities=Capabilities(
        polling=True,
        credentials=("api_key",),
        optional_credentials=("webapi_username", "webapi_password"),
        numbers=(
            r"0034043\d{13}",
            r"JJ?D\d{16,18}",
            r"JVGL\d{10,20}",
            r"[A-Z]{2}\d{9}DE",
            r"GM\d{10,22}",
            r"\d{10}",
            r"\d{11}",
            r"\d{12}",
        ),
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
    page="https://www.dhl.com/global-en/home/tracking/tracking-parcel.html?submit=1&tracking-id={number}",
    connect=client.Tracking,
    check=check,
)
