"""`opieka orders import` takes orders from files, with a progress bar and a summary; again, it changes nothing.

`opieka orders connect` connects a shop to the system it sells by, with the desk's own command.
"""

from __future__ import annotations

import argparse
import gc
import getpass
import os
import sys
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
    group = verbs.add_parser("orders", help="Orders from files, and from shop systems.").add_subparsers(
        required=True, metavar="VERB"
    )
    added = verb(group, "import", run_import, text="Take over orders from a file or folder.")
    added.add_argument(
        "path", type=Path, metavar="FILE", help="a file; for olist the folder of Parquet files"
    )
    added.add_argument("--format", required=True, choices=FORMATS)
    added.add_argument("--shop", help="short name; not needed when there is only one shop")

    joined = verb(group, "connect", run_connect, text="Connect a shop to its system, and read its orders.")
    joined.add_argument("shop", metavar="SHOP", help="short name")
    joined.add_argument("connector", metavar="SYSTEM", help="shopify or woocommerce")
    joined.add_argument(
        "--from-stdin",
        action="store_true",
        help="read the keys as lines of name=value; else from SYSTEM_NAME in the environment, else they are asked for",
    )


def run_connect(arguments: argparse.Namespace) -> int:
    """Connect, begin to read everything, and say where the system is to send its reports."""
    from django.conf import settings
    from django.urls import reverse
    from rich.console import Console

    from opieka.kernel.actor import SYSTEM
    from opieka.orders import commands, queries
    from opieka.shops import queries as shops

    shop = shops.shop_by_slug(arguments.shop)
    fields = queries.connectors().get(arguments.connector, ())
    keys = _piped() if arguments.from_stdin else _asked_for(arguments.connector, fields)
    made = commands.connect(shop.id, connector=arguments.connector, credentials=keys, by=SYSTEM)
    commands.begin_reading(made, everything=True, by=SYSTEM)
    address = settings.OPIEKA.url + reverse("inbound:orders", args=[made])
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{shop.name} is connected to {arguments.connector}. A worker reads its orders now.")
    console.print(f"Let it send its reports to {address}", markup=False)
    return 0


def _piped() -> dict[str, str]:
    """Keys from lines of name=value: never from arguments, which everybody on the machine can see."""
    pairs = (line.strip().partition("=") for line in sys.stdin if "=" in line)
    return {name.strip(): value.strip() for name, _sign, value in pairs}


def _asked_for(connector: str, fields: tuple[str, ...]) -> dict[str, str]:
    """Keys from the environment (SHOPIFY_ACCESS_TOKEN and the like), else typed unseen."""
    given = {field: os.environ.get(f"{connector}_{field}".upper(), "") for field in fields}
    if not sys.stdin.isatty():
        return given
    return {field: value or getpass.getpass(f"{field}: ") for field, value in given.items()}


def run_import(arguments: argparse.Namespace) -> int:
    """Import and say what came of it; 1 when something was refused."""
    from rich.console import Console

    from opieka.orders.connectors.base import Refused, Unreadable

    console = Console()
    shop = chosen_shop(arguments.shop)
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


def chosen_shop(slug: str | None) -> ShopCard:
    """The shop of that name; without one the only shop there is."""
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
