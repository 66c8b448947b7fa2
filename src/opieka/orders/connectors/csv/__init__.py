"""Our own file format, as a table (CSV) and as documents (JSON). Both name the same orders."""

from __future__ import annotations

from pathlib import Path

from opieka.orders.connectors.base import Capabilities, Connector, Context, Source, batched, documents
from opieka.orders.connectors.csv import mapping


def _open_table(path: Path, context: Context) -> Source:
    found = list(mapping.tables(path.read_bytes()))
    return batched(
        found,
        lambda data, words: mapping.order(data, words, context),
        where=lambda data: f"line {data['row']}",
    )


def _open_documents(path: Path, context: Context) -> Source:
    found = documents(path.read_bytes(), "order")
    return batched(found, lambda data, words: mapping.order(mapping.document(data), words, context))


TABLE = Connector(name="csv", source="file", capabilities=Capabilities(files=True), open=_open_table)
DOCUMENTS = Connector(name="json", source="file", capabilities=Capabilities(files=True), open=_open_documents)
