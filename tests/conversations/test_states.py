"""The steps of a conversation, as a table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import opieka.conversations
from opieka.conversations.policy import states
from opieka.conversations.types import State, Step

README = Path(opieka.conversations.__file__).parent / "README.md"


@pytest.mark.parametrize(
    ("state", "step", "to"),
    [
        ("waiting", "receive", "open"),
        ("resolved", "receive", "open"),
        ("snoozed", "receive", "open"),
        ("spam", "receive", "spam"),
        ("open", "answer", "waiting"),
        ("resolved", "fail", "open"),
        ("resolved", "resolve", None),
        ("open", "reopen", None),
        ("open", "wake", None),
        ("spam", "reopen", "open"),
        ("resolved", "snooze", None),
    ],
)
def test_steps(state: str, step: str, to: str | None) -> None:
    assert states.after(State(state), Step(step)) == to


def test_whatever_the_state_a_message_can_come_and_an_answer_go() -> None:
    for state in State:
        for step in (Step.RECEIVE, Step.ANSWER, Step.FAIL):
            assert states.after(state, step) is not None


def test_the_diagram_in_the_readme_is_the_table() -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", README.read_text(), re.DOTALL)
    assert drawn
    assert drawn[1] == states.diagram()


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "ago", "days", "over"),
    [
        (State.RESOLVED, 31, 30, True),
        (State.RESOLVED, 30, 30, False),
        (State.RESOLVED, 1000, 0, False),
        (State.OPEN, 1000, 30, False),
    ],
)
def test_what_is_too_long_ago_to_be_taken_up_again(state: State, ago: int, days: int, over: bool) -> None:
    assert states.is_over(state, NOW - timedelta(days=ago), reopen_days=days, now=NOW) is over


@pytest.mark.parametrize(
    ("sent", "believed"),
    [(None, False), (timedelta(hours=-1), True), (timedelta(days=-4000), True), (timedelta(hours=1), False),
     (timedelta(days=-20000), False)],
)  # fmt: skip
def test_when_a_message_was_written(sent: timedelta | None, believed: bool) -> None:
    claims = NOW + sent if sent is not None else None
    assert states.moment(claims, NOW) == (claims if believed else NOW)
