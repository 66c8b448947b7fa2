"""How fast orders are taken over: `python bench/order_import.py [FOLDER]`; default: the Olist data beside us.

A fresh embedded PostgreSQL with its usual settings. The whole folder (orders, lines, payments, shipments, products,
people, touchpoints) is imported, then imported again, then some orders change one by one as webhooks bring them.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from opieka.orders.types import OrderSnapshot

WEBHOOKS = 300


def main() -> None:
    beside = Path(os.environ.get("OPIEKA_SHARED") or Path(__file__).parents[2] / "shared") / "data" / "olist"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"OPIEKA_DATA": data, "OPIEKA_DATABASE_URL": ""}
        from opieka.project import boot
        from opieka.project.database import stop_embedded

        boot.ready()
        from opieka.project import upgrade

        upgrade.ensure()
        try:
            measure(folder)
        finally:
            stop_embedded(Path(data))


def measure(folder: Path) -> None:
    """Print one line per step."""
    from rich.console import Console

    from opieka.kernel.actor import SYSTEM
    from opieka.project.cli.orders import open_source, take_over
    from opieka.shops import commands as shops
    from opieka.shops import queries

    details = shops.ShopDetails("olist", "Olist", "BR", "BRL", "America/Sao_Paulo", ("en",))
    shop = queries.shop(shops.open_shop(details, by=SYSTEM))
    quiet = Console(quiet=True)

    def whole_folder() -> int:
        source = open_source(folder, name="olist", shop=shop)
        take_over(source, name="olist", shop=shop, console=quiet)
        return source.total

    print(f"{'':<26}{'orders':>8}{'seconds':>9}{'orders/s':>10}{'own CPU s':>11}")
    timed("first import", whole_folder)
    timed("again, nothing changes", whole_folder)
    rows()
    reading = next(r for r in open_source(folder, name="olist", shop=shop).readings if r.orders)
    one_by_one([order for order in reading.orders if isinstance(order, OrderSnapshot)][:WEBHOOKS], shop.id)


def one_by_one(orders: list[OrderSnapshot], shop_id: int) -> None:
    """Change each order as a webhook would."""
    from opieka.kernel.actor import SYSTEM
    from opieka.orders import commands

    took = []
    for order in orders:
        newer = replace(order, updated_at=order.updated_at + timedelta(days=900), note="changed")
        begin = time.perf_counter()
        commands.apply_orders([newer], shop_id=shop_id, source="olist", by=SYSTEM)
        took.append(1000 * (time.perf_counter() - begin))
    p95 = sorted(took)[int(0.95 * (len(took) - 1))]
    print(f"one changed order at a time: median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms")


def timed(name: str, step: Callable[[], int]) -> None:
    begin, own = time.perf_counter(), time.process_time()
    count = step()
    seconds, own = time.perf_counter() - begin, time.process_time() - own
    print(f"{name:<26}{count:>8}{seconds:>9.1f}{count / seconds:>10.0f}{own:>11.1f}", flush=True)


def rows() -> None:
    """How many rows there are now."""
    from django.apps import apps

    names = {
        "orders": ["order", "orderline", "payment", "shipment"],
        "catalogue": ["product", "variant"],
        "customers": ["customer", "contact"],
        "timeline": ["touchpoint"],
    }
    counted = [
        f"{apps.get_model(label, name)._default_manager.count()} {name}s"
        for label, models in names.items()
        for name in models
    ]
    print("rows: " + ", ".join(counted))


if __name__ == "__main__":
    main()
