"""`opieka points import`: a carrier's points and lockers from a file. The file is the whole list: others are gone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from opieka.project.cli import verb

SHOWN = 20


def register(verbs: Any) -> None:
    """Add `opieka points`."""
    group = verbs.add_parser("points", help="Pickup points from files.").add_subparsers(
        required=True, metavar="VERB"
    )
    added = verb(
        group, "import", run_import, text="Take over all points and lockers of a carrier from CSV or JSON."
    )
    added.add_argument("path", type=Path, metavar="FILE", help="CSV or JSON as docs/carriers.md describes it")
    added.add_argument("--carrier", required=True, help="whose they are, e.g. inpost")
    added.add_argument("--shop", help="short name; not needed when there is only one shop")


def run_import(arguments: argparse.Namespace) -> int:
    """Import and say what came of it; 1 when something could not be read."""
    from rich.console import Console

    from opieka.deliveries import commands
    from opieka.deliveries.carriers import CARRIERS, points
    from opieka.deliveries.carriers.base import Unreadable
    from opieka.kernel.actor import SYSTEM
    from opieka.project.cli.orders import chosen_shop

    console = Console()
    shop = chosen_shop(arguments.shop)
    if arguments.carrier not in CARRIERS:
        raise commands.UnknownCarrier(carrier=arguments.carrier)
    try:
        found, notices = points.read(arguments.path.read_bytes())
    except (Unreadable, OSError) as problem:
        console.print(f"[red]{arguments.path} cannot be read:[/] {problem}", highlight=False)
        return 1
    kept, gone = commands.keep_points(shop.id, carrier=arguments.carrier, points=found, by=SYSTEM)
    console.print(f"{kept} points, {gone} gone, {len(notices)} unreadable", highlight=False)
    for notice in notices[:SHOWN]:
        console.print(f"  {notice.where} {notice.value!r}", highlight=False, markup=False)
    return 1 if notices or not kept else 0
