"""`opieka balance rebuild`: reckon customers' balances anew, e.g. after an upgrade that weighs more than before."""

from __future__ import annotations

import argparse
from typing import Any

from opieka.project.cli import verb


def register(verbs: Any) -> None:
    """Add `opieka balance`."""
    group = verbs.add_parser("balance", help="Customers' experience balances.").add_subparsers(
        required=True, metavar="VERB"
    )
    made = verb(
        group, "rebuild", run_rebuild, text="Read a shop's whole timeline for its customers' balances."
    )
    made.add_argument("--shop", help="short name; not needed when there is only one shop")


def run_rebuild(arguments: argparse.Namespace) -> int:
    """Rebuild, and say how much was found."""
    from opieka.goodwill import commands
    from opieka.kernel.actor import SYSTEM
    from opieka.project.cli.orders import chosen_shop

    shop = chosen_shop(arguments.shop)
    found = commands.rebuild(shop.id, by=SYSTEM)
    print(f"{shop.name}: {found} experiences")  # noqa: T201  # what the command is asked for
    return 0
