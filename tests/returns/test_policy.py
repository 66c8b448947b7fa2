"""When an order can still be cancelled, and what can happen to a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka import returns
from opieka.returns import policy
from opieka.returns.policy import Progress, after, chance, next_best
from opieka.returns.types import OPEN, CaseStatus, Chance, NextBest, ReturnsPreferences, Step

PLACED = datetime(2026, 11, 2, 9, tzinfo=UTC)
FREE = ReturnsPreferences()


@pytest.mark.parametrize(
    ("progress", "hours", "expected"),
    [
        (Progress(PLACED), 0, Chance.NOW),
        (Progress(PLACED), 24, Chance.NOW),
        (Progress(PLACED), 4, Chance.PERSON),
        (Progress(PLACED, sent=True), 0, Chance.PERSON),
        (Progress(PLACED, sent=True, all_sent=True), 0, Chance.TOO_LATE),
        (Progress(PLACED, sent=True, delivered=True), 0, Chance.TOO_LATE),
        (Progress(PLACED, cancelled=True, sent=True, all_sent=True), 0, Chance.CANCELLED),
    ],
)
def test_the_chance(progress: Progress, hours: int, expected: Chance) -> None:
    wishes = ReturnsPreferences(cancel_hours=hours)
    assert chance(progress, wishes, PLACED + timedelta(hours=5)) is expected


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (Progress(PLACED, sent=True), ["refuse_at_door", "redirect", "return"]),
        (Progress(PLACED, sent=True, out=True), ["refuse_at_door", "return"]),
        (Progress(PLACED, sent=True, delivered=True), ["return"]),
    ],
)
def test_the_next_best(progress: Progress, expected: list[NextBest]) -> None:
    assert list(next_best(progress)) == expected


@given(st.lists(st.sampled_from(Step)))
def test_a_case_ends_once(steps: list[Step]) -> None:
    status, ends = CaseStatus.ASKED, 0
    for step in steps:
        then = after(status, step)
        ends += then is not None and then not in OPEN
        status = then or status
    assert ends <= 1
    assert (status not in OPEN) == bool(ends)


def test_the_diagram_in_the_readme_is_the_table() -> None:
    readme = Path(returns.__file__).with_name("README.md").read_text()
    assert policy.diagram() in readme
