"""The model of a shop: learned from its history, kept as plain arrays, asked for one parcel or for a million."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from opieka.deliveries.policy.lateness import blend as blends
from opieka.deliveries.policy.lateness import clues, trees
from opieka.deliveries.policy.lateness.blend import Blend
from opieka.deliveries.policy.lateness.clues import Known, Lessons
from opieka.deliveries.policy.lateness.records import Flags, Floats, Parcels, Way
from opieka.deliveries.policy.lateness.trees import Trees

ENOUGH = 200  # deliveries before a model says more than the rules
CASES = 50  # late and timely lessons before trees are grown
LATEST = 90  # days of lessons on which the blend is set right
WAYS = (Way.CARRIER, Way.SENDER)


@dataclass(frozen=True)
class WayModel:
    """One way: what is known, the trees beside it, and how both become a probability."""

    known: Known
    trees: Trees | None
    blend: Blend

    def probability(self, parcels: Parcels) -> Floats:
        """Of being late, seen at the beginning of the way."""
        known = self.known
        slower = known.slower(parcels, parcels.start(known.way))
        return self.judged(known.clues(parcels, typical=known.typical(parcels), slower=slower))

    def judged(self, clues: Floats) -> Floats:
        """The same from clues."""
        grown = self.trees.log_odds(trees.filled(clues)) if self.trees else None
        return self.blend.probability(blends.mix(self.known.transit.still_open(clues[:, 0]), grown))


@dataclass(frozen=True)
class Model:
    """`as_of` is the day up to which it knows; `ways` what it learned."""

    as_of: float
    ways: Mapping[Way, WayModel]

    def kept(self) -> Model:
        """Only what is needed to foretell from `as_of` on: the last day's pace."""
        ways = {
            way: replace(one, known=replace(one.known, pace=one.known.pace.at(self.as_of)))
            for way, one in self.ways.items()
        }
        return Model(self.as_of, ways)


def fit(history: Parcels, *, as_of: float, holidays: Collection[int] = ()) -> Model | None:
    """Learn from what was known at `as_of`, to foretell from then on; None while too little was delivered."""
    found = follow(history, as_of=as_of, until=as_of, holidays=holidays)
    return found.kept() if found else None


def follow(
    seen: Parcels,
    *,
    as_of: float,
    until: float,
    holidays: Collection[int] = (),
    ways: Collection[Way] = WAYS,
) -> Model | None:
    """As `fit`, with the pace followed from `as_of` to `until`: of any day it is made of the days before it."""
    history = seen.known_at(as_of)
    if int(np.isfinite(history.delivered).sum()) < ENOUGH:
        return None
    learned_ways: dict[Way, WayModel] = {}
    for way in ways:
        known = clues.know(seen, way, as_of=as_of, until=until, holidays=holidays)
        if known is not None and way is Way.SENDER:  # promises are no matter of its own: nothing to be judged
            learned_ways[way] = WayModel(known, None, Blend())
        elif known is not None:
            learned = clues.lessons(history, way, as_of=as_of, holidays=holidays)
            learned_ways[way] = WayModel(known, *_judge(known, learned, as_of=as_of))
    return Model(as_of, learned_ways)


def _judge(known: Known, learned: Lessons, *, as_of: float) -> tuple[Trees | None, Blend]:
    """Grow trees on the older lessons to set the blend right on the latest, then on all of them to keep."""
    new = learned.start >= as_of - LATEST
    rows, check = trees.filled(learned.clues), new & learned.real
    older = _grown(rows[~new], learned.late[~new])
    opinion = older.log_odds(rows[check]) if older else None
    survival = known.transit.still_open(learned.stretch[check])
    blend = blends.settle(blends.mix(survival, opinion), learned.late[check])
    return (_grown(rows, learned.late) if older else None), blend


def _grown(rows: Floats, late: Flags) -> Trees | None:
    if min(int(late.sum()), int((~late).sum())) < CASES:
        return None
    return trees.grow(rows, late, falling=clues.FALLING)
