"""The command line: `opieka VERB ...`. One module per group of verbs, each with a `register` function."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from enum import Enum
from importlib import import_module
from typing import Any

GROUPS = (
    "serve", "admin", "demo", "upkeep", "mail", "orders", "parcels", "lateness", "delivery", "customer",
    "balance", "points",
)  # fmt: skip

Run = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """The whole command line, as argparse knows it."""
    root = argparse.ArgumentParser(prog="opieka", description="Customer care for online shops.")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERB")
    for group in GROUPS:
        import_module(f"opieka.project.cli.{group}").register(verbs)
    return root


class Needs(Enum):
    """What has to be ready before a verb runs."""

    NOTHING = "nothing"
    DATABASE = "a database of any state"
    TABLES = "a database in step with the program"


def verb(
    parent: Any, name: str, run: Run, *, text: str, needs: Needs = Needs.TABLES
) -> argparse.ArgumentParser:
    """Add a verb that calls `run` when what it needs is ready."""
    made: argparse.ArgumentParser = parent.add_parser(name, help=text, description=text)
    made.set_defaults(run=run, needs=needs)
    return made


def main(argv: list[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    arguments = parser().parse_args(argv)
    if arguments.needs is not Needs.NOTHING:
        from opieka.project import boot

        boot.ready()
    if arguments.needs is Needs.TABLES:
        from opieka.project import upgrade

        upgrade.ensure()
    return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.needs is Needs.NOTHING:
        return int(arguments.run(arguments))
    from opieka.kernel.errors import DomainError

    try:
        return int(arguments.run(arguments))
    except DomainError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the sentence a person reads
        return 1
