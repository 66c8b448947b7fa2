"""How long a carrier may be silent about a parcel, and when it must be taken as lost. Amounts are working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opieka.deliveries.policy.working import Week, after
from opieka.deliveries.types import TERMINAL, Leg, ParcelStage

S = ParcelStage
SILENCE: Mapping[ParcelStage, float] = {
    S.ACCEPTED: 2,
    S.IN_TRANSIT: 3,
    S.OUT_FOR_DELIVERY: 1.5,
    S.AWAITING_COLLECTION: 2,
    S.ATTEMPT_FAILED: 2,
    S.EXCEPTION: 3,
    S.RETURNING: 7,
}
"""What may pass without news while nothing is learned. A label waits for its parcel as long as the shop needs: that
is the hand-over's matter, and silence about it is never an alert."""

NOT_LATE = frozenset({*TERMINAL, S.AWAITING_COLLECTION})
"""Stages in which a parcel keeps its promise, or no promise can be kept."""

ABROAD = 2.5
"""How many times longer the silence of a parcel may be that crosses a border."""
TRANSIT = 2.0
"""Working days from hand-over to delivery while nothing is learned; abroad longer as above."""
ENOUGH = 50
"""So many silences or parcels teach what is usual."""
BOUNDS = 0.5, 4.0
"""What is learned may be so many times what is assumed."""
SEASON_FACTOR = 1.5
HISTORY = timedelta(days=60)
"""An order paid so long ago is history: nobody waits for its hand-over."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where something is usual: a carrier's parcels at a stage from a country to a country ("" for any)."""

    carrier: str
    stage: str = ""
    origin: str = ""
    destination: str = ""

    @property
    def crosses(self) -> bool:
        """Whether it goes abroad, as far as is known."""
        return bool(self.origin and self.destination and self.origin != self.destination)


@dataclass(frozen=True)
class Habits:
    """What a shop has learned of its carriers: silences and transits in working days by lane, and their weeks."""

    silences: Mapping[Lane, float] = field(default_factory=dict)
    transits: Mapping[Lane, float] = field(default_factory=dict)
    weeks: Mapping[str, Week] = field(default_factory=dict)
    lost_after: float = 10

    def week(self, carrier: str) -> Week:
        """When a carrier works; one we know nothing of as the shop's country does."""
        return self.weeks.get(carrier) or self.weeks.get("", Week())

    def transit(self, lane: Lane) -> float:
        """How many working days a parcel usually takes at most, from hand-over to delivery."""
        return self.transits.get(lane, TRANSIT * (ABROAD if lane.crosses else 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """What of a parcel tells how long it may be silent."""

    lane: Lane
    stage: ParcelStage
    last_at: datetime | None
    collect_by: datetime | None


def stale_due(quiet: Quiet, habits: Habits) -> datetime | None:
    """When silence becomes news; None for a parcel of which none is expected."""
    if quiet.last_at is None or quiet.stage not in SILENCE:
        return None
    since = quiet.last_at
    if quiet.stage is S.AWAITING_COLLECTION:
        if quiet.collect_by is None:
            return None
        since = max(since, quiet.collect_by)
    return after(since, _allowed(quiet, habits, since), habits.week(quiet.lane.carrier))


def lost_due(quiet: Quiet, habits: Habits) -> datetime | None:
    """When a parcel a carrier has must be taken as lost; never before its silence is news."""
    stale = stale_due(quiet, habits)
    if stale is None or quiet.last_at is None or quiet.stage is S.AWAITING_COLLECTION:
        return None
    amount = habits.lost_after * (ABROAD if quiet.lane.crosses else 1)
    return max(after(quiet.last_at, amount, habits.week(quiet.lane.carrier)), stale + timedelta(days=1))


def late_due(stage: ParcelStage, leg: Leg, promised_to: datetime | None) -> datetime | None:
    """When a parcel is late: at the end of its promise, unless it is there, at its point, or on the way back."""
    return None if stage in NOT_LATE or leg is not Leg.OUTBOUND else promised_to


def in_season(at: datetime) -> bool:
    """The weeks before and after Christmas, when carriers are slower everywhere."""
    return (at.month, at.day) >= (11, 20) or (at.month, at.day) <= (1, 6)


def _allowed(quiet: Quiet, habits: Habits, since: datetime) -> float:
    usual = SILENCE[quiet.stage] * (ABROAD if quiet.lane.crosses else 1)
    learned = habits.silences.get(quiet.lane)
    if learned is None:
        return usual * (SEASON_FACTOR if in_season(since) else 1)
    least, most = BOUNDS
    return min(max(learned, usual * least), usual * most)
