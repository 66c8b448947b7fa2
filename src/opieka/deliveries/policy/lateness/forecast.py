"""What is to be expected of parcels now: how likely late, between which days, and why.

When the carrier takes a parcel the model gives the probability of being late. While the parcel is open it grows, by
the rule of Bayes, with the share of timely parcels that would have arrived by now. What no carrier has yet is foretold
over all the moments at which one may get it (`waiting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from opieka.deliveries.policy.lateness import waiting
from opieka.deliveries.policy.lateness.model import Model
from opieka.deliveries.policy.lateness.records import Flags, Floats, Parcels, Way
from opieka.deliveries.policy.lateness.transit import NOT_BEGUN, SENDER, SHORTEST, WHERE
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
    if Way.CARRIER in model.ways:
        _put(found, carried, _carried(model, parcels.take(carried), now))
    if Way.CARRIER in model.ways and Way.SENDER in model.ways:
        rows = ~carried & np.isfinite(parcels.approved)
        _put(found, rows, _waiting(model, parcels.take(rows), now))
    known = np.isfinite(parcels.promised)
    late = known & (now >= parcels.promised + 1)
    coming = np.where(out, np.fmin(found.probability, OUT_TODAY), found.probability)
    probability = np.where(known, np.where(late, 1.0, coming), np.nan)
    latest = np.where(out, np.floor(now) + 1, found.latest)
    return replace(found, probability=probability, latest=latest, earliest=np.fmin(found.earliest, latest))


def _put(found: Forecast, rows: Flags, part: Forecast) -> None:
    for name, column in vars(part).items():
        getattr(found, name)[rows] = column


def _carried(model: Model, parcels: Parcels, now: float) -> Forecast:
    """Of parcels the carrier has: open until now, so a timely one would mostly have arrived."""
    one = model.ways[Way.CARRIER]
    known, transit = one.known, one.known.transit
    start, here = parcels.handed, np.full(len(parcels), now)
    parts = transit.parts(parcels, known.way)
    typical, slower = transit.effects.sum(parts), known.slower(parcels, here)
    so_far = transit.reach(start, np.maximum(start, here)) - typical - slower
    clues = known.clues(parcels, typical=typical, slower=known.slower(parcels, start))
    at_start = one.judged(clues)
    still, beyond = transit.still_open(so_far), transit.still_open(clues[:, 0])
    timely = np.clip((still - beyond) / np.maximum(1 - beyond, 1e-9), 0, 1)
    probability = at_start / np.maximum(at_start + (1 - at_start) * timely, 1e-12)
    early, late = (
        np.maximum(transit.ends(start, typical + slower, transit.within(share, so_far)), now)
        for share in (EARLY, LATE)
    )
    usual = transit.ends(start, typical, 0.0) - start
    cause = _causes(Seen(parts, slower, usual, parcels.promised + 1 - now, here - start, so_far))
    return Forecast(probability, early, late, *cause)


def _waiting(model: Model, parcels: Parcels, now: float) -> Forecast:
    """Of parcels no carrier has yet: when it will have them, and the way from there."""
    sender, carrier = model.ways[Way.SENDER].known, model.ways[Way.CARRIER].known
    transit, here = carrier.transit, np.full(len(parcels), now)
    ahead = waiting.ahead(sender, parcels, here)
    soon, middle, later = (ahead.handed(share) for share in (EARLY, 0.5, LATE))
    begun = replace(parcels, handed=middle)
    parts = transit.parts(begun, carrier.way)
    typical, slower = transit.effects.sum(parts), carrier.slower(parcels, here)
    first, usual, last = (
        transit.ends(middle, typical + slower, transit.within(share, NOT_BEGUN)) - middle
        for share in (EARLY, 0.5, LATE)
    )
    # The two ways stray apart from each other: their distances from the middle add up as squares do.
    early = middle + usual - np.hypot(middle - soon, usual - first)
    late = middle + usual + np.hypot(later - middle, last - usual)
    carried = transit.ends(middle, typical, 0.0) - middle
    usual = middle - now + carried
    packing = sender.transit.parts(parcels, sender.way)[SENDER]
    parts[SENDER] += packing * ahead.usual / (ahead.usual + carried)
    seen = Seen(parts, slower, usual, parcels.promised + 1 - now, here - parcels.approved, ahead.so_far)
    cause, one, two = _causes(seen)
    held = cause == CAUSES.index(DelayCause.LONG_UNDER_WAY)
    cause[held], two[held] = CAUSES.index(DelayCause.NOT_HANDED_OVER), ahead.usual[held]
    return Forecast(waiting.probability(model, parcels, here), np.maximum(early, now), late, cause, one, two)


class Seen(NamedTuple):
    """What of parcels tells why they are slow: effects, the pace, and days: usual, left, so far; and how that is to
    the usual as a logarithm."""

    parts: Sequence[Floats]
    slower: Floats
    usual: Floats
    left: Floats
    spent: Floats
    so_far: Floats


def _causes(seen: Seen) -> tuple[Floats, Floats, Floats]:
    """The strongest of what makes each parcel slow; a short promise when nothing does. With its two numbers."""
    strengths = {
        DelayCause.LANE_HELD_UP: seen.slower,
        DelayCause.SENDER_SLOW: seen.parts[SENDER],
        DelayCause.LANE_SLOW: np.sum([seen.parts[i] for i in WHERE], axis=0),
        DelayCause.PROMISE_SHORT: np.full(len(seen.left), NOTABLE),
    }
    cause = np.array([CAUSES.index(each) for each in strengths])[
        np.argmax(np.stack(list(strengths.values())), axis=0)
    ]
    long, past = seen.so_far > np.log(1 + 2 * NOTABLE), seen.left <= 0
    cause = np.where(long, CAUSES.index(DelayCause.LONG_UNDER_WAY), cause)
    cause = np.where(past, CAUSES.index(DelayCause.PROMISE_PASSED), cause)
    held = cause == CAUSES.index(DelayCause.LANE_HELD_UP)
    first = np.select([past, long, held], [-seen.left, seen.spent, 100 * np.expm1(seen.slower)], seen.usual)
    second = np.select([past, long], [np.zeros(len(seen.left)), np.maximum(seen.usual, SHORTEST)], seen.left)
    return cause.astype(np.float64), first, second
