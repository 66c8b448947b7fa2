"""What does a customer's order page cost: server time, queries, bytes over the wire?

Aims: under 15 ms of server time, under 60 kB with its style sheets. An order with one parcel on its way, offers, and
a choice that waits for a person; then the same with three parcels. A page is everything the server does for it:
middleware, queries, template. CPU ms are ours alone. Run: python bench/order_page.py
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPIEKA_DATA", tempfile.mkdtemp(prefix="opieka-bench-"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from opieka.project import assets, boot

boot.ready()
assets.collect()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rich.console import Console
from rich.table import Table
from tests.deliveries.building import after
from tests.portal.building import World, make_world

from opieka.deliveries import commands
from opieka.deliveries.types import Choice, ChoiceKind
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM

ROUNDS = 200
SHEETS = ("desk/static/desk/css/tokens.css", "portal/static/portal/portal.css")


def prepared(parcels: int) -> World:
    world = make_world()
    for number in range(2, parcels + 1):
        world.report("label_created", "in_transit", number=f"MEM{number}")
    words = Choice(kind=ChoiceKind.NEIGHBOUR, words="Nowak, flat 4")
    commands.choose(world.parcel_id, shop_id=world.shop.id, choice=words, key="1", by=SYSTEM)
    return world


def measured(world: World) -> tuple[float, float, float, int, int]:
    """Median and 95th percentile of wall ms, median CPU ms, queries, bytes as sent (gzip)."""
    client, path = Client(headers={"Accept-Language": "pl"}, SERVER_NAME="localhost"), f"/my/o/{world.key}/"
    for _ in range(20):
        assert client.get(path).status_code == 200
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = client.get(path)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    tail = statistics.quantiles(walls, n=20)[-1]
    size = len(gzip.compress(answer.content))
    return statistics.median(walls), tail, statistics.median(cpus), len(asked), size


def main() -> None:
    call_command("migrate", verbosity=0)
    root = Path(__file__).parent.parent / "src" / "opieka"
    sheets = sum(len(gzip.compress((root / sheet).read_bytes())) for sheet in SHEETS)
    table = Table("parcels", "median ms", "95 % ms", "CPU ms", "queries", "page kB", "with styles kB")
    with clock.fixed(after(3)):
        for parcels in (1, 3):
            median, tail, cpu, queries, size = measured(prepared(parcels))
            table.add_row(
                str(parcels), f"{median:.1f}", f"{tail:.1f}", f"{cpu:.1f}", str(queries),
                f"{size / 1000:.1f}", f"{(size + sheets) / 1000:.1f}",
            )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
