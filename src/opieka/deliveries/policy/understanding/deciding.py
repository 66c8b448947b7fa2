"""From what is said to the one answer. Every acting answer needs evidence; what contradicts itself is unclear."""

from __future__ import annotations

from opieka.deliveries.policy.understanding import hours as clock
from opieka.deliveries.policy.understanding.days import Days
from opieka.deliveries.policy.understanding.places import Place
from opieka.deliveries.policy.understanding.said import Item, Said
from opieka.deliveries.types import ReplyIntent, Understood

I = ReplyIntent  # noqa: E741  # the words of this table
_DOUBT = {"EITHER", "WRONGPERSON", "ALREADY", "MAYBE", "LATER"}
_OFF_TOPIC = {"MATTER"}
UNCLEAR = Understood(intent=I.UNCLEAR, confidence=0.2)


def decide(said: Said) -> Understood:
    """The answer to what was said; confidence before anything was mended."""
    if said.marks & {"STOPME", "STOP"}:
        return _stop(said)
    if "ASKED" in said.marks or (said.exclaimed and not _wishes(said)):
        confidence = 0.85 if "ASKED" in said.marks else 0.7
        return UNCLEAR if _wishes(said) else Understood(intent=I.QUESTION, confidence=confidence)
    if _doubtful(said):
        return UNCLEAR
    if said.still_yes and said.wanted:
        return Understood(intent=I.CONFIRM, confidence=0.6)
    return _cancel(said) or _where(said) or _hold(said) or _when(said) or _answer(said)


def _doubtful(said: Said) -> bool:
    """Something was said that no answer of ours does justice to."""
    sure = any(item.deed and not item.past for item in said.wanted)
    loose_ends = (said.leftover or (said.doubtful and not sure)) and bool(said.wanted or said.declined)
    doubt = said.marks & _DOUBT and not ("HOLD" in said.wished and all(map(_vague, said.wanted)))
    return loose_ends or bool(doubt) or said.strange_conditions > 0 or said.conditions > 1


def _wishes(said: Said) -> bool:
    """Something is wanted beside what is asked."""
    return any(item.sure and not item.past and not item.agreed for item in said.wanted) or bool(
        said.wished - {"BRING"}
    )


def _stop(said: Said) -> Understood:
    wishes = said.wanted or said.wished - {"SEND", "HOLD", "CANCEL", "BRING"}
    lone = "STOPME" in said.marks or (said.unknown == 0 and said.marks <= _BESIDE_STOP)
    return Understood(intent=I.STOP, confidence=0.95) if lone and not wishes else UNCLEAR


_BESIDE_STOP = {"STOP", "THANKS", "HELLO", "ANGRY", "MESSAGEN", "PLEASE", ".", ",", "?"}


def _cancel(said: Said) -> Understood | None:
    if "CANCEL" in said.refused or "KEEPDEED" in said.marks:
        return UNCLEAR
    none = "NOTWANT" in said.marks
    if "CANCEL" not in said.wished and not none:
        return None
    if said.cancelled:
        return UNCLEAR
    if said.marks & {"ASWAS", "CHANGEN"} and "ORDERN" not in said.marks and not none:
        return UNCLEAR if said.wanted else Understood(intent=I.REJECT, confidence=0.8)
    others = [item for item in said.wanted if not item.past and (item.deed or item.sure)]
    others_too = bool(others) or said.conditions or said.wished & {"HOLD", "MOVE"}
    sure = none or "ORDERN" in said.marks
    return Understood(intent=I.CANCEL, confidence=0.9) if sure and not others_too else UNCLEAR


def _chosen(items: list[Item]) -> list[Item]:
    """What counts of several: what is said with a deed, else what is sure, never what has been."""
    now = [item for item in items if not item.past]
    for better in (
        [item for item in now if item.final and item.sure],
        [item for item in now if item.deed],
        [item for item in now if item.sure],
    ):
        if better:
            return better
    return now


def _where(said: Said) -> Understood | None:
    here = [item for item in said.wanted if isinstance(item.value, Place) and not item.past]
    found = _chosen(here)
    places = [item.value for item in found if isinstance(item.value, Place)]
    told_about = not here and said.wished & {"GIVE", "LEAVE"} and not said.past
    if said.described and told_about:  # "my neighbour is always in, give it to her"
        places = said.described
        said.marks.discard("DESCRIBED")
    kinds = {item.value.kind for item in here if isinstance(item.value, Place)} or _unnamed(said, places)
    if not kinds:
        return None
    if len(kinds) > 1 or _no_place_to_act_on(said, found, places, kinds):
        return UNCLEAR
    words = {place.words for place in places if place.words}
    words = words or {item.value.words for item in here if isinstance(item.value, Place) and item.value.words}
    when = _times(said)
    words = _longest(words)
    if len(words) > 1 or when is None or _half_told(said, next(iter(kinds)), words):
        return UNCLEAR
    confidence = 0.9 if said.unknown <= 1 else 0.75
    return _answered(I(kinds.pop()), *when, next(iter(words), None), confidence)


def _unnamed(said: Said, described: list[Place]) -> set[str]:
    """The kind of place that is meant where none is named."""
    if described:
        return {"neighbour"}
    if "COLLECT" in said.wished:
        return {"pickup_point"}
    return {"address"} if "ADDRESS" in said.marks and not said.plain_no and not said.past else set()


def _no_place_to_act_on(said: Said, found: list[Item], places: list[Place], kinds: set[str]) -> bool:
    """Something is said of a place, not what to do there."""
    nowhere = kinds == {"address"} and not any(place.words for place in places)
    if nowhere and not (said.wished or said.marks & {"WANT", "CANYOU", "PLEASE", "CHANGE"}):
        return True  # "I am at my mother's": nobody asked to bring it there
    if said.marks & {"DESCRIBED", "BUTPAST"} and not any(item.deed for item in found):
        return True  # "it goes to a locker, but I ordered to my door"
    return bool(said.marks & _OFF_TOPIC) or any(not item.sure and not _alone(said) for item in found)


def _half_told(said: Said, kind: str, words: set[str]) -> bool:
    """More was said of the place than was understood."""
    untold = "UNTOLD" in said.marks or (not words and bool(said.marks & _TELL_A_PLACE[kind]))
    untold = untold or (not words and kind == "pickup_point" and "THERE" in said.marks)
    return untold or (kind == "neighbour" and "FLATNO" in said.marks and not said.flat_told)


def _longest(words: set[str]) -> set[str]:
    """Without those that another one contains: "the concierge" and "with the concierge" are one place."""
    told = {one.casefold(): one for one in words}
    return {one for key, one in told.items() if not any(key != other and key in other for other in told)}


_TELL_A_PLACE: dict[str, set[str]] = {
    "neighbour": {"NAMED", "TITLE", "PERSON", "FLAT", "FLATNO", "FLOOR", "HOME"},
    "safe_place": set(),
    "pickup_point": {"CODE", "STREET"},
    "address": {"STREET", "FLATNO", "NUMBER", "CODE"},
}
"""What would tell which place; where it is said and still no words were found, a person has to look."""


def _alone(said: Said) -> bool:
    """Few enough unknown words to be about nothing else."""
    return said.unknown <= 3


def _times(said: Said) -> tuple[Days | None, clock.Hours | None] | None:
    """The day and hours meant; None when they contradict themselves or nothing says that they are meant."""
    when = [item for item in said.wanted if not isinstance(item.value, Place) and not item.past]
    surely = [item for item in when if item.sure] or when
    if any(not _vague(item) for item in when) and all(_vague(item) for item in surely):
        return None
    told = any(item.deed or item.agreed or item.final for item in surely)
    if not told and any(item.strange and not _vague(item) for item in when if item not in surely):
        return None  # "Wednesday, at a pinch Thursday"
    dated = [item for item in surely if isinstance(item.value, Days)]
    chosen = _chosen([item for item in dated if not _vague(item)] or dated)
    days = list(dict.fromkeys(item.value for item in chosen if isinstance(item.value, Days)))
    exact = [one for one in days if not one.vague] or days
    exact = [one for one in exact if not any(other.within(one) for other in exact)]
    if "CORRECT" in said.marks and any(item.final for item in chosen):
        surely = [item for item in surely if item.final or isinstance(item.value, Days)]
    hours_said = _chosen([item for item in surely if isinstance(item.value, clock.Hours)])
    hours = clock.joined([item.value for item in hours_said if isinstance(item.value, clock.Hours)])
    loose = any(not item.sure for item in [*chosen, *hours_said])
    called = {one.weekday for one in days if one.weekday is not None}
    if called and exact and not exact[0].one and exact[0].first and exact[0].last:
        return None  # "Thursday, but next week": which Thursday?
    if len(exact) > 1 or any(one.bad for one in exact) or (hours and hours.bad) or loose:
        return None
    return (exact[0] if exact else None), hours


def _vague(item: Item) -> bool:
    return not isinstance(item.value, Place) and item.value.vague


def _hold(said: Said) -> Understood | None:
    if "HOLD" in said.refused:
        return UNCLEAR
    if "STRANGEHOLD" in said.marks and not (said.wanted or said.back):
        return UNCLEAR  # "I hold you responsible"
    away = bool(said.back) and not any(isinstance(item.value, Days) for item in said.wanted)
    if "HOLD" not in said.wished and not away:
        return None
    until = [item for item in [*said.wanted, *said.back] if isinstance(item.value, Days) and not item.past]
    found = {
        item.value.last or item.value.first
        for item in until
        if isinstance(item.value, Days) and not item.value.vague
    }
    hours = [item for item in said.wanted if isinstance(item.value, clock.Hours)]
    bad = any(isinstance(item.value, Days) and item.value.bad for item in until)
    if len(found) > 1 or bad or hours or said.marks & _OFF_TOPIC or said.wished & {"MOVE"}:
        return UNCLEAR
    return Understood(
        intent=I.HOLD, date_from=next(iter(found), None), confidence=0.85 if "HOLD" in said.wished else 0.6
    )


def _when(said: Said) -> Understood | None:
    elsewhere = "THERE" in said.marks and said.wished & {"SEND", "BRING", "LEAVE"}
    if elsewhere or said.marks & (_OFF_TOPIC | {"TOOLATE", "STRANGEPLACE", "NUMBER", "STREET"}):
        return UNCLEAR
    return _agreed(said) or _timed(said) or _declined(said)


def _agreed(said: Said) -> Understood | None:
    """ "Yes, Friday is fine" repeats what we said; "yes, Friday" may be a wish."""
    days = [item for item in said.wanted if isinstance(item.value, Days)]
    only_days = bool(days) and len(days) == len(said.wanted) and not any(item.deed for item in days)
    if not (said.plain_yes and only_days and "BUT" not in said.marks):
        return None
    return Understood(intent=I.CONFIRM, confidence=0.8) if all(item.agreed for item in days) else UNCLEAR


def _timed(said: Said) -> Understood | None:
    """The day, with or without hours, or the hours she wants."""
    found = _times(said)
    if found is None:
        return UNCLEAR
    days, hours = found
    if not (days or hours):
        return None
    been = any(item.past and isinstance(item.value, Days) for item in said.wanted)
    if been and not any(item.deed or item.final for item in said.wanted if not item.past):
        return UNCLEAR  # "it was due on Friday and now it is Monday"
    of_which_day = hours and not days and any(isinstance(item.value, Days) for item in said.declined)
    against = said.refused & {"BRING", "MOVE", "HOLD"} and not said.wished
    if of_which_day or against:
        return UNCLEAR
    return _answered(
        I.RESCHEDULE if days else I.TIME_WINDOW, days, hours, None, 0.9 if said.unknown <= 1 else 0.75
    )


def _declined(said: Said) -> Understood | None:
    """A day or hours only refused, or another day without saying which."""
    declined = [item.value for item in said.declined if not item.past]
    if any(isinstance(value, Days) and value.bad for value in declined) or (
        declined and "OPENWISH" in said.marks
    ):
        return UNCLEAR
    if any(isinstance(value, Days) for value in declined):
        only = all(isinstance(value, Days) for value in declined)
        return Understood(intent=I.RESCHEDULE, confidence=0.75) if only else UNCLEAR
    if "MOVE" in said.wished:
        told = said.unknown or said.marks & {"NUMBER", "ORD"} or "MOVE" in said.refused
        told = told or said.marks & {"AGAIN", "PASTDEED"}
        return UNCLEAR if told else Understood(intent=I.RESCHEDULE, confidence=0.75)
    return Understood(intent=I.TIME_WINDOW, confidence=0.75) if declined else None


def _answered(
    intent: ReplyIntent, days: Days | None, hours: clock.Hours | None, place: str | None, confidence: float
) -> Understood:
    return Understood(
        intent=intent,
        date_from=days.first if days else None,
        date_to=days.last if days else None,
        time_from=clock.written(hours.first) if hours else None,
        time_to=clock.written(hours.last) if hours else None,
        place=place,
        confidence=confidence,
    )


_NEITHER = {"MATTER", "STOP", "MESSAGEN", "LEFTOVER", "PASTDEED", "SAFEPREP", "DESCRIBED"}


def _answer(said: Said) -> Understood:
    """Yes, no, or nothing to act on."""
    if _kept(said):
        return Understood(intent=I.REJECT, confidence=0.7)
    if said.marks & _NEITHER or said.refused or said.conditions or said.wanted:
        return UNCLEAR
    if "ASKS" in said.marks and not said.wished - {"BRING"}:
        return Understood(intent=I.QUESTION, confidence=0.6)
    yes = "YES" in said.marks
    refusal = 0.0 if yes else _refusal(said)
    if refusal:
        return Understood(intent=I.REJECT, confidence=refusal)
    against = said.marks & {"ANGRY", "AGAIN", "ABSENT", "CANNOT", "NEG", "NO", "ORDERN"} or said.plain_no
    if yes and said.unknown <= 1 and not against and not said.wished - {"BRING"}:
        return Understood(intent=I.CONFIRM, confidence=0.95 - 0.15 * said.unknown)
    return UNCLEAR


def _kept(said: Said) -> bool:
    """She wants it left as it was, and nothing else."""
    others = said.wished - {"LEAVE", "CHANGE", "MOVE", "BRING", "CANCEL"} or said.refused - {"CHANGE", "MOVE"}
    return "ASWAS" in said.marks and not (
        others or said.wanted or said.marks & {"MATTER", "STOP", "MESSAGEN"}
    )


def _refusal(said: Said) -> float:
    """How surely she says no, 0 if she does not."""
    told = said.plain_no or "NO" in said.marks or {"NEG", "SAIDSO"} <= said.marks
    if told and said.unknown <= _FEW:
        return 0.85 - 0.1 * said.unknown
    if "ASWAS" in said.marks:
        return 0.7
    return 0.6 if said.opens_no and said.unknown <= _FEW else 0.0


_FEW = 3
