"""AfterShip Tracking: an aggregator of some 1,200 carriers that tells changes by webhook.

Sources: aftership.com/docs/tracking, "Delivery statuses", "Delivery sub-statuses" (2025-04 and
2026-07: Exception_016 to _018 since March 2026), "Webhook overview"; support.aftership.com, "Learn about delivery
sub-statuses". The signature is base64(HMAC-SHA256(secret, raw body)); no time is signed, so a repeated delivery is told
by its `event_id`.
"""

from __future__ import annotations

from opieka.deliveries.carriers.aftership import mapping
from opieka.deliveries.carriers.base import Capabilities, Carrier

CARRIER = Carrier(
    name="aftership",
    title="AfterShip",
    capabilities=Capabilities(webhooks=True, aggregator=True, credentials=("webhook_secret",)),
    zone="",
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
)
