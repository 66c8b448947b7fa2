"""`opieka customer`: what a person may ask of a shop about her data."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from opieka.project.cli import verb


def register(verbs: Any) -> None:
    """Add the verbs about one person's data."""
    group = verbs.add_parser("customer", help="Serve a person's rights.").add_subparsers(
        required=True, metavar="VERB"
    )
    gone = verb(group, "erase", erase, text="Erase a person's data for ever.")
    gone.add_argument("id", type=int, help="the number in the address of her page")
    gone.add_argument("--shop", required=True, help="short name of a shop of the operator")
    gone.add_argument("--yes", action="store_true", help="do not ask for her name")


def erase(arguments: argparse.Namespace) -> int:
    """Erase after her name was typed once more."""
    from opieka.customers import commands, queries
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import queries as shops

    shop = shops.shop_by_slug(arguments.shop)
    card = queries.card(arguments.id, shop_ids=[shop.id])
    if not arguments.yes and input(f"Erase {card.title} for ever. Type the name to confirm: ") != card.title:
        print("This is not the name. Nothing was erased.", file=sys.stderr)  # noqa: T201  # the verb's answer
        return 1
    commands.erase(card.id, shop_id=shop.id, by=SYSTEM)
    print("Erased. The worker takes her out of everything else within a minute.")  # noqa: T201  # the verb's answer
    return 0
