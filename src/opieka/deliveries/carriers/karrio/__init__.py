"""Carriers we have no mapping of, through the connectors of Karrio: an extra, `pip install 'opieka[karrio]'`.

Source: github.com/karrioapi/karrio (SDK LGPL-3.0, connectors Apache-2.0), `karrio.core.units` for its 12 statuses
and 35 incident reasons. Nothing of it is part of Opieka: the extra and the package of a connector (`karrio-usps`,
`karrio-canadapost`, ...) are installed by who wants them, and imported when a shop asks. The requests are Karrio's
own.

Its statuses are not all believed. A carrier's own code that we know means what our table says; what a connector maps
wrongly means nothing; and the status of the whole parcel is not read, because it is "in transit" where nothing
matched.
"""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.karrio import client

CARRIER = Carrier(
    name="karrio",
    title="Karrio",
    capabilities=Capabilities(
        polling=True,
        batch=10,
        aggregator=True,
        credentials=("connector", "settings"),
        optional_credentials=("zone",),
    ),
    zone="",
    connect=client.Karrio,
)
