"""ELTA Courier (Greece): Hellenic Post's courier.

Source: the public tracking of elta-courier.gr (POST track.php), with the Greek labels that a public tracker has
recorded from it (ha-parcel-integrations/ha-elta-courier); it answers JSON without a key, and has no codes. ELTA's own
SOAP service (PELTT03) is described in a manual that is not public. A label nobody recorded is kept, shown and means
nothing.
"""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.elta import client

CARRIER = Carrier(
    name="elta",
    title="ELTA Courier",
    capabilities=Capabilities(polling=True, numbers=(r"[A-Z]{2}\d{9}GR",)),
    zone="Europe/Athens",
    country="GR",
    page="https://www.elta-courier.gr/search?br={number}",
    connect=client.Elta,
)
