"""When an order can still be cancelled, and what can happen to a cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from opieka.returns.types import CaseStatus, Chance, NextBest, ReturnsPreferences, Step

STEPS: Mapping[tuple[CaseStatus, Step], CaseStatus] = {
    (CaseStatus.ASKED, Step.ASK_SHOP): CaseStatus.WITH_SHOP,
    (CaseStatus.ASKED, Step.ASK_PERSON): CaseStatus.WITH_PERSON,
    (CaseStatus.ASKED, Step.GRANT): CaseStatus.CANCELLED,
    (CaseStatus.ASKED, Step.REFUSE): CaseStatus.TOO_LATE,
    (CaseStatus.ASKED, Step.TAKE_BACK): CaseStatus.TAKEN_BACK,
    (CaseStatus.WITH_SHOP, Step.ASK_PERSON): CaseStatus.WITH_PERSON,
    (CaseStatus.WITH_SHOP, Step.GRANT): CaseStatus.CANCELLED,
    (CaseStatus.WITH_SHOP, Step.REFUSE): CaseStatus.TOO_LATE,
    (CaseStatus.WITH_PERSON, Step.GRANT): CaseStatus.CANCELLED,
    (CaseStatus.WITH_PERSON, Step.REFUSE): CaseStatus.TOO_LATE,
    (CaseStatus.WITH_PERSON, Step.TAKE_BACK): CaseStatus.TAKEN_BACK,
}


@dataclass(frozen=True)
class Progress:
    """How far an order has come: `sent` parcels are with their carriers, of those `out` is on its last way."""

    placed_at: datetime
    cancelled: bool = False
    sent: bool = False
    all_sent: bool = False
    out: bool = False
    delivered: bool = False


def after(status: CaseStatus, step: Step) -> CaseStatus | None:
    """The status that follows, or None when the step is not possible now."""
    return STEPS.get((status, step))


def chance(progress: Progress, preferences: ReturnsPreferences, now: datetime) -> Chance:
    """Whether the order can be cancelled at `now`. What has partly left is for a person to sort out."""
    if progress.cancelled:
        return Chance.CANCELLED
    if progress.delivered or progress.all_sent:
        return Chance.TOO_LATE
    if progress.sent:
        return Chance.PERSON
    limit = timedelta(hours=preferences.cancel_hours)
    return Chance.PERSON if limit and now - progress.placed_at > limit else Chance.NOW


def next_best(progress: Progress) -> tuple[NextBest, ...]:
    """What can be done about a parcel on its way, the least effort first."""
    if progress.delivered:
        return (NextBest.RETURN,)
    redirect = () if progress.out else (NextBest.REDIRECT,)
    return (NextBest.REFUSE_AT_DOOR, *redirect, NextBest.RETURN)


def diagram() -> str:
    """The steps as a Mermaid diagram."""
    lines = ["stateDiagram-v2", "    [*] --> asked"]
    lines += [f"    {before} --> {then}: {step.replace('_', ' ')}" for (before, step), then in STEPS.items()]
    return "\n".join(lines)
