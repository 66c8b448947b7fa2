"""Every source of orders, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.orders.connectors import csv, memory, olist, shopify, woocommerce
from opieka.orders.connectors.base import Connector

CONNECTORS: Mapping[str, Connector] = {
    connector.name: connector
    for connector in (
        shopify.CONNECTOR,
        woocommerce.CONNECTOR,
        csv.TABLE,
        csv.DOCUMENTS,
        olist.CONNECTOR,
        memory.CONNECTOR,
    )
}
