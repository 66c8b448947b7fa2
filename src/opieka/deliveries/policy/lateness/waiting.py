"""Parcels no carrier has yet: when one will have them, and what that makes of their promises.

The time until the hand-over is learned like any way. Seen from a moment, a parcel that still waits has what is left of
it, cut into equal shares; each share is one possible hand-over, from which the carrier's model judges. So a parcel
that waits on gets riskier by the day, and one at a slow sender is riskier from the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from opieka.deliveries.policy.lateness.clues import Known
from opieka.deliveries.policy.lateness.model import Model
from opieka.deliveries.policy.lateness.records import Floats, Parcels, Way
from opieka.deliveries.policy.lateness.transit import WEEKDAY, look_up
from opieka.deliveries.policy.lateness.workdays import weekday

SHARES = (np.arange(9) + 0.5) / 9


@dataclass(frozen=True)
class Ahead:
    """How far waiting parcels are to their hand-over: `so_far` as log of waited to usual, `usual` in days."""

    known: Known
    start: Floats
    at: Floats
    expected: Floats
    so_far: Floats
    usual: Floats

    def handed(self, share: float) -> Floats:
        """When this share of such parcels will have been handed over; never before the moment."""
        within = self.known.transit.within(share, self.so_far)
        return np.maximum(self.known.transit.ends(self.start, self.expected, within), self.at)


def ahead(known: Known, parcels: Parcels, at: Floats) -> Ahead:
    """Of parcels that wait at a moment, by the sender's way."""
    start, typical = parcels.approved, known.typical(parcels)
    expected = typical + known.slower(parcels, at)
    so_far = known.transit.reach(start, np.maximum(start, at)) - expected
    return Ahead(known, start, at, expected, so_far, known.transit.ends(start, typical, 0.0) - start)


def probability(model: Model, parcels: Parcels, at: Floats) -> Floats:
    """Of being late, of parcels that wait at a moment: the mean over all the hand-overs that may come."""
    sender, one = model.ways[Way.SENDER].known, model.ways[Way.CARRIER]
    found, effects = ahead(sender, parcels, at), one.known.transit.effects
    keys, values = effects.keys[WEEKDAY], effects.values[WEEKDAY]
    other = one.known.typical(replace(parcels, handed=at)) - look_up(keys, values, weekday(at) + 1)
    slower = one.known.slower(parcels, at)
    summed = np.zeros(len(parcels))
    for share in SHARES.tolist():
        begun = replace(parcels, handed=found.handed(share))
        typical = other + look_up(keys, values, weekday(begun.handed) + 1)
        summed += one.judged(one.known.clues(begun, typical=typical, slower=slower))
    return summed / len(SHARES)
