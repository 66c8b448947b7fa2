"""What is to be expected of parcels now: how likely late, between which days, and why.

At the beginning of a way the model gives the probability of being late. While the parcel is open it grows, by the
rule of Bayes, with the share of timely parcels that would have arrived by now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from opieka.deliveries.policy.lateness.clues import PACE
from opieka.deliveries.policy.lateness.model import Model, WayModel
from opieka.deliveries.policy.lateness.records import Flags, Floats, Parcels, Way
from opieka.deliveries.policy.lateness.transit import SENDER, SHORTEST, WHERE, columns
from opieka.deliveries.types import DelayCause

EARLY, LATE = 0.1, 0.9  # 80 of 100 arrive between
NOTABLE = 0.1  # an effect of a tenth of the time is worth naming
OUT_TODAY = 0.1  # chance that a parcel out for delivery does not arrive that day
CAUSES = list(DelayCause)


@dataclass(frozen=True)
class Forecast:
    """Columns. `earliest` and `latest` are moments; `cause` is a place in CAUSES, `first` and `second` its numbers."""

    probability: Floats
    earliest: Floats
    latest: Floats
    cause: Floats
    first: Floats
    second: Floats

    def why(self, row: int) -> str:
        """The cause of one parcel with its numbers, as they are kept."""
        return told(CAUSES[int(self.cause[row])], self.first[row], self.second[row])


def told(cause: DelayCause, first: float, second: float) -> str:
    """A cause with its numbers, in whole days or per cent."""
    return f"{cause}:{max(round(float(first)), 0)}:{max(round(float(second)), 0)}"


def foretell(model: Model, parcels: Parcels, *, now: float, out: Flags) -> Forecast:
    """Of open parcels at a moment, `out` being out for delivery; NaN where nothing is known."""
    carried = np.isfinite(parcels.handed)
    empty = np.full(len(parcels), np.nan)
    found = Forecast(*(empty.copy() for _ in range(6)))
    for way, rows in ((Way.CARRIER, carried), (Way.WHOLE, ~carried & np.isfinite(parcels.approved))):
        if way in model.ways and rows.any():
            part = _of_way(model.ways[way], parcels.take(rows), now)
            for name, column in vars(found).items():
                column[rows] = getattr(part, name)
    known = np.isfinite(parcels.promised)
    late = known & (now >= parcels.promised + 1)
    coming = np.where(out, np.fmin(found.probability, OUT_TODAY), found.probability)
    probability = np.where(known, np.where(late, 1.0, coming), np.nan)
    latest = np.where(out, np.floor(now) + 1, found.latest)
    return replace(found, probability=probability, latest=latest, earliest=np.fmin(found.earliest, latest))


def _of_way(one: WayModel, parcels: Parcels, now: float) -> Forecast:
    known, way = one.known, one.known.way
    start, here = parcels.start(way), np.full(len(parcels), now)
    expected = known.expected(parcels, here)
    so_far = known.transit.reach(start, np.maximum(start, here)) - expected
    reach = known.stretch(parcels)
    at_start = one.probability(parcels)
    still, beyond = known.transit.still_open(so_far), known.transit.still_open(reach)
    timely = np.clip((still - beyond) / np.maximum(1 - beyond, 1e-9), 0, 1)
    probability = at_start / np.maximum(at_start + (1 - at_start) * timely, 1e-12)
    begun = known.transit.clock.at(start)
    early, late = (
        known.transit.clock.when(begun + np.exp(known.transit.within(share, so_far) + expected))
        for share in (EARLY, LATE)
    )
    cause, first, second = _causes(one, parcels, here, so_far)
    return Forecast(probability, np.maximum(early, now), np.maximum(late, now), cause, first, second)


def _causes(one: WayModel, parcels: Parcels, here: Floats, so_far: Floats) -> tuple[Floats, Floats, Floats]:
    """The strongest of what makes each parcel slow; a short promise when nothing does."""
    known, way = one.known, one.known.way
    start, clock = parcels.start(way), one.known.transit.clock
    parts = known.transit.effects.parts(columns(parcels, way))
    slow, _ = known.pace.of(parcels, here, way)
    strengths = {
        DelayCause.LANE_HELD_UP: -PACE * slow,
        DelayCause.SENDER_SLOW: parts[SENDER],
        DelayCause.LANE_SLOW: np.sum([parts[i] for i in WHERE], axis=0),
        DelayCause.PROMISE_SHORT: np.full(len(parcels), NOTABLE),
    }
    typical = clock.when(clock.at(start) + np.exp(known.transit.typical(parcels, way))) - start
    left = parcels.promised + 1 - here
    cause = np.array([CAUSES.index(each) for each in strengths])[
        np.argmax(np.stack(list(strengths.values())), axis=0)
    ]
    long, past = so_far > np.log(1 + 2 * NOTABLE), left <= 0
    cause = np.where(long, CAUSES.index(DelayCause.LONG_UNDER_WAY), cause)
    cause = np.where(past, CAUSES.index(DelayCause.PROMISE_PASSED), cause)
    held = cause == CAUSES.index(DelayCause.LANE_HELD_UP)
    first = np.select([past, long, held], [-left, here - start, 100 * np.expm1(-PACE * slow)], typical)
    second = np.select([past, long], [np.zeros(len(left)), np.maximum(typical, SHORTEST)], left)
    return cause.astype(np.float64), first, second
