"""Touchpoints, the kinds of facts they hold, and what was set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from opieka.kernel import facts
from opieka.kernel.actor import ActorKind
from opieka.kernel.facts import Stage
from opieka.rest.fields import Out
from opieka.timeline.types import Entry


class Actor(Out):
    """Who did it. `id` is that of the staff member, customer or token; the system has none."""

    kind: ActorKind
    id: int | None


class Touchpoint(Out):
    """One thing that happened. `subject` names what it is about, such as conversation:17; `data` holds the
    fields of its `kind`: see the list of facts."""

    id: int
    at: datetime
    kind: str
    stage: Stage
    subject: str
    customer_id: int | None
    by: Actor
    data: dict[str, Any]

    @classmethod
    def make(cls, entry: Entry) -> Self:
        return cls(
            id=entry.id,
            at=entry.at,
            kind=entry.fact.kind,
            stage=entry.fact.stage,
            subject=entry.subject,
            customer_id=entry.customer_id,
            by=Actor.of(entry.by),
            data=facts.dump(entry.fact),
        )


class FactKind(Out):
    """A kind of fact: what it means, where in the journey it lies, and its fields with their types."""

    kind: str
    stage: Stage
    meaning: str
    fields: dict[str, str]


class Failure(Out):
    """A touchpoint that one reaction could not handle."""

    id: int
    reaction: str
    touchpoint_id: int
    error: str
    attempts: int
    failed_at: datetime


class Retried(Out):
    """What came of trying again."""

    mended: bool
