"""`opieka backup`, `restore`, `check`: looking after an installation."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from opieka.project.cli import Needs, verb


def register(verbs: Any) -> None:
    """Add the verbs of upkeep."""
    save = verb(verbs, "backup", backup, text="Write everything into one file.")
    save.add_argument("file", type=Path)
    load = verb(verbs, "restore", restore, text="Put a backup into this installation.", needs=Needs.DATABASE)
    load.add_argument("file", type=Path)
    load.add_argument("--replace", action="store_true", help="throw away what is there")
    load.add_argument(
        "--erasures",
        type=Path,
        action="append",
        default=[],
        metavar="LIST",
        help="who was erased since, by `opieka customer erasures`; may be given several times",
    )
    verb(verbs, "check", check, text="Say what is misconfigured and how to mend it.", needs=Needs.DATABASE)


def backup(arguments: argparse.Namespace) -> int:
    """Dump database and installation key."""
    from opieka.project import archive

    archive.save(arguments.file)
    print(f"Saved to {arguments.file}. It holds customers' data and the installation's key: keep it safe.")  # noqa: T201  # the verb's answer
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Load a backup into an empty installation, or over one with --replace."""
    from opieka.project import archive

    again = archive.load(arguments.file, replace=arguments.replace, erasures=arguments.erasures)
    said = f" Erased again: {again}." if again else ""
    print(f"Restored.{said} Start with: opieka serve")  # noqa: T201  # the verb's answer
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Print what is wrong; status 1 when something is."""
    from rich.console import Console

    from opieka.project import examine

    console = Console()
    findings = examine.findings()
    for finding in findings:
        console.print(f"[red]✗[/] {finding.problem}\n  {finding.remedy}", highlight=False)
    for line in examine.kept():
        console.print(f"  {line}", highlight=False, style="dim")
    if not findings:
        console.print("[green]✓[/] All is well.")
    return 1 if findings else 0
