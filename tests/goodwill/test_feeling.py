"""What facts were to the customer, and what they come to."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.clocks.facts import ClockBreached
from opieka.clocks.types import Basis
from opieka.conversations.facts import ConversationReopened, MessageReceived
from opieka.deliveries import facts as parcels
from opieka.goodwill.policy import feeling
from opieka.goodwill.types import WEIGHTS, Balance, BalancePreferences, Experience
from opieka.kernel import facts
from opieka.kernel.facts import Fact

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
P: dict[str, Any] = {"parcel_id": 5, "order_id": 17, "carrier": "dpd"}

TABLE: list[tuple[Fact, str | None]] = [
    (parcels.ParcelDelivered(**P), "on_time:order_id:17"),
    (parcels.ParcelDelivered(**P, late_days=2), None),
    (parcels.ParcelDelivered(**P | {"order_id": None}), "on_time:parcel_id:5"),
    (parcels.ParcelDelivered(**P, leg="customer_return"), None),
    (parcels.ParcelLate(**P, promised_to=AT), "late:order_id:17:2026-11-23T12:00:00+00:00"),
    (parcels.ParcelLost(**P, presumed=True), "lost:parcel_id:5"),
    (parcels.ParcelLost(**P), "lost:parcel_id:5"),
    (parcels.ParcelReturning(**P, leg="returning_to_sender"), "sent_back:parcel_id:5"),
    (parcels.ParcelAttemptFailed(**P, attempt=2), "missed:parcel_id:5:2"),
    (parcels.ParcelStale(**P, last_at=AT), None),
    (
        ClockBreached(clock_id=3, clock_kind="first_response", basis=Basis.TARGET, due_at=AT),
        "unanswered:clock_id:3",
    ),
    (ClockBreached(clock_id=3, clock_kind="hand_over", basis=Basis.TARGET, due_at=AT), None),
    (ConversationReopened(conversation_id=9, because="receive"), "asked_again:touchpoint:1"),
    (ConversationReopened(conversation_id=9, because="wake"), None),
    (MessageReceived(conversation_id=9, message_id=1, channel="email", message_kind="person"), None),
]


@pytest.mark.parametrize(("fact", "key"), TABLE)
def test_what_a_fact_was_to_her(fact: Fact, key: str | None) -> None:
    found = feeling.felt(fact, 1)
    assert (found.key if found else None) == key


def test_every_rule_names_a_fact_and_fields_there_are() -> None:
    known = facts.registered()
    for kind, rule in feeling.RULES.items():
        fields = {field.name for field in dataclasses.fields(known[kind])}
        assert {*rule.once, *rule.per} <= fields, kind


def test_every_experience_has_a_weight_and_a_rule() -> None:
    assert set(WEIGHTS) == set(Experience)
    assert {rule.experience for rule in feeling.RULES.values()} == set(Experience)


def test_one_bad_experience_needs_twelve_good_ones() -> None:
    late, on_time = WEIGHTS[Experience.LATE], WEIGHTS[Experience.ON_TIME]
    assert feeling.balance([late]) == Balance(points=-12, bad=1, to_restore=12)
    assert feeling.balance([late, *[on_time] * 12]) == Balance(points=0, good=12, bad=1)


def test_experiences_fade_by_half_in_the_half_life() -> None:
    assert feeling.faded(-12, AT - timedelta(days=365), AT, 365) == -6
    assert feeling.faded(-12, AT - timedelta(days=3650), AT, 0) == -12
    assert feeling.faded(-12, AT + timedelta(days=3), AT, 365) == -12


def test_a_shop_may_weigh_otherwise_within_bounds() -> None:
    tuned = BalancePreferences(weights={"late": -20, "lost": -5000})
    assert feeling.weight_of(Experience.LATE, tuned) == -20
    assert feeling.weight_of(Experience.LOST, tuned) == -100
    assert feeling.weight_of(Experience.ORDERED, tuned) == 1


@given(st.lists(st.floats(-100, 100)), st.integers(0, 100))
def test_so_many_good_ones_do_make_up_for_it(weights: list[float], worth: int) -> None:
    tuned = BalancePreferences(weights={"on_time": worth})
    found = feeling.balance(weights, [tuned])
    restored = feeling.balance([*weights, *[float(max(worth, 1))] * found.to_restore], [tuned])
    assert restored.points >= 0
    assert restored.to_restore == 0
    assert (found.to_restore == 0) or found.points <= 0
