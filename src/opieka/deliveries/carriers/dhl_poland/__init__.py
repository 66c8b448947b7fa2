"""DHL Parcel Polska (now DHL eCommerce Poland) by the SOAP interface DHL24 WebAPI2, getTrackAndTraceInfo.

Source: dhl24.com.pl/webapi2/doc, "getTrackAndTraceInfo", and its list of statuses with their Polish descriptions as
published in sylapi/courier-dhl (MIT). Payload shapes after the WSDL: public recordings hold placeholders only.
"""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.dhl_poland import client

CARRIER = Carrier(
    name="dhl_poland",
    title="DHL Parcel Polska",
    capabilities=Capabilities(
        polling=True, credentials=("username", "password"), numbers=(r"\d{11}", r"JJD\d{16,18}")
    ),
    zone="Europe/Warsaw",
    country="PL",
    page="https://www.dhl.com/pl-pl/home/tracking/tracking-parcel.html?submit=1&tracking-id={number}",
    connect=client.WebApi,
)
