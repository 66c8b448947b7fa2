"""Reads the folder of Parquet files. Only the orders must be there; what else is missing makes predictions poorer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opieka.deliveries.connectors.olist import mapping
from opieka.deliveries.connectors.olist.mapping import Orders, Refused

COLUMNS = {
    "items": ("order_id", "order_item_id", "product_id", "seller_id"),
    "customers": ("customer_id", "customer_state", "customer_zip_code_prefix"),
    "sellers": ("seller_id", "seller_state", "seller_zip_code_prefix"),
    "products": ("product_id", "product_weight_g"),
    "zip_centroids": ("zip_code_prefix", "lat", "lng"),
}


def read(folder: Path) -> Orders:
    """The orders of a folder; `Refused` with a sentence when they cannot be read."""
    orders = _table(folder, "orders", None)
    if orders is None:
        raise Refused(f"there is no orders.parquet in {folder}")
    missing = [name for name in mapping.NEEDED if name not in orders.column_names]
    if missing:
        raise Refused(f"orders.parquet lacks {', '.join(missing)}")
    others = {name: _rows(folder, name, wanted) for name, wanted in COLUMNS.items()}
    return mapping.orders(
        times={name: _times(orders, name) for name in mapping.TIMES},
        names={name: _texts(orders, name) for name in ("order_id", "customer_id", "order_status")},
        others=others,
    )


def _rows(folder: Path, name: str, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    table = _table(folder, name, wanted)
    if table is None:
        return []
    empty = dict.fromkeys(wanted)
    return [{**empty, **row} for row in table.to_pylist()]


def _table(folder: Path, name: str, wanted: tuple[str, ...] | None) -> Any:
    """The wanted columns that are there; None when the file is not."""
    try:
        from pyarrow import lib, parquet
    except ImportError:
        raise Refused("reading Parquet files needs pyarrow: pip install opieka[olist]") from None
    path = folder / f"{name}.parquet"
    if not path.is_file():
        return None
    try:
        there = parquet.read_schema(path).names
        return parquet.read_table(path, columns=[c for c in wanted if c in there] if wanted else None)
    except (lib.ArrowException, OSError) as problem:
        raise Refused(f"{path.name} cannot be read: {problem}") from problem


def _times(table: Any, name: str) -> Any:
    """Microseconds since 1970 on the wall clock, NaN where there is none."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute

    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    column = table[name].combine_chunks()
    try:
        if getattr(column.type, "tz", None):
            column = compute.local_timestamp(column)
        counted = compute.cast(compute.cast(column, pa.timestamp("us")), pa.int64())
    except pa.lib.ArrowException as problem:
        raise Refused(f"orders.parquet: {name} does not hold times: {problem}") from problem
    return compute.fill_null(compute.cast(counted, pa.float64(), safe=False), np.nan).to_numpy(
        zero_copy_only=False
    )


def _texts(table: Any, name: str) -> list[str]:
    if name not in table.column_names:
        return [""] * int(table.num_rows)
    return ["" if value is None else str(value) for value in table[name].to_pylist()]
