"""How long a sweep takes over many open parcels: `python bench/parcel_sweep.py [PARCELS]`; default: 1,000,000.

A fresh embedded PostgreSQL with its usual settings, one process. Every parcel is on its way; each minute a few of them
become late, stale or lost. The sweep finds them by the index of when to look, so that what it costs is what there is
to be told. Last, the worst there can be: every parcel becomes late and stale at once, with the pace of its first and
last tenth, which must be the same.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

PARCELS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

FILL = """
    insert into deliveries_parcel (shop_id, carrier, number, created_at, stage, handed_over_at, last_report_at,
        last_progress_at, promised_to, stale_due_at, lost_due_at, look_at, announced, attempts, way, leg, reason,
        handed_to, carrier_word, service, order_key, reference, sender, depot, city, country, origin_country,
        origin_postcode, destination_country, destination_postcode, first_reason, why)
    select %(shop)s, 'dpd', 'N' || n, %(now)s, 'in_transit', %(now)s, %(now)s, %(now)s,
        %(now)s + late * interval '1 hour', %(now)s + stale * interval '1 hour', %(now)s + interval '20 days',
        %(now)s + least(late, stale) * interval '1 hour', 'shipped', 0, 'outbound', 'outbound', '', 'unknown', '', '',
        '', '', '', 'Oddział ' || n %% 97, '', 'PL', 'PL', '', 'PL', '', '', ''
    from (select n, 1 + n %% 96 as late, 30 + (n * 7) %% 100 as stale from generate_series(1, %(parcels)s) n) as lot
"""


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
    from django.db import connection

    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops

    details = shops.ShopDetails("bench", "Bench", "PL", "PLN", "Europe/Warsaw", ("en",))
    shop_id = shops.open_shop(details, by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"shop": shop_id, "now": NOW, "parcels": PARCELS})
        cursor.execute("vacuum analyze deliveries_parcel")
    print(f"{PARCELS} open parcels")
    print(f"{'':<44}{'looked at':>10}{'seconds':>9}{'own CPU s':>11}")
    swept("nothing is due", NOW + timedelta(minutes=30))
    swept("an hour's: one in 96 is late", NOW + timedelta(hours=1))
    swept("three hours' after a standstill", NOW + timedelta(hours=4))
    swept("all that remains, late and stale", NOW + timedelta(days=7))


def swept(name: str, at: datetime) -> None:
    from opieka.deliveries import commands
    from opieka.deliveries.commands.sweeping import BATCH
    from opieka.kernel import clock
    from opieka.kernel.actor import SYSTEM

    begin, own, total = time.perf_counter(), time.process_time(), 0
    marks = [begin]
    with clock.fixed(at):
        while found := commands.sweep(BATCH, by=SYSTEM):
            total += found
            marks.append(time.perf_counter())
    seconds, own = time.perf_counter() - begin, time.process_time() - own
    print(f"{name:<44}{total:>10}{seconds:>9.2f}{own:>11.2f}", flush=True)
    tenth = (len(marks) - 1) // 10
    if tenth:
        for part, taken in (("first", marks[tenth] - marks[0]), ("last", marks[-2] - marks[-2 - tenth])):
            print(f"  its {part} tenth, parcels/s{BATCH * tenth / taken:>37.0f}", flush=True)


if __name__ == "__main__":
    main()
