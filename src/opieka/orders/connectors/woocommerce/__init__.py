"""WooCommerce: signed webhooks, back-fill, cancelling and coupons by REST v3, exported JSON files."""

from __future__ import annotations

from pathlib import Path

from opieka.orders.connectors.base import Capabilities, Connector, Context, Source, batched, documents
from opieka.orders.connectors.woocommerce import cancelling, client, discounting, mapping


def _open(path: Path, context: Context) -> Source:
    found = documents(path.read_bytes(), "order")
    return batched(found, lambda data, words: mapping.order(data, words, context))


CONNECTOR = Connector(
    name="woocommerce",
    source="woocommerce",
    capabilities=Capabilities(
        webhooks=True,
        backfill=True,
        files=True,
        signature_header="X-WC-Webhook-Signature",
        topic_header="X-WC-Webhook-Topic",
        delivery_header="X-WC-Webhook-Delivery-ID",
        credentials=("url", "consumer_key", "consumer_secret", "webhook_secret"),
    ),
    read=mapping.read,
    open=_open,
    connect=client.WooCommerce,
    canceller=cancelling.WooCommerceOrders,
    discounter=discounting.WooCommerceDiscounts,
    is_ping=mapping.is_ping,
)
