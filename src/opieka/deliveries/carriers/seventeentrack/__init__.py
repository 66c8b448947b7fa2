"""17TRACK: an aggregator of some 3,500 carriers that tells changes by webhook (API 2.2 to 2.4).

Sources: api.17track.net/doc ("Main status", "Sub status", "WebHook"), and independent public programs that list the
same 9 statuses and 30 sub-statuses. The header `sign` is hex(SHA-256(raw body + "/" + key)), a plain hash: no HMAC, no
time. Carriers are numbers there; the provider's name beside the events tells which one it is.
"""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.seventeentrack import mapping

CARRIER = Carrier(
    name="seventeentrack",
    title="17TRACK",
    capabilities=Capabilities(webhooks=True, aggregator=True, credentials=("api_key",)),
    zone="",
    read=mapping.read,
    genuine=mapping.genuine,
)
