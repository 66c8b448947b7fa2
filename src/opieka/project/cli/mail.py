"""`opieka mail ...`: mail from files."""

from __future__ import annotations

from typing import Any


def register(verbs: Any) -> None:
    verbs.add_parser("mail", help="Read mail from files.").add_subparsers(required=True, metavar="VERB")
