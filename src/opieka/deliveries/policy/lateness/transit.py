"""How long the way takes: a typical time per parcel, and how far parcels stray from theirs.

The typical time is a sum of effects (lane, destination from region to postcode, corridor, sender, weekday, weight,
distance) on the logarithm of working time. Each effect is shrunk towards nothing the fewer parcels tell of it, so a
new sender or postcode falls back on its region. What is left over is one distribution, estimated with the parcels
still open counted as "at least so long" (Nelson-Aalen), since leaving those out would make every way look short.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from opieka.deliveries.policy.lateness import workdays
from opieka.deliveries.policy.lateness.records import Flags, Floats, Keys, Parcels, Way, pair
from opieka.deliveries.policy.lateness.workdays import Workdays

GRID = np.linspace(-3.0, 2.5, 111)  # log of actual to typical time
SHORTEST = 0.05  # working days
MEMORY = 180.0  # days after which a parcel counts half
ROUNDS = 3
WEIGHTS = (200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0)
DISTANCES = (50.0, 100.0, 200.0, 300.0, 400.0, 600.0, 800.0, 1000.0, 1500.0, 2000.0, 2500.0)
SENDER, WEEKDAY = 5, 6  # their places among the groups
NOT_BEGUN = float(GRID[0])  # so far, as log of actual to typical, of a way that begins
WHERE = (0, 1, 2, 3, 4, 8, 9)  # the places of those that tell from where to where, and by whom
STRENGTHS = (40.0, 40.0, 25.0, 25.0, 35.0, 25.0, 100.0, 100.0, 100.0, 40.0)


@dataclass(frozen=True)
class Effects:
    """A base and, per kind of group, sorted keys with their values."""

    base: float
    keys: tuple[Keys, ...]
    values: tuple[Floats, ...]

    def total(self, columns: Sequence[Keys]) -> Floats:
        """The sum for each row; a group never seen adds nothing."""
        return self.sum(self.parts(columns))

    def sum(self, parts: Sequence[Floats]) -> Floats:
        """The base and all the parts."""
        found = np.full(len(parts[0]), self.base)
        for part in parts:
            found += part
        return found

    def parts(self, columns: Sequence[Keys]) -> list[Floats]:
        """The effect of each kind of group on each row."""
        rows = zip(self.keys, self.values, columns, strict=True)
        return [look_up(known, values, column) for known, values, column in rows]


@dataclass(frozen=True)
class Transit:
    """One way: the clock, the effects, and the cumulative hazard over GRID."""

    clock: Workdays
    effects: Effects
    hazard: Floats

    def typical(self, parcels: Parcels, way: Way) -> Floats:
        """Log of the typical working time of each parcel."""
        return self.effects.total(columns(parcels, way))

    def parts(self, parcels: Parcels, way: Way) -> list[Floats]:
        """What each kind of group adds to the typical time, in the order of STRENGTHS."""
        return self.effects.parts(columns(parcels, way))

    def ends(self, start: Floats, expected: Floats, stretch: Floats | float) -> Floats:
        """When ways end that take so many times the expected time (both as logarithms)."""
        return self.clock.when(self.clock.at(start) + np.exp(expected + stretch))

    def reach(self, start: Floats, until: Floats) -> Floats:
        """Log of the working time between two moments."""
        return np.log(np.maximum(self.clock.at(until) - self.clock.at(start), SHORTEST))

    def still_open(self, stretch: Floats) -> Floats:
        """Probability that a way takes longer than `stretch` (log of actual to typical)."""
        return np.exp(-np.interp(stretch, GRID, self.hazard))

    def within(self, share: float, beyond: Floats | float) -> Floats:
        """The stretch within which `share` of those arrive that are still open at `beyond`."""
        survived = np.interp(beyond, GRID, self.hazard)
        found = np.interp(survived - np.log1p(-share), self.hazard + np.arange(len(GRID)) * 1e-9, GRID)
        held: Floats = np.maximum(found, beyond)
        return held


def look_up(known: Keys, values: Floats, wanted: Keys) -> Floats:
    """Values by sorted key; 0 where the key is unknown."""
    if not len(known):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, values[at], 0.0)


def columns(parcels: Parcels, way: Way) -> list[Keys]:
    """The groups a parcel belongs to, in the order of STRENGTHS."""
    start = parcels.start(way)
    return [
        parcels.lane,
        parcels.to_district,
        parcels.to_area,
        parcels.to_zone,
        pair(parcels.from_district, parcels.to_district),
        parcels.sender,
        workdays.weekday(start) + 1,
        _band(parcels.weight, WEIGHTS),
        _band(parcels.distance, DISTANCES),
        parcels.carrier,
    ]


def _band(values: Floats, edges: Sequence[float]) -> Keys:
    return np.where(np.isnan(values), 0, np.digitize(values, edges) + 1).astype(np.int64)


def fit(history: Parcels, way: Way, *, as_of: float, holidays: Collection[int]) -> Transit | None:
    """Learn from what was known at `as_of`; None when no parcel had come to its end."""
    start, ended = history.start(way), history.end(way)
    done = ended > start
    if not done.any():
        return None
    clock = workdays.learn(ended[done], holidays=holidays)
    groups = columns(history, way)
    took = clock.at(ended) - clock.at(start)
    logs = np.log(np.maximum(took[done], SHORTEST))
    weights = 0.5 ** ((as_of - start[done]) / MEMORY)
    effects = fit_effects(logs, weights, [column[done] for column in groups], STRENGTHS)
    begun = np.isfinite(start)
    end = np.where(done, ended, as_of)
    stretch = np.log(np.maximum(clock.at(end) - clock.at(start), SHORTEST)) - effects.total(groups)
    return Transit(clock, effects, cumulative_hazard(stretch[begun], done[begun]))


def fit_effects(logs: Floats, weights: Floats, groups: Sequence[Keys], strengths: Sequence[float]) -> Effects:
    """Shrunken group means, one kind of group after the other, until they agree."""
    base = float(np.average(logs, weights=weights))
    left = logs - base
    named = [np.unique(column, return_inverse=True) for column in groups]
    values = [np.zeros(len(names)) for names, _ in named]
    heavy = [np.bincount(index, weights, len(names)) for names, index in named]
    for _ in range(ROUNDS):
        for i, (names, index) in enumerate(named):
            whole = left + values[i][index]
            mean = np.bincount(index, weights * whole, len(names)) / (heavy[i] + strengths[i])
            values[i] = np.where(names == 0, 0.0, mean)
            left = whole - values[i][index]
    return Effects(base, tuple(names for names, _ in named), tuple(values))


def cumulative_hazard(stretch: Floats, done: Flags) -> Floats:
    """Nelson-Aalen over GRID: `done` False means "open at least so long"."""
    order = np.argsort(stretch, kind="stable")
    ended = done[order].astype(np.float64)
    summed = np.cumsum(ended / (len(stretch) - np.arange(len(stretch))))
    return np.interp(GRID, stretch[order], summed, left=0.0)
