"""Reads the folder of Parquet files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from opieka.orders.connectors.base import (
    BATCH,
    Context,
    Json,
    Reading,
    Refused,
    Source,
    gather,
)
from opieka.orders.connectors.olist import mapping

NEEDED = ("orders", "customers", "items", "payments", "products")


def open_folder(path: Path, context: Context) -> Source:
    """The folder's orders in batches, after its products; `Refused` when files or pyarrow are missing."""
    missing = [name for name in NEEDED if not (path / f"{name}.parquet").is_file()]
    if missing:
        raise Refused("files_missing", ", ".join(f"{name}.parquet" for name in missing))
    orders = _table(path, "orders")
    tables = _tables(path)
    return Source(total=orders.num_rows, readings=_readings(orders, tables))


def _readings(orders: Any, tables: mapping.Tables) -> Iterator[Reading]:
    products = _products(tables)
    while batch := tuple(islice(products, BATCH)):
        yield Reading(products=batch)
    first = 1
    for chunk in orders.to_batches(max_chunksize=BATCH):
        rows = chunk.to_pylist()
        yield gather(rows, lambda row, words: mapping.order(row, words, tables), first=first)
        first += len(rows)


def _products(tables: mapping.Tables) -> Iterator[Any]:
    """Each product that was ever ordered, at its last price."""
    latest: dict[str, Json] = {}
    for rows in tables.items.values():
        for row in rows:
            known = latest.get(row["product_id"])
            if known is None or known["shipping_limit_date"] < row["shipping_limit_date"]:
                latest[row["product_id"]] = row
    for product_id, row in latest.items():
        as_of = mapping.moment(row["shipping_limit_date"])
        category = tables.categories.get(product_id, "")
        if as_of:
            price = mapping.cents(row["price"])
            yield mapping.product(product_id, category=category, price=price, as_of=as_of)


def _tables(path: Path) -> mapping.Tables:
    categories = _table(path, "products", ["product_id", "product_category_name"])
    return mapping.Tables(
        customers={row["customer_id"]: row for row in _table(path, "customers").to_pylist()},
        items=_by_order(path, "items"),
        payments=_by_order(path, "payments"),
        categories={row["product_id"]: row["product_category_name"] or "" for row in categories.to_pylist()},
    )


def _by_order(path: Path, name: str) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    for row in _table(path, name).to_pylist():
        found[row["order_id"]].append(row)
    return found


def _table(path: Path, name: str, columns: list[str] | None = None) -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise Refused("needs_pyarrow", "pip install opieka[olist]") from None
    return parquet.read_table(path / f"{name}.parquet", columns=columns)
