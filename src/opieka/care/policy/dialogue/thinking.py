"""What is done about a text: by what she says, what we asked before, and what is possible now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from opieka.care.policy.dialogue.wishing import WHERE, wanted
from opieka.care.types import Move, Why
from opieka.deliveries.types import Choice, Offer, PointCard, ReplyIntent, Understood
from opieka.returns.types import Chance

R, M = ReplyIntent, Move

ANSWERS: Mapping[tuple[Move | None, ReplyIntent], Move] = {
    (None, R.CONFIRM): M.NOTED,
    (None, R.REJECT): M.OFFERED,
    (M.ACTED, R.CONFIRM): M.NOTED,
    (M.ACTED, R.REJECT): M.TAKEN_BACK,
    (M.ASKED, R.CONFIRM): M.ACTED,
    (M.ASKED, R.REJECT): M.KEPT,
    (M.WHICH, R.CONFIRM): M.PASSED,
    (M.WHICH, R.REJECT): M.KEPT,
    (M.OFFERED, R.CONFIRM): M.PASSED,
    (M.OFFERED, R.REJECT): M.KEPT,
}
"""What her yes and her no do, by what we did or asked last."""
OPEN = frozenset({M.ACTED, M.ASKED, M.WHICH, M.OFFERED})
"""After these the next text is heard as an answer."""
DONE = frozenset({M.ACTED, M.TAKEN_BACK, M.KEPT, M.NOTED, M.ASKED, M.WHICH, M.OFFERED, M.STOPPED})
"""After these nobody has to read it."""
CLOSING = OPEN | {M.TAKEN_BACK, M.KEPT, M.STOPPED}
"""These end what stood open before; thanks and what a person reads leave it as it was."""
WISHES = frozenset({R.RESCHEDULE, R.TIME_WINDOW, R.HOLD, R.CANCEL, *WHERE})

SURE = 0.5
"""Below it a person reads the text."""
GRACE = timedelta(minutes=10)
"""So long after it was told her a decision rests before the carrier is asked: her NO takes it back."""
LASTS = timedelta(hours=24)
"""So long yes and no are heard as answers to what we asked or did."""
FRESH = timedelta(hours=6)
"""What waited longer to be read is a person's: "tomorrow" may be today, and she may have done something else."""
TOLD_LATELY = timedelta(days=3)
"""Of what was told so lately she speaks, if she does not say of what."""


_WHY = {M.OFFERED: Why.NOTHING_OPEN, M.PASSED: Why.UNSURE}


@dataclass(frozen=True)
class Pending:
    """What we did or asked last in this conversation, if it still waits for her answer."""

    move: Move
    choices: tuple[Choice, ...] = ()
    cancel: bool = False


@dataclass(frozen=True)
class Scene:
    """What is possible with the parcel she means: `expected` is the day it comes, `points` those she means, `chance`
    whether the order can still be cancelled."""

    offers: tuple[Offer, ...] = ()
    expected: date | None = None
    points: tuple[PointCard, ...] = ()
    chance: Chance | None = None


@dataclass(frozen=True)
class Thought:
    """What is to be done: these decisions, or cancelling; `points` are put before her. `instead`: it is not quite what
    she wrote."""

    move: Move
    why: Why = Why.NONE
    choices: tuple[Choice, ...] = ()
    cancel: bool = False
    instead: bool = False
    points: tuple[PointCard, ...] = ()


def think(said: Understood, pending: Pending | None, scene: Scene) -> Thought:
    """What is done about a text whose parcel is known."""
    if said.confidence < SURE or said.intent is R.UNCLEAR:
        return Thought(M.PASSED, Why.UNSURE)
    if said.intent is R.QUESTION:
        return Thought(M.PASSED, Why.QUESTION)
    if said.intent is R.STOP:
        return Thought(M.STOPPED)
    if said.intent in {R.CONFIRM, R.REJECT}:
        return _answered(said.intent, pending, scene)
    return _cancelled(scene) if said.intent is R.CANCEL else _wished(said, scene)


def _answered(intent: ReplyIntent, pending: Pending | None, scene: Scene) -> Thought:
    move = ANSWERS[pending.move if pending else None, intent]
    if move is M.ACTED and pending:
        return Thought(move, choices=pending.choices, cancel=pending.cancel)
    if move is M.OFFERED and not scene.offers:
        return Thought(M.PASSED, Why.NOT_OFFERED)
    return Thought(move, _WHY.get(move, Why.NONE))


def _cancelled(scene: Scene) -> Thought:
    if scene.chance in {Chance.NOW, Chance.PERSON}:
        return Thought(M.ASKED, cancel=True)
    why = {Chance.CANCELLED: Why.CANCELLED, Chance.ASKED: Why.CANCEL_ASKED, Chance.TOO_LATE: Why.GONE}
    return Thought(M.OFFERED, why[scene.chance]) if scene.chance else Thought(M.PASSED, Why.NOT_OFFERED)


def _wished(said: Understood, scene: Scene) -> Thought:
    found = wanted(said, scene.offers, expected=scene.expected, points=scene.points)
    if found.choices:
        move = M.ASKED if found.asks else M.ACTED
        return Thought(move, choices=found.choices, instead=found.instead)
    if found.points:
        return Thought(M.WHICH, found.why, points=found.points)
    if scene.offers:
        return Thought(M.OFFERED, found.why)
    return Thought(M.PASSED, Why.NOT_OFFERED)
