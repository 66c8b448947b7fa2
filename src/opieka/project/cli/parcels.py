"""`opieka parcels`: parcels and reports from a warehouse's file, and those of orders nobody follows yet. Running either
again changes nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from opieka.project.cli import verb

if TYPE_CHECKING:
    from rich.console import Console

    from opieka.deliveries.carriers.base import Reading
    from opieka.deliveries.types import Taken
    from opieka.shops.types import ShopCard

BATCH = 1000
SHOWN = 20


def register(verbs: Any) -> None:
    """Add `opieka parcels`."""
    group = verbs.add_parser("parcels", help="Parcels from files and from orders.").add_subparsers(
        required=True, metavar="VERB"
    )
    added = verb(group, "import", run_import, text="Take over parcels and reports from a CSV or JSON file.")
    added.add_argument("path", type=Path, metavar="FILE", help="CSV or JSON as docs/carriers.md describes it")
    added.add_argument("--shop", help="short name; not needed when there is only one shop")
    text = "Follow the orders that were there before parcels were followed."
    added = verb(group, "follow", run_follow, text=text)
    added.add_argument("--shop", help="short name; not needed when there is only one shop")


def run_import(arguments: argparse.Namespace) -> int:
    """Import and say what came of it; 1 when something could not be read."""
    from rich.console import Console

    from opieka.deliveries.carriers import generic
    from opieka.deliveries.carriers.base import Context, Unreadable
    from opieka.project.cli.orders import chosen_shop

    console = Console()
    shop = chosen_shop(arguments.shop)
    try:
        raw = arguments.path.read_bytes()
        reading = generic.mapping.read(raw, Context(zone=ZoneInfo(shop.timezone)))
    except (Unreadable, OSError) as problem:
        console.print(f"[red]{arguments.path} cannot be read:[/] {problem}", highlight=False)
        return 1
    return _summary(console, take_over(reading, shop=shop, console=console), reading)


def take_over(reading: Reading, *, shop: ShopCard, console: Console) -> Taken:
    """Take the parcels batch by batch under a progress bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from opieka.deliveries import commands
    from opieka.deliveries.types import Taken
    from opieka.kernel.actor import SYSTEM

    columns = (TextColumn("Parcels"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    created = changed = reports = 0
    commands.keep_notices(reading.notices, shop_id=shop.id, carrier="generic")
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(reading.tracked))
        for start in range(0, len(reading.tracked), BATCH):
            some = reading.tracked[start : start + BATCH]
            taken = commands.take(some, shop_id=shop.id, told_by="generic", by=SYSTEM)
            created, changed = created + taken.created, changed + taken.changed
            reports += taken.reports
            progress.advance(task, len(some))
    return Taken(created=created, changed=changed, reports=reports)


def run_follow(arguments: argparse.Namespace) -> int:
    """Follow what nobody follows, a batch in a transaction: what is done stays done when it is broken off."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from opieka.deliveries import commands, queries
    from opieka.kernel.actor import SYSTEM
    from opieka.orders import queries as orders
    from opieka.project.cli.orders import chosen_shop

    console, shop = Console(), chosen_shop(arguments.shop)
    columns = (TextColumn("Orders"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    followed = after_id = 0
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=orders.count(shop_id=shop.id))
        while True:
            ids, after_id = queries.unfollowed(shop_id=shop.id, after_id=after_id, limit=BATCH)
            if not after_id:
                break
            commands.follow(dict.fromkeys(ids), shop_id=shop.id, by=SYSTEM)
            followed += len(ids)
            progress.advance(task, BATCH)
    console.print(f"{followed} orders are followed from now on", highlight=False)
    return 0


def _summary(console: Console, taken: Taken, reading: Reading) -> int:
    console.print(
        f"{taken.created} new, {taken.changed} changed, {taken.reports} reports, {len(reading.notices)} notices",
        highlight=False,
    )
    for notice in reading.notices[:SHOWN]:
        text = f"  {notice.kind}  {notice.where} {notice.value!r}"
        console.print(text, highlight=False, markup=False)
    if len(reading.notices) > SHOWN:
        console.print(f"  ... and {len(reading.notices) - SHOWN} more")
    return 1 if any(notice.kind == "malformed" for notice in reading.notices) else 0
