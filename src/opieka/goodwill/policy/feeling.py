"""What a fact was from the customer's side, and what all of them come to.

Facts are named by their kinds: some are announced by neighbours, and whoever stands above may be weighed too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from opieka.conversations.types import FIRST_RESPONSE, Step
from opieka.goodwill.types import HEAVIEST, WEIGHTS, Balance, BalancePreferences, Experience
from opieka.kernel.facts import Fact

FIRST_MOMENT = timedelta(0)


@dataclass(frozen=True)
class Rule:
    """A kind of fact is an experience, `if_` it says so.

    What it is about are the first of the fields `once` that holds something, then all of `per`: the same is felt
    once, however many parcels an order comes in.
    """

    experience: Experience
    once: tuple[str, ...]
    per: tuple[str, ...] = ()
    if_: Callable[[Any], bool] = lambda fact: True


@dataclass(frozen=True)
class Felt:
    """An experience, and the key under which it counts once."""

    experience: Experience
    key: str


def _is_hers(fact: Any) -> bool:
    """A parcel on its way to her, or back because it could not stay; not one she returns."""
    return str(fact.leg) != "customer_return"


_ORDER = ("order_id", "parcel_id")
RULES: Mapping[str, Rule] = {
    "OrderPlaced": Rule(Experience.ORDERED, ("order_id",)),
    "RefundIssued": Rule(Experience.REFUNDED, ("refund_id",)),
    "ParcelDelivered": Rule(Experience.ON_TIME, _ORDER, if_=lambda f: _is_hers(f) and not f.late_days),
    "ParcelLate": Rule(Experience.LATE, _ORDER, ("promised_to",), _is_hers),
    "ParcelLost": Rule(Experience.LOST, ("parcel_id",), if_=_is_hers),
    "ParcelDamaged": Rule(Experience.DAMAGED, ("parcel_id",), if_=_is_hers),
    "ParcelReturning": Rule(Experience.SENT_BACK, ("parcel_id",), if_=_is_hers),
    "ParcelAttemptFailed": Rule(Experience.MISSED, ("parcel_id",), ("attempt",), _is_hers),
    "ParcelHeld": Rule(Experience.HELD, ("parcel_id",), ("reason",), _is_hers),
    "OrderPartlyDelivered": Rule(Experience.PARTLY, ("order_id",)),
    "ClockBreached": Rule(Experience.UNANSWERED, ("clock_id",), if_=lambda f: f.clock_kind == FIRST_RESPONSE),
    "ConversationResolved": Rule(Experience.RESOLVED, ("conversation_id",)),
    "ConversationReopened": Rule(Experience.ASKED_AGAIN, (), if_=lambda f: f.because == Step.RECEIVE),
}
"""By the kind of fact. A key without fields is the touchpoint itself."""


def felt(fact: Fact, touchpoint_id: int) -> Felt | None:
    """What a fact was to the customer; None when she does not notice it."""
    rule = RULES.get(fact.kind)
    if rule is None or not rule.if_(fact):
        return None
    about = next(
        (f"{name}:{value}" for name in rule.once if (value := getattr(fact, name)) is not None),
        f"touchpoint:{touchpoint_id}",
    )
    more = (_text(getattr(fact, name)) for name in rule.per)
    return Felt(rule.experience, ":".join((rule.experience.value, about, *more)))


def weight_of(experience: Experience, preferences: BalancePreferences) -> int:
    """What an experience weighs in a shop when it is new."""
    wanted = preferences.weights.get(experience.value, WEIGHTS[experience])
    return max(-HEAVIEST, min(HEAVIEST, wanted))


def faded(weight: int, at: datetime, now: datetime, half_life_days: int) -> float:
    """What is left of a weight; what lies in the future weighs as if it were now."""
    if not half_life_days:
        return float(weight)
    age = max(now - at, FIRST_MOMENT) / timedelta(days=half_life_days)
    return float(weight * 0.5**age)


def balance(weights: Iterable[float], preferences: Sequence[BalancePreferences] = ()) -> Balance:
    """What experiences come to. `preferences` are of the shops they were had in: the least a delivery on time is
    worth there says how many would make up for it."""
    felt = list(weights)
    total = math.fsum(felt)
    step = min((weight_of(Experience.ON_TIME, one) for one in preferences), default=1)
    short = round(-total, 6)
    return Balance(
        points=round(total),
        good=sum(weight > 0 for weight in felt),
        bad=sum(weight < 0 for weight in felt),
        to_restore=math.ceil(short / max(step, 1)) if short > 0 else 0,
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
