"""The rules of care: how bad, for how long, drawn how, and what a difference is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.care.policy import judging, measuring, playing
from opieka.care.policy.judging import Stakes
from opieka.care.queries.letters import SORRY, SUBJECTS
from opieka.care.types import Act, IncidentKind, Severity, StepKind, StepState
from opieka.kernel import secrets


def test_every_kind_is_judged_and_has_a_playbook() -> None:
    assert set(judging.BASE) == set(playing.USUAL) == set(IncidentKind)
    assert set(SORRY) <= set(SUBJECTS)
    written = {kind for kind, steps in playing.USUAL.items() if StepKind.APOLOGISE in steps}
    assert written <= set(SORRY)


@pytest.mark.parametrize(
    ("kind", "stakes", "expected"),
    [
        (IncidentKind.LATE, Stakes(), Severity.MIDDLE),
        (IncidentKind.LATE, Stakes(value=50_000), Severity.HIGH),
        (IncidentKind.LATE, Stakes(points=-12), Severity.HIGH),
        (IncidentKind.LATE, Stakes(value=50_000, points=-30, late_for=timedelta(days=5)), Severity.GRAVE),
        (IncidentKind.LOST, Stakes(value=50_000), Severity.GRAVE),
        (IncidentKind.STALE, Stakes(points=-11), Severity.LOW),
    ],
)
def test_how_bad_it_is(kind: IncidentKind, stakes: Stakes, expected: Severity) -> None:
    assert judging.severity(kind, stakes, high_value=50_000) is expected
    assert judging.severity(kind, Stakes(value=10**9), high_value=0) is judging.BASE[kind]


def test_steps_end_once() -> None:
    assert {state for state, _ in playing.STEPS} == {StepState.PLANNED}
    assert playing.STEPS[StepState.PLANNED, Act.DO] is StepState.DONE


def test_only_where_nothing_is_owed_is_anybody_left_alone() -> None:
    owed = {IncidentKind.LOST, IncidentKind.DAMAGED, IncidentKind.MISSING, IncidentKind.WRONG}
    owed |= {IncidentKind.SENT_BACK, IncidentKind.PARTLY, IncidentKind.UNANSWERED, IncidentKind.NOT_HERE}
    assert not owed & playing.HOLDABLE


@given(st.integers(0, 100), st.text(min_size=1, max_size=20))
def test_drawing_is_the_same_each_time_and_grows_with_the_share(per_cent: int, who: str) -> None:
    signature = secrets.sign("care.hold-out", who)
    drawn = playing.is_held_out(signature, per_cent)
    assert drawn == playing.is_held_out(signature, per_cent)
    assert not playing.is_held_out(signature, 0)
    assert playing.is_held_out(signature, 100)
    assert not drawn or playing.is_held_out(signature, min(100, per_cent + 1))


def test_the_share_drawn_is_the_share_wanted() -> None:
    drawn = sum(playing.is_held_out(secrets.sign("care.hold-out", str(n)), 20) for n in range(5000))
    assert 900 < drawn < 1100


@pytest.mark.parametrize(
    ("contact", "hold_out", "low", "high"),
    [
        # Newcombe 1998, table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_the_interval_is_newcombes(
    contact: tuple[int, int], hold_out: tuple[int, int], low: float, high: float
) -> None:
    found = measuring.difference(contact, hold_out)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_the_interval_holds_the_difference_and_turns_round(a: int, n: int, b: int, m: int) -> None:
    a, b = min(a, n), min(b, m)
    found, other = measuring.difference((a, n), (b, m)), measuring.difference((b, m), (a, n))
    assert found.low is not None
    assert found.high is not None
    assert found.difference is not None
    assert other.high is not None
    assert -1 - 1e-9 <= found.low <= found.difference + 1e-9
    assert found.low == pytest.approx(-other.high)


def test_an_empty_share_has_no_interval() -> None:
    assert measuring.difference((1, 2), (0, 0)).difference is None
