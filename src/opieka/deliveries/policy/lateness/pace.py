"""Whether parcels move faster or slower than usual, per lane and day: deliveries seen against deliveries expected.

Every open parcel adds, day by day, the hazard its age gives it; dividing the deliveries seen by that sum tells the
pace. Parcels that do *not* arrive count at once, so a strike shows within days, while averages of delivered parcels
show it only when those held up arrive at last. The pace of day d is made of days before d only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opieka.deliveries.policy.lateness.records import Floats, Keys, Parcels, Way
from opieka.deliveries.policy.lateness.transit import GRID, SHORTEST, Transit

SLOW, FAST = 16.0, 4.0  # half-lives in days
DOUBT = 10.0  # as many expected deliveries of the level above are mixed in
SPAN = 1100  # days kept
FOLLOWED = 45  # days after which an open parcel tells nothing any more


@dataclass(frozen=True)
class Pace:
    """Log of seen to expected deliveries, per half-life: `lanes[h]` is (lanes, days), `regions`, `whole` likewise."""

    first: int
    lane_keys: Keys
    region_keys: Keys
    lanes: Floats
    regions: Floats
    whole: Floats

    def of(self, parcels: Parcels, moment: Floats, way: Way) -> tuple[Floats, Floats]:
        """The slow and the fast pace of each parcel's lane at a moment; of its region where the lane is new."""
        last = self.whole.shape[1] - 1
        day = np.clip(np.floor(np.nan_to_num(moment)) - self.first, 0, last).astype(np.int64)
        group, above = parcels.group(way)
        lane, known_lane = _place(self.lane_keys, group)
        region, known_region = _place(self.region_keys, above)
        slow, fast = (
            np.where(
                known_lane,
                self.lanes[i][lane, day],
                np.where(known_region, self.regions[i][region, day], self.whole[i][day]),
            )
            for i in (0, 1)
        )
        return slow, fast

    def at(self, moment: float) -> Pace:
        """Only the pace of one day."""
        day = int(np.clip(np.floor(moment) - self.first, 0, self.whole.shape[1] - 1))
        one = slice(day, day + 1)
        return Pace(
            self.first + day,
            self.lane_keys,
            self.region_keys,
            self.lanes[:, :, one],
            self.regions[:, :, one],
            self.whole[:, one],
        )


def _place(known: Keys, wanted: Keys) -> tuple[Keys, Keys]:
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return at, (known[at] == wanted) & (wanted != 0)


def measure(parcels: Parcels, way: Way, transit: Transit, *, until: float) -> Pace:
    """The pace of every day up to the one of `until`."""
    start = parcels.start(way)
    begun = np.isfinite(start)
    last = int(np.floor(until))
    first = max(int(np.floor(start[begun].min())), last - SPAN) if begun.any() else last
    days = max(last - first, 0) + 1
    lane_keys, lane = np.unique(parcels.group(way)[0], return_inverse=True)
    region_keys, region = np.unique(parcels.group(way)[1], return_inverse=True)
    above = np.zeros(len(lane_keys), np.int64)
    above[lane] = region
    seen, expected = _daily(parcels, way, transit, lane, (len(lane_keys), days, first))
    lanes, regions, whole = [], [], []
    for half_life in (SLOW, FAST):
        s, e = _faded(seen, half_life), _faded(expected, half_life)
        in_region = [np.zeros((len(region_keys), days)) for _ in (s, e)]
        for total, part in zip(in_region, (s, e), strict=True):
            np.add.at(total, above, part)
        over_all = (s.sum(0) + DOUBT) / (e.sum(0) + DOUBT)
        by_region = (in_region[0] + DOUBT * over_all) / (in_region[1] + DOUBT)
        by_lane = (s + DOUBT * by_region[above]) / (e + DOUBT)
        whole.append(np.log(over_all))
        regions.append(np.log(by_region))
        lanes.append(np.log(by_lane))
    return Pace(first, lane_keys, region_keys, np.stack(lanes), np.stack(regions), np.stack(whole))


def _daily(
    parcels: Parcels, way: Way, transit: Transit, lane: Keys, shape: tuple[int, int, int]
) -> tuple[Floats, Floats]:
    """Deliveries seen and expected, (lanes, days)."""
    count, days, first = shape
    start, typical = parcels.start(way), transit.typical(parcels, way)
    seen, expected = np.zeros((count, days)), np.zeros((count, days))
    rows = np.flatnonzero(start >= first)
    begin = np.floor(np.where(np.isfinite(start), start, 0)).astype(np.int64) - first
    ended = parcels.end(way)
    end = np.where(np.isfinite(ended), np.floor(ended) - first, days + FOLLOWED)
    arrived = rows[(end[rows] < days) & (end[rows] >= begin[rows])]
    np.add.at(seen, (lane[arrived], end[arrived].astype(np.int64)), 1.0)
    begun_at, before = transit.clock.at(start), np.zeros(len(parcels))
    for age in range(FOLLOWED):
        day = begin[rows] + age
        rows = rows[(day <= end[rows]) & (day < days)]
        day = begin[rows] + age
        until = np.fmin(ended[rows], day + first + 1.0)
        work = transit.clock.at(until) - begun_at[rows]
        hazard = np.interp(np.log(np.maximum(work, SHORTEST)) - typical[rows], GRID, transit.hazard)
        np.add.at(expected, (lane[rows], day), np.maximum(hazard - before[rows], 0.0))
        before[rows] = hazard
    return seen, expected


def _faded(daily: Floats, half_life: float) -> Floats:
    """Sum over the days before each day, older ones counting less."""
    keep = 0.5 ** (1 / half_life)
    faded = np.zeros_like(daily)
    for day in range(1, daily.shape[1]):
        faded[:, day] = keep * faded[:, day - 1] + daily[:, day - 1]
    return faded
