"""What may be decided about a parcel at its stage, and the steps of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from opieka.deliveries.policy.working import Week, works
from opieka.deliveries.types import Choice, ChoiceKind, ChoiceState, Choosable, Leg, Offer, ParcelStage

K, S = ChoiceKind, ChoiceState
LONGEST_WORDS = 300


class Step(StrEnum):
    """What happens to a decision."""

    SEND = "send"
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    OVERTAKE = "overtake"
    HAND_OVER = "hand over to a person"


STEPS: Mapping[tuple[ChoiceState, Step], ChoiceState] = {
    (S.REQUESTED, Step.SEND): S.SENT,
    (S.REQUESTED, Step.ACCEPT): S.CONFIRMED,
    (S.REQUESTED, Step.REFUSE): S.REFUSED,
    (S.REQUESTED, Step.WITHDRAW): S.WITHDRAWN,
    (S.REQUESTED, Step.OVERTAKE): S.OVERTAKEN,
    (S.SENT, Step.SEND): S.SENT,
    (S.SENT, Step.ACCEPT): S.CONFIRMED,
    (S.SENT, Step.REFUSE): S.REFUSED,
    (S.SENT, Step.OVERTAKE): S.OVERTAKEN,
    (S.SENT, Step.HAND_OVER): S.REQUESTED,
    (S.CONFIRMED, Step.OVERTAKE): S.OVERTAKEN,
}
"""A decision that was sent cannot be taken back: nobody knows what the carrier has done with it yet."""

WHERE = frozenset({K.ADDRESS, K.NEIGHBOUR, K.SAFE_PLACE, K.PICKUP_POINT})
WHEN = frozenset({K.SLOT, K.HOLD})


def same_matter(kind: ChoiceKind) -> frozenset[ChoiceKind]:
    """Decisions of which the last one counts: where to, when, and whatever there was when it is cancelled."""
    if kind is K.CANCEL:
        return frozenset(K)
    return next((matter for matter in (WHERE, WHEN) if kind in matter), frozenset({kind}))


@dataclass(frozen=True)
class Situation:
    """Where a parcel stands for choosing: `today` and `earliest` (the first day it can be there) in its zone, and
    whether the carrier's points are known, and whether it can be asked."""

    stage: ParcelStage
    leg: Leg
    today: date
    earliest: date
    week: Week
    points: bool
    connected: bool


def offers(choosables: Iterable[Choosable], now: Situation) -> tuple[Offer, ...]:
    """What can be decided now."""
    if now.leg is not Leg.OUTBOUND:
        return ()
    found = (_offer(one, now) for one in choosables if now.stage in one.stages)
    return tuple(offer for offer in found if offer is not None)


def _offer(one: Choosable, now: Situation) -> Offer | None:
    if one.kind is K.PICKUP_POINT and not now.points:
        return None
    days = tuple(islice(_working(now, one), one.days)) if one.days else ()
    return Offer(
        kind=one.kind,
        by_hand=not (one.asked and now.connected),
        days=days,
        hours=one.hours if one.kind is K.SLOT else (),
    )


def _working(now: Situation, one: Choosable) -> Iterator[date]:
    day = max(now.earliest, now.today + timedelta(days=1))
    for _ in range(60):
        if works(day, now.week):
            yield day
        day += timedelta(days=1)


class Problem(StrEnum):
    """What is wrong with a decision."""

    DAY = "day_not_offered"
    HOURS = "hours_not_offered"
    WORDS = "words_missing"
    ADDRESS = "address_incomplete"
    POINT = "no_such_point"


def problem(choice: Choice, offer: Offer) -> Problem | None:
    """What is wrong with a decision that was offered; whether its point exists is for others to say."""
    if choice.kind in WHEN and choice.day not in offer.days:
        return Problem.DAY
    if choice.hours is not None and choice.hours not in offer.hours:
        return Problem.HOURS
    if choice.kind in {K.NEIGHBOUR, K.SAFE_PLACE, K.INSTRUCTIONS} and not choice.words.strip():
        return Problem.WORDS
    if choice.kind is K.ADDRESS and not _complete(choice):
        return Problem.ADDRESS
    return Problem.POINT if choice.kind is K.PICKUP_POINT and choice.point_id is None else None


def _complete(choice: Choice) -> bool:
    to = choice.address
    return to is not None and all(part.strip() for part in (to.street, to.postcode, to.city))


def diagram() -> str:
    """STEPS as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.REQUESTED}"]
    lines += [
        f"    {before} --> {after}: {step}" for (before, step), after in STEPS.items() if before != after
    ]
    return "\n".join(lines)
