"""`opieka lateness evaluate`: how well late deliveries are foreseen, measured on a folder of past orders."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opieka.project.cli import Needs, verb

if TYPE_CHECKING:
    from opieka.deliveries.connectors.olist.mapping import Orders
    from opieka.deliveries.policy.lateness.scores import Scores

EPOCH = date(1970, 1, 1)
LABELS = {
    "n": "delivered orders",
    "late": "of them late",
    "auc": "AUC",
    "average_precision": "average precision",
    "brier": "Brier score",
    "ece": "calibration error (ECE)",
    "precision_at_10pct": "precision in the riskiest 10 %",
    "recall_at_10pct": "recall in the riskiest 10 %",
}


def register(verbs: Any) -> None:
    """Add `opieka lateness`."""
    group = verbs.add_parser("lateness", help="Foreseeing late deliveries.").add_subparsers(
        required=True, metavar="VERB"
    )
    text = "Learn from orders placed before a date, foretell those after it, and say how good that was."
    added = verb(group, "evaluate", run_evaluate, text=text, needs=Needs.NOTHING)
    added.add_argument("folder", type=Path, metavar="FOLDER", help="Parquet files in the Olist layout")
    added.add_argument("--train-before", type=_day, required=True, metavar="DATE", help="such as 2018-05-01")
    added.add_argument("--at", choices=("approved", "handover"), required=True, help="when it is foretold")
    added.add_argument("--json", action="store_true", help="one JSON object instead of a table")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2018-05-01") from None


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Print the figures; 1 with a sentence when there is nothing to measure."""
    from opieka.deliveries.connectors.olist.mapping import Refused

    try:
        with _progress() as step:
            found = evaluate(arguments.folder, arguments.train_before, at=arguments.at, step=step)
    except Refused as problem:
        print(f"This cannot be evaluated: {problem}.", file=sys.stderr)  # noqa: T201  # for a person
        return 1
    _show(found, as_json=arguments.json)
    return 0


def evaluate(folder: Path, before: date, *, at: str, step: Any = lambda _: None) -> Scores:
    """Learn from orders placed before the date, foretell the delivered ones of those placed since, and score that.

    Nothing learned uses what happened on or after `before`. Of what happened since, a prediction sees only the pace
    of the days before its own: see docs/algorithms/lateness.md.
    """
    from opieka.deliveries.connectors.olist import client
    from opieka.deliveries.connectors.olist.mapping import Refused
    from opieka.deliveries.policy.lateness import scores

    step("reading")
    orders = client.read(folder)
    tested = _tested(orders, before)
    if not tested.any():
        raise Refused(f"no order placed on or after {before} has a promise, a {at} time and a delivery")
    step("learning")
    probability = _foretell(orders, before, tested, at=at)
    step("scoring")
    return scores.score(probability, orders.parcels.late()[tested])


def _tested(orders: Orders, before: date) -> Any:
    """The delivered orders placed since, with both moments and a promise known."""
    import numpy as np

    parcels = orders.parcels
    whole = np.isfinite(parcels.approved) & np.isfinite(parcels.handed) & np.isfinite(parcels.promised)
    return orders.finished & whole & (parcels.placed >= (before - EPOCH).days)


def _foretell(orders: Orders, before: date, tested: Any, *, at: str) -> Any:
    import numpy as np

    from opieka.deliveries.connectors.olist.mapping import Refused
    from opieka.deliveries.policy.lateness import model, waiting
    from opieka.deliveries.policy.lateness.records import Way

    parcels, cut = orders.parcels, float((before - EPOCH).days)
    asked = parcels.take(tested)
    learned = model.follow(
        parcels,
        as_of=cut,
        until=max(cut, float(np.max(asked.start(Way.CARRIER)))),
        holidays=_holidays(parcels.placed),
        ways=model.WAYS if at == "approved" else (Way.CARRIER,),
    )
    if learned is None:
        raise Refused(
            f"fewer than {model.ENOUGH} orders had been delivered before {before}: too few to learn from"
        )
    if at == "approved":
        return waiting.probability(
            learned, replace(asked, handed=np.full(len(asked), np.nan)), asked.approved
        )
    return learned.ways[Way.CARRIER].probability(asked)


def _holidays(placed: Any) -> Collection[int]:
    """Days since 1970 that are holidays in the country of the folder, for its years and the next."""
    import holidays
    import numpy as np

    from opieka.deliveries.connectors.olist.mapping import COUNTRY

    known = placed[np.isfinite(placed)]
    first, last = (int(1970 + days / 365.25) for days in (known.min(), known.max()))
    return {
        (day - EPOCH).days for day in holidays.country_holidays(COUNTRY, years=range(first - 1, last + 3))
    }


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on stderr over the three steps."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=3)
        done = iter(range(3))
        yield lambda name: bar.update(task, description=name, completed=next(done))


def _show(found: Scores, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(found)))  # noqa: T201  # what was asked for
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    for name, value in asdict(found).items():
        shown = "-" if value is None else f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
        table.add_row(LABELS[name], shown)
    Console().print(table)
