"""`opieka mail import` and `opieka mail listen`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from opieka.project.cli import verb


def register(group: Any) -> None:
    """Add the verbs to `opieka mail`."""
    added = verb(
        group, "import", load, text="Take in mail from .eml files, mbox files, Maildirs and folders."
    )
    added.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    added.add_argument("--account", metavar="ADDRESS", help="the mailbox the mail came to")
    added.add_argument("--shop", metavar="NAME", help="the shop, when it has only one mailbox")
    verb(group, "listen", listen, text="Receive mail by SMTP and LMTP, and read mailboxes by IMAP.")


def load(arguments: argparse.Namespace) -> int:
    """Store everything first, then read it; both show how far they are."""
    from rich.console import Console
    from rich.progress import Progress

    from opieka.inbound import importing, jobs

    missing = [path for path in arguments.paths if not path.exists()]
    account = None if missing else _account(arguments)
    if missing or account is None:
        problem = f"{missing[0]}: no such file" if missing else "Name a mailbox with --account ADDRESS."
        print(f"opieka: {problem}", file=sys.stderr)  # noqa: T201  # the verb's output
        return 2
    console = Console(stderr=True)
    seen = fresh = 0
    with Progress(console=console) as progress:
        task = progress.add_task("Storing", total=sum(map(importing.total, arguments.paths)))
        for path in arguments.paths:
            counts = importing.load(path, account, lambda done: progress.advance(task, done))
            seen, fresh = seen + counts[0], fresh + counts[1]
        task = progress.add_task("Reading", total=fresh or 1)
        while done := jobs.read_batch():
            progress.advance(task, done)
        progress.update(task, completed=fresh or 1)
    console.print(f"{seen} mails, {fresh} of them new, for {account.address}.")
    return 0


def listen(arguments: argparse.Namespace) -> int:
    """Until SIGINT or SIGTERM."""
    from opieka.inbound import receiving

    return receiving.run()


def _account(arguments: argparse.Namespace) -> Any:
    """The mailbox that is meant; None when that is not clear."""
    from opieka.channels import queries as channels
    from opieka.channels.types import Channel
    from opieka.shops import queries as shops

    if arguments.account:
        return channels.account_for(arguments.account)
    known = [shops.shop_by_slug(arguments.shop)] if arguments.shop else shops.shops()
    found = channels.accounts([shop.id for shop in known], Channel.EMAIL)
    return found[0] if len(found) == 1 else None
