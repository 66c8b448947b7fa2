"""`opieka orders import`: orders from files, with a progress bar and a summary. Running it again changes nothing."""

from __future__ import annotations

import argparse
import gc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from opieka.project.cli import verb

if TYPE_CHECKING:
    from rich.console import Console

    from opieka.catalogue.types import Applied
    from opieka.orders.connectors.base import Context, Reading, Source
    from opieka.orders.types import Notice
    from opieka.shops.types import ShopCard

FORMATS = ("csv", "json", "olist", "shopify", "woocommerce")
SHOWN = 20


def register(verbs: Any) -> None:
    """Add `opieka orders`."""
    group = verbs.add_parser("orders", help="Orders from files.").add_subparsers(
        required=True, metavar="VERB"
    )
    added = verb(group, "import", run_import, text="Take over orders from a file or folder.")
    added.add_argument(
        "path", type=Path, metavar="FILE", help="a file; for olist the folder of Parquet files"
    )
    added.add_argument("--format", required=True, choices=FORMATS)
    added.add_argument("--shop", help="short name; not needed when there is only one shop")


def run_import(arguments: argparse.Namespace) -> int:
    """Import and say what came of it; 1 when something was refused."""
    from rich.console import Console

    from opieka.orders.connectors.base import Refused, Unreadable

    console = Console()
    shop = _shop(arguments.shop)
    try:
        source = open_source(arguments.path, name=arguments.format, shop=shop)
        applied, notices = take_over(source, name=arguments.format, shop=shop, console=console)
    except (Refused, Unreadable, OSError) as problem:
        console.print(f"[red]{arguments.path} cannot be read:[/] {problem}", highlight=False)
        return 1
    return _summary(console, applied, notices)


def open_source(path: Path, *, name: str, shop: ShopCard) -> Source:
    """The orders in a file; as old as the file where they do not tell themselves."""
    from opieka.orders.connectors import CONNECTORS
    from opieka.orders.connectors.base import Context, Refused

    opener = CONNECTORS[name].open
    if opener is None:
        raise Refused("no_files", name)
    as_of = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    context: Context = Context(zone=ZoneInfo(shop.timezone), currency=shop.currency, as_of=as_of)
    return opener(path, context)


def take_over(source: Source, *, name: str, shop: ShopCard, console: Console) -> tuple[Applied, list[Notice]]:
    """Apply batch by batch under a progress bar; what was done, and what a person should look at."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from opieka.catalogue import commands as catalogue
    from opieka.catalogue.types import Applied
    from opieka.kernel.actor import SYSTEM
    from opieka.orders import commands
    from opieka.orders.connectors import CONNECTORS
    from opieka.orders.types import NoticeKind

    total = Applied()
    notices: list[Notice] = []
    ids = CONNECTORS[name].source
    columns = (TextColumn("Orders"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    gc.freeze()  # the files' content stays to the end: looking through it at every collection costs a fifth
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=source.total)
        for reading in _ahead(source.readings):
            catalogue.apply_products(reading.products, shop_id=shop.id, source=ids, by=SYSTEM)
            total += commands.apply_orders(reading.orders, shop_id=shop.id, source=ids, by=SYSTEM)
            notices += reading.notices
            refused = sum(notice.kind is NoticeKind.REFUSED for notice in reading.notices)
            progress.advance(task, len(reading.orders) + refused)
    return total, notices


def _ahead(readings: Iterator[Reading]) -> Iterator[Reading]:
    """The same readings, the next one mapped while the database is at work on this one."""
    with ThreadPoolExecutor(1) as mapping:
        coming = mapping.submit(next, readings, None)
        while (reading := coming.result()) is not None:
            coming = mapping.submit(next, readings, None)
            yield reading


def _shop(slug: str | None) -> ShopCard:
    from opieka.kernel.errors import NotFound
    from opieka.shops import queries as shops

    if slug:
        return shops.shop_by_slug(slug)
    found = shops.shops()
    if len(found) != 1:
        raise NotFound
    return found[0]


def _summary(console: Console, applied: Applied, notices: list[Notice]) -> int:
    from opieka.orders.types import NoticeKind

    refused = [notice for notice in notices if notice.kind is NoticeKind.REFUSED]
    words = Counter((n.where, n.value) for n in notices if n.kind is NoticeKind.UNKNOWN_WORD)
    console.print(
        f"{applied.new} new, {applied.updated} updated, {applied.unchanged} unchanged, {len(refused)} refused",
        highlight=False,
    )
    for notice in refused[:SHOWN]:
        found = f": {notice.value!r}" if notice.value else " is missing"
        console.print(f"  refused  {notice.where}{found}", highlight=False, markup=False)
    if len(refused) > SHOWN:
        console.print(f"  ... and {len(refused) - SHOWN} more")
    for (where, value), times in words.most_common(SHOWN):
        console.print(f"  unknown  {where} {value!r}, {times} times", highlight=False, markup=False)
    return 1 if refused else 0
