"""The public Olist data set: a folder of Parquet files with real orders, to measure and try things out."""

from __future__ import annotations

from opieka.orders.connectors.base import Capabilities, Connector
from opieka.orders.connectors.olist import client

CONNECTOR = Connector(
    name="olist", source="olist", capabilities=Capabilities(files=True), open=client.open_folder
)
