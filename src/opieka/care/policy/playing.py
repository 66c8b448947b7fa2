"""What is done about incidents: playbooks, steps, and who may be left alone to learn what contacting is worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from opieka.care.types import WRITTEN, Act, IncidentKind, Severity, StepKind, StepState
from opieka.goodwill.types import GiftReason

STEPS: Mapping[tuple[StepState, Act], StepState] = {
    (StepState.PLANNED, Act.DO): StepState.DONE,
    (StepState.PLANNED, Act.SKIP): StepState.SKIPPED,
}

USUAL: Mapping[IncidentKind, tuple[StepKind, ...]] = {
    IncidentKind.DELAY_EXPECTED: (StepKind.NEW_DATE, StepKind.OFFER),
    IncidentKind.LATE: (StepKind.APOLOGISE, StepKind.NEW_DATE, StepKind.OFFER),
    IncidentKind.STALE: (StepKind.ASK_CARRIER,),
    IncidentKind.LOST: (StepKind.APOLOGISE, StepKind.REPLACE, StepKind.GOODWILL),
    IncidentKind.DAMAGED: (StepKind.APOLOGISE, StepKind.REPLACE),
    IncidentKind.SENT_BACK: (StepKind.APOLOGISE, StepKind.CALL),
    IncidentKind.WAITING: (StepKind.REMIND,),
    IncidentKind.PARTLY: (StepKind.APOLOGISE, StepKind.ASK_CARRIER),
    IncidentKind.NOT_HERE: (StepKind.APOLOGISE, StepKind.ASK_CARRIER, StepKind.CALL),
    IncidentKind.MISSING: (StepKind.APOLOGISE, StepKind.REPLACE),
    IncidentKind.WRONG: (StepKind.APOLOGISE, StepKind.REPLACE),
    IncidentKind.UNANSWERED: (StepKind.ANSWER,),
    IncidentKind.BAD_ANSWER: (StepKind.ANSWER, StepKind.CALL),
}
"""The playbooks of a shop that has not written its own. Nothing of them is done without a person."""

CONTACTING = frozenset({*WRITTEN, StepKind.CALL, StepKind.GOODWILL})
"""Steps that are not done for somebody who was drawn to be left alone."""

OVER = frozenset({*WRITTEN, StepKind.ANSWER, StepKind.ASK_CARRIER})
"""Steps that make no sense any more once the trouble is over; making good still does."""

HOLDABLE = frozenset(
    {IncidentKind.DELAY_EXPECTED, IncidentKind.LATE, IncidentKind.STALE, IncidentKind.WAITING}
)
"""Only where nothing is owed may somebody be left uncontacted: never where goods are lost, damaged or missing, never
where she waits for an answer."""


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_DRAWN = 10


def added(steps: Collection[StepKind], planned: Collection[StepKind]) -> list[StepKind]:
    """The steps of a playbook that a plan does not have yet."""
    return [step for step in dict.fromkeys(steps) if step not in planned]


def runs_by_itself(step: StepKind, severity: Severity, limit: int) -> bool:
    """Whether a step is done without a person."""
    return (step in WRITTEN or step is StepKind.GOODWILL) and severity <= limit


def reason_of(kind: IncidentKind) -> GiftReason:
    """For what something is given after an incident."""
    return _REASONS.get(kind, GiftReason.LATE)


_REASONS: Mapping[IncidentKind, GiftReason] = {
    IncidentKind.LOST: GiftReason.LOST,
    IncidentKind.NOT_HERE: GiftReason.LOST,
    IncidentKind.DAMAGED: GiftReason.DAMAGED,
    IncidentKind.MISSING: GiftReason.MISTAKE,
    IncidentKind.WRONG: GiftReason.MISTAKE,
    IncidentKind.UNANSWERED: GiftReason.SERVICE,
    IncidentKind.BAD_ANSWER: GiftReason.SERVICE,
}


def is_held_out(signature: str, per_cent: int) -> bool:
    """Whether a keyed hash (at least ten letters of base32) draws somebody into the share that is not contacted."""
    drawn = 0
    for letter in signature[:_DRAWN]:
        drawn = drawn * len(_BASE32) + _BASE32.index(letter)
    return drawn * 100 < per_cent * int(len(_BASE32) ** _DRAWN)
