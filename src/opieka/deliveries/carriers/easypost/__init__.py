"""EasyPost trackers: an aggregator that tells changes by webhook.

Sources: docs.easypost.com, "Tracker object" (ten statuses and their details) and "Webhooks"; EasyPost's client
library for the signature: `hmac-sha256-hex=` and hex(HMAC-SHA256(NFKD(secret), body)).
"""

from __future__ import annotations

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.easypost import mapping

CARRIER = Carrier(
    name="easypost",
    title="EasyPost",
    capabilities=Capabilities(webhooks=True, aggregator=True, credentials=("webhook_secret",)),
    zone="",
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
)
