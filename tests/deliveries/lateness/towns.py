"""A small made-up shop: known lanes, known senders, known delays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from opieka.deliveries.policy.lateness.records import Parcels, keys

BEGIN = 17_532.0  # Monday, 1 January 2018
SLOW_TOWN, FAST_TOWN, SLOW_SENDER, FAST_SENDER = "Ustrzyki", "Warszawa", "potter", "bookshop"


def shop(count: int = 3000, *, days: int = 300, promise: int = 7, seed: int = 0) -> Parcels:
    """Half go to a town twice as far, a third are packed slowly; the promise is the same for all."""
    chance = np.random.default_rng(seed)
    placed = np.sort(BEGIN + chance.uniform(0, days, count))
    far, slow = chance.random(count) < 0.5, chance.random(count) < 0.33
    approved = placed + chance.uniform(0, 0.3, count)
    handed = approved + np.where(slow, 2.5, 0.7) * chance.lognormal(0, 0.3, count)
    delivered = handed + np.where(far, 4.0, 2.0) * chance.lognormal(0, 0.35, count)
    towns = [SLOW_TOWN if there else FAST_TOWN for there in far]
    return Parcels(
        placed=placed,
        approved=approved,
        handed=handed,
        delivered=delivered,
        promised=np.floor(placed) + promise,
        sender=keys(SLOW_SENDER if there else FAST_SENDER for there in slow),
        carrier=keys(["inpost"] * count),
        from_region=keys(["Kraków"] * count),
        from_district=keys(["Kraków"] * count),
        to_region=keys(towns),
        to_district=keys(towns),
        to_area=keys(towns),
        to_zone=keys(towns),
        distance=np.full(count, np.nan),
        weight=np.full(count, np.nan),
    )


def to(parcels: Parcels, town: str) -> Parcels:
    """Those that go to a town."""
    return parcels.take(parcels.to_region == keys([town])[0])


def from_(parcels: Parcels, sender: str) -> Parcels:
    """Those of a sender."""
    return parcels.take(parcels.sender == keys([sender])[0])


def blocked(parcels: Parcels, town: str, *, since: float, until: float) -> Parcels:
    """Nothing reaches the town in between; what would have comes after."""
    held = (parcels.to_region == keys([town])[0]) & (parcels.delivered >= since) & (parcels.delivered < until)
    return replace(parcels, delivered=np.where(held, parcels.delivered + until - since, parcels.delivered))
