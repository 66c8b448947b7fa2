"""`opieka delivery understand`: what a customer's text about her delivery means, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from opieka.project.cli import Needs, verb

if TYPE_CHECKING:
    from opieka.deliveries.types import Understood

LANGUAGES = ("pl", "ru", "el", "en")


def register(verbs: Any) -> None:
    """Add `opieka delivery`."""
    group = verbs.add_parser("delivery", help="What customers wish for their deliveries.").add_subparsers(
        required=True, metavar="VERB"
    )
    text = "Say what a customer's answer about her delivery means: her wish, its days, hours and place."
    added = verb(group, "understand", run_understand, text=text, needs=Needs.NOTHING)
    added.add_argument(
        "texts", nargs="*", metavar="TEXT", help="her words; without any, one a line from stdin"
    )
    added.add_argument(
        "--language", choices=LANGUAGES, required=True, help="the language she is written to in"
    )
    added.add_argument(
        "--at", type=_moment, metavar="TIME", help="her local time, such as 2026-11-23T10:00; default: now"
    )
    added.add_argument("--json", action="store_true", help="one JSON object a line")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-23T10:00") from None


def run_understand(arguments: argparse.Namespace) -> int:
    """Print one answer a text, in order."""
    from opieka.deliveries.policy.understanding import understand
    from opieka.kernel import clock

    at = arguments.at or clock.now().astimezone()
    for text in arguments.texts or _lines():
        _show(text, understand(text, language=arguments.language, at=at), as_json=arguments.json)
    return 0


def _lines() -> Iterator[str]:
    return (line.rstrip("\r\n") for line in sys.stdin)


def _show(text: str, found: Understood, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(found), default=str, ensure_ascii=False), flush=True)  # noqa: T201  # what was asked for
        return
    told = [
        f"{name} {value}" for name, value in asdict(found).items() if value is not None and name != "intent"
    ]
    print(f"{found.intent}: {', '.join(told)}  ({text})")  # noqa: T201  # for a person
