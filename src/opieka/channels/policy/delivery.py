"""How an outgoing message goes from step to step, and when a failed attempt is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from opieka.channels.types import Channel, DispatchState, Reported


class Step(StrEnum):
    """What can happen to an outgoing message."""

    CANCEL = "cancel"
    FORGET = "forget"
    WITHHOLD = "withhold"
    CLAIM = "claim"
    ACCEPT = "accept"
    DEFER = "defer"
    LOSE = "lose"
    GIVE_UP = "give up"
    BOUNCE = "bounce"
    RETRY = "retry"


_S = DispatchState

STEPS: Mapping[tuple[DispatchState, Step], DispatchState] = {
    (_S.HELD, Step.CANCEL): _S.CANCELLED,
    (_S.HELD, Step.FORGET): _S.CANCELLED,
    (_S.QUEUED, Step.FORGET): _S.CANCELLED,
    (_S.QUEUED, Step.WITHHOLD): _S.CANCELLED,
    (_S.HELD, Step.CLAIM): _S.SENDING,
    (_S.QUEUED, Step.CLAIM): _S.SENDING,
    (_S.SENDING, Step.ACCEPT): _S.SENT,
    (_S.SENDING, Step.DEFER): _S.QUEUED,
    (_S.SENDING, Step.LOSE): _S.QUEUED,
    (_S.SENDING, Step.GIVE_UP): _S.FAILED,
    (_S.SENDING, Step.BOUNCE): _S.BOUNCED,
    # The answer of a relay that came after we had stopped waiting for it still counts.
    (_S.QUEUED, Step.ACCEPT): _S.SENT,
    (_S.FAILED, Step.ACCEPT): _S.SENT,
    (_S.QUEUED, Step.BOUNCE): _S.BOUNCED,
    (_S.FAILED, Step.BOUNCE): _S.BOUNCED,
    (_S.SENT, Step.BOUNCE): _S.BOUNCED,
    (_S.FAILED, Step.RETRY): _S.QUEUED,
}

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
PATIENCE = timedelta(days=5)
LEASE = timedelta(minutes=15)
"""Longer than any attempt can last: an attempt that is older was cut short by the death of its process."""


def after(state: DispatchState, step: Step) -> DispatchState | None:
    """The state after a step; None when the step is not possible there."""
    return STEPS.get((state, step))


def heard(before: Reported, now: Reported) -> Reported:
    """What is known after one more report: never less than before, in whatever order reports come."""
    order = list(Reported)
    return max(before, now, key=order.index)


def is_final(channel: Channel, state: DispatchState, reported: Reported) -> bool:
    """Whether nothing that is told of a message later counts any more.

    A network says once of a text that it arrived or that it did not. A mail may come back after it was
    delivered: some systems notice only then.
    """
    arrived = reported in {Reported.DELIVERED, Reported.OPENED}
    return channel is Channel.SMS and (state is DispatchState.BOUNCED or arrived)


def diagram() -> str:
    """The table as a Mermaid diagram; the README shows it."""
    drawn: dict[tuple[DispatchState, DispatchState], list[str]] = {}
    for (state, step), following in STEPS.items():
        drawn.setdefault((state, following), []).append(step)
    lines = [f"    {here} --> {there}: {', '.join(steps)}" for (here, there), steps in drawn.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> held", "    [*] --> queued: automatic", *lines])


def next_try(*, attempts: int, since: datetime, now: datetime) -> datetime | None:
    """When to try again after `attempts` failed ones, the first of them `since`; None to give up."""
    if now - since >= PATIENCE:
        return None
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]
