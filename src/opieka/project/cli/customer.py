"""`opieka customer`: what a person may ask of a shop about her data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from opieka.project.cli import verb


def register(verbs: Any) -> None:
    """Add the verbs about one person's data."""
    group = verbs.add_parser("customer", help="Serve a person's rights.").add_subparsers(
        required=True, metavar="VERB"
    )
    copy = verb(group, "export", export, text="Write a copy of all of a person's data into a zip file.")
    copy.add_argument("id", type=int, help="the number in the address of her page")
    copy.add_argument("--shop", required=True, help="short name of a shop of the operator")
    copy.add_argument("--to", type=Path, required=True, metavar="FILE")
    listed = verb(group, "erasures", erasures, text="Write the list of erasures, for restoring a backup.")
    listed.add_argument("--to", type=Path, required=True, metavar="LIST")
    gone = verb(group, "erase", erase, text="Erase a person's data for ever.")
    gone.add_argument("id", type=int, help="the number in the address of her page")
    gone.add_argument("--shop", required=True, help="short name of a shop of the operator")
    gone.add_argument("--yes", action="store_true", help="do not ask for her name")


def erasures(arguments: argparse.Namespace) -> int:
    """Write who was erased, without saying who it was."""
    from opieka.project.privacy import repeating

    count = repeating.write(arguments.to)
    print(f"{count} erasures written to {arguments.to}. Keep it apart from the backups.")  # noqa: T201  # the verb's answer
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write the copy; all shops of the operator are in it."""
    from rich.console import Console

    from opieka.project.privacy import dossier
    from opieka.project.privacy.archive import Stretches
    from opieka.shops import queries as shops

    known = shops.group_shop_ids(shops.shop_by_slug(arguments.shop).group_id)
    with Console(stderr=True).status("Gathering..."), arguments.to.open("wb") as file:
        arguments.to.chmod(0o600)
        dossier.compose(arguments.id, shop_ids=known, into=Stretches(lambda body: file.write(body) and None))
    print(f"Written to {arguments.to}.")  # noqa: T201  # the verb's answer
    return 0


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
