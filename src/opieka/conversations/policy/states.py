"""What can happen to a conversation, and what comes of it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from opieka.channels.types import Channel, Incoming
from opieka.conversations.policy.wishes import wish
from opieka.conversations.types import MessageKind, State, Step

EPOCH = datetime(1990, 1, 1, tzinfo=UTC)

STEPS: Mapping[tuple[State, Step], State] = {
    (State.OPEN, Step.RECEIVE): State.OPEN,
    (State.WAITING, Step.RECEIVE): State.OPEN,
    (State.SNOOZED, Step.RECEIVE): State.OPEN,
    (State.RESOLVED, Step.RECEIVE): State.OPEN,
    (State.SPAM, Step.RECEIVE): State.SPAM,
    (State.OPEN, Step.ANSWER): State.WAITING,
    (State.WAITING, Step.ANSWER): State.WAITING,
    (State.SNOOZED, Step.ANSWER): State.WAITING,
    (State.RESOLVED, Step.ANSWER): State.WAITING,
    (State.SPAM, Step.ANSWER): State.WAITING,
    (State.OPEN, Step.FAIL): State.OPEN,
    (State.WAITING, Step.FAIL): State.OPEN,
    (State.SNOOZED, Step.FAIL): State.OPEN,
    (State.RESOLVED, Step.FAIL): State.OPEN,
    (State.SPAM, Step.FAIL): State.SPAM,
    (State.OPEN, Step.RESOLVE): State.RESOLVED,
    (State.WAITING, Step.RESOLVE): State.RESOLVED,
    (State.SNOOZED, Step.RESOLVE): State.RESOLVED,
    (State.WAITING, Step.REOPEN): State.OPEN,
    (State.SNOOZED, Step.REOPEN): State.OPEN,
    (State.RESOLVED, Step.REOPEN): State.OPEN,
    (State.SPAM, Step.REOPEN): State.OPEN,
    (State.OPEN, Step.SNOOZE): State.SNOOZED,
    (State.WAITING, Step.SNOOZE): State.SNOOZED,
    (State.SNOOZED, Step.SNOOZE): State.SNOOZED,
    (State.SNOOZED, Step.WAKE): State.OPEN,
    (State.OPEN, Step.MARK_SPAM): State.SPAM,
    (State.WAITING, Step.MARK_SPAM): State.SPAM,
    (State.SNOOZED, Step.MARK_SPAM): State.SPAM,
    (State.RESOLVED, Step.MARK_SPAM): State.SPAM,
}


def after(state: State, step: Step) -> State | None:
    """The state that follows, or None when the step is not possible now."""
    return STEPS.get((state, step))


def kind_of(incoming: Incoming, *, from_customer: bool) -> MessageKind:
    """What an incoming message is. What the shop sends to itself (a copy of an order) asks for nothing, nor does
    a STOP: it is done at once."""
    if incoming.bounce:
        return MessageKind.BOUNCE
    handled = incoming.channel is Channel.SMS and wish(incoming.text) is not None
    by_person = from_customer and not incoming.automatic and not handled
    return MessageKind.PERSON if by_person else MessageKind.AUTOMATIC


def moment(sent_at: datetime | None, received_at: datetime) -> datetime:
    """When a message was written: what it claims, unless that lies in the future or before there was mail."""
    believable = sent_at and EPOCH < sent_at <= received_at
    return sent_at if sent_at and believable else received_at


def is_over(state: State, resolved_at: datetime | None, *, reopen_days: int, now: datetime) -> bool:
    """Whether a conversation was resolved too long ago to be taken up again; 0 days: never."""
    if state is not State.RESOLVED or resolved_at is None or reopen_days == 0:
        return False
    return now - resolved_at > timedelta(days=reopen_days)


def months_ago(now: datetime, months: int) -> datetime | None:
    """The moment so many months ago (the last day of a shorter one); None for 0: nothing is too old."""
    if months == 0:
        return None
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def diagram() -> str:
    """STEPS as a Mermaid state diagram."""
    steps = {(state, to): [] for (state, _), to in STEPS.items()}  # type: dict[tuple[State, State], list[str]]
    for (state, step), to in STEPS.items():
        steps[state, to].append(step.value)
    lines = [
        f"    {state} --> {to}: {', '.join(names)}" for (state, to), names in steps.items() if state != to
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> open", "    [*] --> resolved: tell", *lines])
