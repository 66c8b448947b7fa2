"""The warehouse, or a carrier of the shop's own: our own words as a CSV table or JSON, by file, API or webhook.

The format is ours and described in docs/carriers.md. A webhook is signed with `x-opieka-signature: sha256=` and
hex(HMAC-SHA256(secret, raw body)); `x-opieka-delivery` is the sender's own number for it.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from opieka.deliveries.carriers.base import Capabilities, Carrier
from opieka.deliveries.carriers.generic import mapping

CARRIER = Carrier(
    name="generic",
    title=gettext_noop("Own delivery or warehouse"),
    capabilities=Capabilities(webhooks=True, files=True, aggregator=True, credentials=("webhook_secret",)),
    zone="",
    read=mapping.read,
    genuine=mapping.genuine,
    delivery_id=mapping.delivery_id,
)
