"""How fast lateness is foretold in bulk: `python bench/lateness_prediction.py [PARCELS]`; default a million.

A made-up shop of 60,000 parcels over a year on 200 lanes with 300 senders teaches a model; then parcels on their way
are asked about at once: probability, window and cause of each. No database. The median of five runs.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from opieka.deliveries.policy.lateness import forecast, model, storing
from opieka.deliveries.policy.lateness.records import Parcels

NOW, HISTORY, RUNS = 17_897.0, 60_000, 5
Made = TypeVar("Made")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{'':<34}{'parcels':>10}{'seconds':>9}{'parcels/s':>11}")
    learned = timed("learn", HISTORY, lambda: model.fit(shop(HISTORY, seed=0), as_of=NOW), runs=1)
    assert learned is not None
    stored = storing.dump(learned)
    again = timed(f"read the model ({len(stored) // 1024} KiB)", 1, lambda: storing.load(stored))
    for name, handed in (("foretell, handed over", True), ("foretell, approved", False)):
        asked = on_the_way(count, handed=handed)
        out = np.zeros(count, np.bool_)
        timed(name, count, lambda asked=asked, out=out: forecast.foretell(again, asked, now=NOW, out=out))


def timed(name: str, count: int, step: Callable[[], Made], runs: int = RUNS) -> Made:
    took = []
    for _ in range(runs):
        begin = time.perf_counter()
        found = step()
        took.append(time.perf_counter() - begin)
    seconds = statistics.median(took)
    print(f"{name:<34}{count:>10}{seconds:>9.2f}{count / seconds:>11.0f}", flush=True)
    return found


def shop(count: int, *, seed: int, days: float = 365.0) -> Parcels:
    """Parcels whose way depends on lane, postcode and sender."""
    chance = np.random.default_rng(seed)
    placed = NOW - chance.uniform(0, days, count)
    origin, region = chance.integers(1, 11, count), chance.integers(1, 21, count)
    area, sender = region * 100 + chance.integers(0, 40, count), chance.integers(1, 301, count)
    handed = placed + 0.2 + (0.5 + sender % 7 / 3) * chance.lognormal(0, 0.4, count)
    usual = 1.5 + region / 4 + (origin + region) % 5 / 3 + area % 11 / 8
    return Parcels(
        placed=placed,
        approved=placed + 0.2,
        handed=np.where(handed < NOW, handed, np.nan),
        delivered=handed + usual * chance.lognormal(0, 0.45, count),
        promised=np.floor(placed) + 9,
        sender=sender,
        carrier=chance.integers(1, 5, count),
        from_region=origin,
        from_district=origin,
        to_region=region,
        to_district=region,
        to_area=area,
        to_zone=area * 100 + chance.integers(0, 30, count),
        distance=usual * 100,
        weight=chance.lognormal(6, 1, count),
    )


def on_the_way(count: int, *, handed: bool) -> Parcels:
    """Open parcels of the last days."""
    made = shop(count, seed=1, days=6.0)
    nothing = np.full(count, np.nan)
    columns = vars(made) | {"delivered": nothing}
    if handed:
        return Parcels(**(columns | {"handed": np.fmin(made.placed + 1, NOW - 0.1)}))
    return Parcels(**(columns | {"handed": nothing}))


if __name__ == "__main__":
    main()
