"""What is known of a parcel when it begins a way, and past parcels as they looked at that moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from opieka.deliveries.policy.lateness import pace as paces
from opieka.deliveries.policy.lateness import transit as transits
from opieka.deliveries.policy.lateness.pace import Pace
from opieka.deliveries.policy.lateness.records import Flags, Floats, Parcels, Way
from opieka.deliveries.policy.lateness.transit import Transit

BLOCK, BLOCKS = 30, 11  # days of history seen from what was known before them, and how many times
FIRST = 60  # days of history before the first of them
PACE = 0.6  # how much of the slow pace shifts a way: chosen on time splits before 2018-03
IMAGINED = 3  # promises tried on each past parcel beside its own
TRIED = (0.0, 1.5)  # how far past the typical time they lie, as log of actual to typical
CLUES = 5
FALLING = (0, 2)  # columns of clues() more of which makes late less likely


@dataclass(frozen=True)
class Known:
    """The typical times of a way and the pace of its lanes."""

    way: Way
    transit: Transit
    pace: Pace

    def typical(self, parcels: Parcels) -> Floats:
        """Log of the typical working time."""
        return self.transit.typical(parcels, self.way)

    def slower(self, parcels: Parcels, at: Floats) -> Floats:
        """What the pace of the moment adds to the typical."""
        slow, _ = self.pace.of(parcels, at, self.way)
        return -PACE * slow

    def clues(self, parcels: Parcels, *, typical: Floats, slower: Floats) -> Floats:
        """(parcels, CLUES) for the trees, NaN where unknown.

        The first is the log of the working time promised to the time it takes as things go: the less, the tighter.
        """
        reach = self.transit.reach(parcels.start(self.way), parcels.promised + 1)
        columns = (reach - typical - slower, typical, reach, parcels.distance, parcels.weight)
        return np.stack(columns, axis=1)


def know(seen: Parcels, way: Way, *, as_of: float, until: float, holidays: Collection[int]) -> Known | None:
    """Learn typical times from what was known at `as_of`, and follow the pace of `seen` from there up to `until`."""
    transit = transits.fit(seen.known_at(as_of), way, as_of=as_of, holidays=holidays)
    return Known(way, transit, paces.measure(seen, way, transit, until=until)) if transit else None


@dataclass(frozen=True)
class Lessons:
    """Past parcels as they looked at the beginning of the way. `real` is False where the promise is imagined."""

    start: Floats
    stretch: Floats
    clues: Floats
    late: Flags
    real: Flags


def lessons(history: Parcels, way: Way, *, as_of: float, holidays: Collection[int]) -> Lessons:
    """Go through the history block by block, each seen with the eyes of its first day.

    A parcel teaches only by promises that had passed by `as_of`: on that day both outcomes are known, so neither is
    left out. One that was never handed over teaches nothing: most of those were cancelled. Imagined promises
    around the usual time show the trees the whole tail of the way, not only the few parcels that came late.
    """
    start, chance = history.start(way), np.random.default_rng(0)
    moved = np.isfinite(history.handed) | np.isfinite(history.delivered)
    earliest = float(np.nanmin(history.placed)) + FIRST
    parts = []
    for begin in (as_of - BLOCK * np.arange(BLOCKS, 0, -1)).tolist():
        rows = (start >= begin) & (start < begin + BLOCK) & moved
        if begin < earliest or not rows.any():
            continue
        end = begin + BLOCK
        known = know(history.known_at(end), way, as_of=begin, until=end, holidays=holidays)
        if known is not None:
            parts += [_lesson(p, known, as_of, real) for p, real in _tried(history.take(rows), known, chance)]
    return _joined(parts)


def _tried(parcels: Parcels, known: Known, chance: np.random.Generator) -> list[tuple[Parcels, bool]]:
    """The parcels with their own promises, and with imagined ones."""
    typical = known.typical(parcels)
    begun = known.transit.clock.at(parcels.start(known.way))
    days = [
        np.floor(known.transit.clock.when(begun + np.exp(typical + chance.uniform(*TRIED, len(parcels)))))
        for _ in range(IMAGINED)
    ]
    return [(parcels, True), *((replace(parcels, promised=day), False) for day in days)]


def _lesson(parcels: Parcels, known: Known, as_of: float, real: bool) -> Lessons:
    taught = parcels.take(parcels.promised + 1 <= as_of)
    start = taught.start(known.way)
    found = known.clues(taught, typical=known.typical(taught), slower=known.slower(taught, start))
    return Lessons(
        start=start,
        stretch=found[:, 0],
        clues=found,
        late=~(np.floor(taught.delivered) <= taught.promised),
        real=np.full(len(taught), real),
    )


def _joined(parts: list[Lessons]) -> Lessons:
    none = np.empty(0)
    empty = Lessons(none, none, np.empty((0, CLUES)), none > 0, none > 0)
    every = [empty, *parts]
    return Lessons(
        start=np.concatenate([part.start for part in every]),
        stretch=np.concatenate([part.stretch for part in every]),
        clues=np.concatenate([part.clues for part in every]),
        late=np.concatenate([part.late for part in every]),
        real=np.concatenate([part.real for part in every]),
    )
