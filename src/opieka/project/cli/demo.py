"""`opieka demo`: a shop to look at."""

from __future__ import annotations

import argparse
from typing import Any

from opieka.project.cli import verb


def register(verbs: Any) -> None:
    """Add `opieka demo`."""
    verb(verbs, "demo", demo, text="Fill in the demo shops with their people, orders and mails.")


def demo(arguments: argparse.Namespace) -> int:
    """Load the demo unless it is here, and say who may log in."""
    from rich.console import Console

    from opieka.project.demo import load

    console = Console()
    loaded = load.fill(console)
    console.print("The demo is loaded." if loaded else "The demo is here already.")
    console.print(f"Log in as [bold]{load.LOGIN}[/] with the password [bold]{load.PASSWORD}[/].")
    return 0
