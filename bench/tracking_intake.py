"""How fast tracking is taken: `python bench/tracking_intake.py [PARCELS]`; default: 20,000 parcels of 10 reports.

A fresh embedded PostgreSQL with its usual settings, one process. In bulk: parcels, reports and facts, in batches of a
thousand parcels; then the same again; then one more report for each. By webhook: stored one by one, then read. Beside
them, in the same run, what PostgreSQL takes of the very same report rows by plain COPY and by plain INSERT (a thousand
rows a statement) into a table with the same columns, constraints and index.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opieka.deliveries.types import HandedTo, ParcelStage, Tracking, TrackingReport

PARCELS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
CALLS = 2000
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
S = ParcelStage
STAGES = (
    S.LABEL_CREATED, S.ACCEPTED, S.IN_TRANSIT, S.IN_TRANSIT, S.IN_TRANSIT, S.IN_TRANSIT, S.OUT_FOR_DELIVERY,
    S.ATTEMPT_FAILED, S.OUT_FOR_DELIVERY, S.DELIVERED,
)  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"OPIEKA_DATA": data, "OPIEKA_DATABASE_URL": ""}
        from opieka.project import boot
        from opieka.project.database import stop_embedded

        boot.ready()
        from opieka.project import upgrade

        upgrade.ensure()
        try:
            measure()
        finally:
            stop_embedded(Path(data))


def measure() -> None:
    """Print one line per step."""
    from opieka.deliveries import commands
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops

    details = shops.ShopDetails("bench", "Bench", "PL", "PLN", "Europe/Warsaw", ("en",))
    shop_id = shops.open_shop(details, by=SYSTEM)
    many = [tracking(n) for n in range(PARCELS)]
    later = [tracking(n, len(STAGES)) for n in range(PARCELS)]

    def take(trackings: Sequence[Tracking]) -> int:
        commands.take(trackings, shop_id=shop_id, told_by="dpd", by=SYSTEM)
        return sum(len(each.reports) for each in trackings)

    print(f"{'':<40}{'reports':>9}{'seconds':>9}{'reports/s':>11}{'own CPU s':>11}")
    timed("bulk: new parcels and their reports", lambda: take(many))
    timed("bulk: the same again", lambda: take(many))
    timed("bulk: one more report of each parcel", lambda: take(later))
    plain()
    webhooks(shop_id)


def tracking(number: int, *steps: int) -> Tracking:
    """One parcel's reports; only those after some steps, when told."""
    begin = steps[0] - 1 if steps else 0
    told = tuple(
        TrackingReport(
            at=START + timedelta(minutes=number % 5000, hours=7 * step + bool(steps)),
            stage=STAGES[step],
            raw_code=f"{step:03}",
            raw_text="Przesyłka przyjęta w oddziale",
            depot=f"Oddział {number % 97}",
            city="Kraków",
            country="PL",
            handed_to=HandedTo.RECIPIENT if STAGES[step] is S.DELIVERED else HandedTo.UNKNOWN,
        )
        for step in range(begin, len(STAGES))
    )
    return Tracking(carrier="dpd", tracking_number=f"{number:014}", reports=told)


def plain() -> None:
    """What the database takes of the same rows without any of us."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select * from deliveries_report order by id limit 200000")
        rows = cursor.fetchall()
        for name in ("copied", "inserted"):
            cursor.execute(f"create table {name} (like deliveries_report including all)")
            cursor.execute(
                f"alter table {name} add foreign key (parcel_id) references deliveries_parcel (id)"
            )

        def copy() -> int:
            with cursor.copy("copy copied from stdin") as into:
                for row in rows:
                    into.write_row(row)
            return len(rows)

        def insert() -> int:
            one = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
            for start in range(0, len(rows), 1000):
                some = rows[start : start + 1000]
                values: list[Any] = [value for row in some for value in row]
                cursor.execute("insert into inserted values " + ", ".join([one] * len(some)), values)
            return len(rows)

        timed("plain COPY of the same report rows", copy)
        timed("plain INSERT of the same report rows", insert)


def webhooks(shop_id: int) -> None:
    """One report a call: stored and acknowledged, then read."""
    from django.conf import settings
    from django.test import Client

    from opieka.deliveries import commands
    from opieka.deliveries.carriers.memory.mapping import SIGNATURE, sign
    from opieka.inbound import jobs
    from opieka.kernel.actor import SYSTEM

    settings.ALLOWED_HOSTS = ["*"]
    keys = {"shelf": "bench", "webhook_secret": "s"}
    connection_id = commands.connect(shop_id, carrier="memory", credentials=keys, by=SYSTEM)
    raws = [
        json.dumps(
            {
                "id": str(n),
                "tracking_number": f"MEM{n // 4}",
                "reports": [{"at": (START + timedelta(hours=n % 4)).isoformat(), "stage": STAGES[1 + n % 4]}],
            }
        ).encode()
        for n in range(CALLS)
    ]
    client = Client()

    def call() -> int:
        for raw in raws:
            address, signed = f"/inbound/tracking/{connection_id}/", {SIGNATURE: sign(raw, "s")}
            answer = client.generic("POST", address, raw, content_type="application/json", headers=signed)
            assert answer.status_code == 200
        return len(raws)

    def read() -> int:
        while jobs.read_batch():
            pass
        return len(raws)

    timed("webhook: checked, stored, acknowledged", call)
    timed("webhook: read and taken over", read)


def timed(name: str, step: Callable[[], int]) -> None:
    begin, own = time.perf_counter(), time.process_time()
    count = step()
    seconds, own = time.perf_counter() - begin, time.process_time() - own
    print(f"{name:<40}{count:>9}{seconds:>9.1f}{count / seconds:>11.0f}{own:>11.1f}", flush=True)


if __name__ == "__main__":
    main()
