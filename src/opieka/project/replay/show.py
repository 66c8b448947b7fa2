"""`opieka demo --replay`: the folder, the progress bar and the table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from opieka.kernel.actor import SYSTEM
from opieka.orders import queries as orders
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Context, Refused
from opieka.orders.types import OrderSnapshot
from opieka.project.demo.load import LOGIN, PASSWORD
from opieka.project.replay.happenings import happenings
from opieka.project.replay.play import SOURCE, announced, play
from opieka.project.replay.weeks import Week, by_week, outcome, total
from opieka.shops import commands as shops
from opieka.shops.types import Role

ZONE = ZoneInfo("America/Sao_Paulo")


def run(folder: Path, *, speed: float, console: Console) -> None:
    """Play the folder and print what was announced, week by week; `Refused` or `Unreadable` when it is none."""
    with console.status("Reading the orders..."):
        known = _orders(folder)
        happened = sorted((one for order in known for one in happenings(order)), key=lambda one: one.at)
    if not happened:
        raise Refused("no_orders")
    shop_id = _open_shop()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{happened[0].at:%d %b %Y}", total=len(happened))
        until = happened[-1].at
        for moment in play(happened, shop_id=shop_id, speed=speed):
            progress.update(task, completed=moment.done, description=f"{moment.at:%d %b %Y}")
    outcomes = {orders.number_key(order.number): came for order in known if (came := outcome(order))}
    console.print(table(by_week(outcomes, announced(shop_id), zone=ZONE, until=until)))


def table(weeks: Iterable[Week]) -> Table:
    """One row a week of promises, and all of them together."""
    weeks = list(weeks)
    made = Table(title="Late orders announced before their promise passed", show_footer=True)
    whole = _cells(total(weeks)) if weeks else [""] * 7
    heads = ("promised", "late", "announced", "of them late", "share of late", "precision", "days ahead")
    made.add_column("week of", footer="all")
    for head, foot in zip(heads, whole, strict=True):
        made.add_column(head, footer=foot, justify="right")
    for week in weeks:
        made.add_row(f"{week.begins:%d %b %Y}", *_cells(week))
    return made


def _cells(week: Week) -> list[str]:
    ahead = week.days_ahead
    return [
        f"{week.due:,}",
        f"{week.late:,}",
        f"{week.announced:,}",
        f"{week.right:,}",
        _share(week.recall),
        _share(week.precision),
        "" if ahead is None else f"{ahead:.1f}",
    ]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _orders(folder: Path) -> list[OrderSnapshot]:
    opener = CONNECTORS[SOURCE].open
    if opener is None:
        raise Refused("no_files", SOURCE)
    readings = opener(folder, Context(zone=ZONE, currency="BRL")).readings
    return [order for reading in readings for order in reading.orders if isinstance(order, OrderSnapshot)]


def _open_shop() -> int:
    """A shop in the zone of the data, and somebody who may look at it."""
    details = shops.ShopDetails(SOURCE, "Olist", "BR", "BRL", str(ZONE), ("en",))
    shop_id = shops.open_shop(details, by=SYSTEM)
    staff_id = shops.add_staff(LOGIN, name="Hanna", password=PASSWORD, language="en", by=SYSTEM)
    shops.grant_role(staff_id, shop_id=shop_id, role=Role.OWNER, by=SYSTEM)
    return shop_id
