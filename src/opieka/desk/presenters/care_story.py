"""What care does, in words: icon, sentence and tone for every fact of care."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from opieka.care import facts
from opieka.care.types import Arm, IncidentKind, Move, Severity, StepKind
from opieka.deliveries.types import ReplyIntent
from opieka.desk.pages.parts import Tone
from opieka.desk.presenters import care as words
from opieka.desk.presenters.parcel_words import choice
from opieka.desk.presenters.reader import Reader
from opieka.kernel.facts import Fact

Told = tuple[str, str, Tone]


def _incident(kind: str) -> str:
    return str(words.INCIDENTS[IncidentKind(kind)]) if kind in set(IncidentKind) else kind


def _step(kind: str) -> str:
    return str(words.STEPS[StepKind(kind)]) if kind in set(StepKind) else kind


def _opened(fact: facts.IncidentOpened, _reader: Reader) -> Told:
    tone = Tone.LATE if fact.severity >= Severity.HIGH else Tone.SOON
    return "alert-triangle", _("Trouble: %(what)s") % {"what": _incident(fact.incident_kind)}, tone


def _closed(fact: facts.IncidentClosed, _reader: Reader) -> Told:
    return "circle-check", _("Over: %(what)s") % {"what": _incident(fact.incident_kind)}, Tone.DONE


def _storm(fact: facts.StormBegan, reader: Reader) -> Told:
    told = {"what": _incident(fact.incident_kind), "parcels": reader.number(fact.parcels)}
    return "alert-triangle", _("Many parcels at once: %(what)s (%(parcels)s)") % told, Tone.LATE


def _plan(fact: facts.PlanOpened, _reader: Reader) -> Told:
    if fact.arm == Arm.HOLD_OUT:
        return "note", _("Plan made; drawn not to be contacted"), Tone.PLAIN
    return "note", _("Plan made"), Tone.NEW


def _done(fact: facts.PlanStepDone, _reader: Reader) -> Told:
    told = {"step": _step(fact.step)}
    text = _("Done by itself: %(step)s") if fact.by_itself else _("Done: %(step)s")
    return "check", text % told, Tone.DONE


def _skipped(fact: facts.PlanStepSkipped, _reader: Reader) -> Told:
    return "x", _("Not done: %(step)s") % {"step": _step(fact.step)}, Tone.PLAIN


def _plan_closed(_fact: facts.PlanClosed, _reader: Reader) -> Told:
    return "circle-check", _("Plan finished"), Tone.DONE


def _text(fact: facts.TextTaken, reader: Reader) -> Told:
    did, tone = words.MOVES[Move(fact.move)] if fact.move in set(Move) else (fact.move, Tone.PLAIN)
    told = {"what": _understood(fact, reader), "did": did, "chosen": _chosen(fact, reader)}
    text = (
        _("Understood: %(what)s. %(did)s: %(chosen)s.")
        if fact.choices
        else _("Understood: %(what)s. %(did)s.")
    )
    return "message-circle", text % told, tone


def _chosen(fact: facts.TextTaken, reader: Reader) -> str:
    """What was decided or is asked about: “another day, 27 November”."""
    day = [reader.date(fact.day)] if fact.day else []
    return ", ".join([*map(choice, fact.choices), *day])


def _understood(fact: facts.TextTaken, reader: Reader) -> str:
    """What she said, with its days and hours: “another day, 27 November, 17:00 to 20:00”."""
    what = str(words.INTENTS[ReplyIntent(fact.intent)]) if fact.intent in set(ReplyIntent) else fact.intent
    days = dict.fromkeys(reader.date(day) for day in (fact.date_from, fact.date_to) if day)
    hours = dict.fromkeys(filter(None, (fact.time_from, fact.time_to)))
    return ", ".join(filter(None, (what, " – ".join(days), " – ".join(hours))))


def _undone(_fact: facts.TextUndone, _reader: Reader) -> Told:
    return "arrow-back-up", _("Taken back what her text had done"), Tone.PLAIN


SENTENCES: Mapping[type[Fact], Callable[[Any, Reader], Told]] = {
    facts.IncidentOpened: _opened,
    facts.IncidentClosed: _closed,
    facts.StormBegan: _storm,
    facts.PlanOpened: _plan,
    facts.PlanStepDone: _done,
    facts.PlanStepSkipped: _skipped,
    facts.PlanClosed: _plan_closed,
    facts.TextTaken: _text,
    facts.TextUndone: _undone,
}
