"""Shopify: signed webhooks, back-fill by the REST Admin API, exported JSON files; changes by GraphQL."""

from __future__ import annotations

from pathlib import Path

from opieka.orders.connectors.base import Capabilities, Connector, Context, Source, batched, documents
from opieka.orders.connectors.shopify import cancelling, client, discounting, mapping, webhooks


def _open(path: Path, context: Context) -> Source:
    return batched(documents(path.read_bytes(), "order"), mapping.order)


CONNECTOR = Connector(
    name="shopify",
    source="shopify",
    capabilities=Capabilities(
        webhooks=True,
        backfill=True,
        files=True,
        signature_header="X-Shopify-Hmac-Sha256",
        topic_header="X-Shopify-Topic",
        delivery_header="X-Shopify-Webhook-Id",
        credentials=("domain", "access_token", "webhook_secret"),
    ),
    read=webhooks.read,
    open=_open,
    connect=client.Shopify,
    canceller=cancelling.ShopifyOrders,
    discounter=discounting.ShopifyDiscounts,
)
