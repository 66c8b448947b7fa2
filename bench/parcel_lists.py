"""How long the control tower's lists take: `python bench/parcel_lists.py [PARCELS]`; default: 1,000,000 open parcels.

A fresh embedded PostgreSQL with its usual settings, one process, one shop. Each list is asked for at a tenth of the
parcels and at all of them: its first page, and the page after its two thousandth parcel. Beside them the tower's
counts, which look at every open parcel. Medians of five.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from opieka.deliveries.types import ParcelStage, RiskBand, Wanted

PARCELS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RUNS, DEEP, PAGE = 5, 2000, 50
FILL = """
    insert into deliveries_parcel (shop_id, carrier, number, created_at, stage, handed_over_at, last_report_at,
        promised_to, risk, late_at, announced, attempts, way, leg, reason, handed_to, carrier_word, service, order_key,
        reference, sender, depot, city, country, origin_country, origin_postcode, destination_country,
        destination_postcode, first_reason, why)
    select %(shop)s, (array['dpd', 'inpost', 'gls', 'dhl'])[1 + n %% 4], 'N' || n, %(now)s,
        (array['in_transit', 'accepted', 'out_for_delivery', 'exception'])[1 + n * 7 %% 4], %(now)s,
        %(now)s - n * 37 %% 5000 * interval '1 minute', %(now)s + n * 13 %% 9000 * interval '1 minute',
        (n * 7919 %% 10007 / 10007.0) ^ 4, case when n %% 50 = 0 then %(now)s end,
        'shipped', 0, 'outbound', 'outbound', '', 'unknown', '', '', '', '', '', 'Oddział ' || n %% 97, '', 'PL', 'PL',
        '', 'PL', '', '', ''
    from generate_series(%(first)s, %(last)s) n
"""
LISTS = {
    "newest": ("-id", Wanted(open=True)),
    "riskiest": ("-risk", Wanted(open=True)),
    "promised next": ("promised_to", Wanted(open=True)),
    "longest without news": ("last_report_at", Wanted(open=True)),
    "of a stage": ("-id", Wanted(stages=(ParcelStage.EXCEPTION,))),
    "of a stage, riskiest": ("-risk", Wanted(stages=(ParcelStage.EXCEPTION,))),
    "of a carrier": ("-id", Wanted(open=True, carrier="gls")),
    "at a depot": ("-id", Wanted(open=True, depot="Oddział 5")),
    "at a depot, riskiest": ("-risk", Wanted(open=True, depot="Oddział 5")),
    "high risk": ("-id", Wanted(open=True, band=RiskBand.HIGH)),
    "late": ("-id", Wanted(open=True, late=True)),
}


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
    """Print one line per list."""
    from opieka.deliveries import queries
    from opieka.kernel.actor import SYSTEM
    from opieka.shops import commands as shops

    shop_id = shops.open_shop(
        shops.ShopDetails("bench", "Bench", "PL", "PLN", "Europe/Warsaw", ("en",)), by=SYSTEM
    )
    found: dict[str, list[float]] = {}
    first = 1
    for last in (PARCELS // 10, PARCELS):
        fill(shop_id, first, last)
        first = last + 1
        for name, (order, wanted) in LISTS.items():

            def page(after_id: int | None = None, order: str = order, wanted: Wanted = wanted) -> None:
                queries.parcels(shop_ids=[shop_id], wanted=wanted, order=order, after_id=after_id, limit=PAGE)

            deep = queries.parcels(shop_ids=[shop_id], wanted=wanted, order=order, limit=DEEP)[-1].id
            found.setdefault(name, []).extend((took(page), took(lambda page=page, deep=deep: page(deep))))
        count = took(lambda: queries.counts(shop_ids=[shop_id], wanted=Wanted(open=True)))
        found.setdefault("counts", []).extend((count, float("nan")))
    print(f"{'milliseconds':<24}{PARCELS // 10:>9,}{'deep':>8}{PARCELS:>11,}{'deep':>8}")
    for name, (few, few_deep, many, many_deep) in found.items():
        print(f"{name:<24}{few:>9.1f}{few_deep:>8.1f}{many:>11.1f}{many_deep:>8.1f}")


def fill(shop_id: int, first: int, last: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FILL, {"shop": shop_id, "now": NOW, "first": first, "last": last})
        cursor.execute("vacuum analyze deliveries_parcel")


def took(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


if __name__ == "__main__":
    main()
