"""`opieka demo`: a shop to look at, and a real shop's past played again."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opieka.project.cli import Needs, verb

if TYPE_CHECKING:
    from rich.console import Console

FOLDER = "replay"
"""Where in the data folder a replay lives: its shop's clock is years behind that of the living ones."""


def register(verbs: Any) -> None:
    """Add `opieka demo`."""
    added = verb(
        verbs,
        "demo",
        demo,
        text="Fill in the demo shops with their people, orders and mails; or play a real shop's past again.",
        needs=Needs.NOTHING,
    )
    added.add_argument(
        "--replay",
        type=Path,
        metavar="FOLDER",
        help="play the orders of this folder (Olist's layout) as if live, in a database of its own",
    )
    added.add_argument(
        "--speed", type=float, default=0, metavar="N", help="seconds of the shop in one of ours; 0: at once"
    )


def demo(arguments: argparse.Namespace) -> int:
    """Load the demo unless it is here, and say who may log in."""
    from rich.console import Console

    from opieka.project import boot

    console = Console()
    if arguments.replay is not None:
        return replay(arguments.replay, speed=arguments.speed, console=console)
    boot.ready()
    from opieka.project import upgrade
    from opieka.project.demo import load

    upgrade.ensure()
    loaded = load.fill(console)
    console.print("The demo is loaded." if loaded else "The demo is here already.")
    console.print(f"Log in as [bold]{load.LOGIN}[/] with the password [bold]{load.PASSWORD}[/].")
    return 0


def replay(folder: Path, *, speed: float, console: Console) -> int:
    """Play a folder's orders in a database of its own, which stays to be looked at; 1 when it cannot be read."""
    from opieka.project import boot, config, database

    data = config.load().data / FOLDER
    if not database.discard(data):
        console.print(f"[red]{data} is in use.[/] End what runs there first.")
        return 1
    os.environ |= {"OPIEKA_DATA": str(data), "OPIEKA_DATABASE_URL": ""}
    boot.ready()
    from opieka.orders.connectors.base import Refused, Unreadable
    from opieka.project import upgrade
    from opieka.project.replay import show

    upgrade.run()
    try:
        show.run(folder, speed=speed, console=console)
    except (Refused, Unreadable, OSError) as problem:
        console.print(f"[red]{folder} cannot be read:[/] {problem}", highlight=False)
        return 1
    console.print(f"Look at it: OPIEKA_DATA={data} opieka serve", highlight=False)
    return 0
