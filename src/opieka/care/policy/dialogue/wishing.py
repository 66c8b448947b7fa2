"""What she wishes, as decisions that are offered now; or the nearest one, or what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from opieka.care.types import Why
from opieka.deliveries.types import Choice, ChoiceKind, Hours, Offer, PointCard, ReplyIntent, Understood
from opieka.orders.types import Address

R, K = ReplyIntent, ChoiceKind
WHERE: Mapping[ReplyIntent, ChoiceKind] = {
    R.NEIGHBOUR: K.NEIGHBOUR,
    R.SAFE_PLACE: K.SAFE_PLACE,
    R.PICKUP_POINT: K.PICKUP_POINT,
    R.ADDRESS: K.ADDRESS,
}
ASK_FIRST = frozenset({K.ADDRESS})
"""What cannot be made good once it is done is asked about before."""
_POSTCODE = re.compile(r"\b(\d{2}-\d{3}|\d{3} \d{2}|\d{5,6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})\b")
_EDGES = " ,.;:-"


@dataclass(frozen=True)
class Wanted:
    """Decisions to be made. `instead`: not quite what she wrote, so she is asked. `points` to choose one from.

    Without decisions `why` says what is missing."""

    choices: tuple[Choice, ...] = ()
    instead: bool = False
    why: Why = Why.NONE
    points: tuple[PointCard, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether she has to say YES first."""
        return self.instead or any(choice.kind in ASK_FIRST for choice in self.choices)


def wanted(
    said: Understood,
    offers: Iterable[Offer],
    *,
    expected: date | None = None,
    points: Sequence[PointCard] = (),
) -> Wanted:
    """What she wishes of a parcel of which this can be decided; `expected` is the day it comes otherwise, `points` are
    those she means."""
    known = {offer.kind: offer for offer in offers}
    if said.intent is R.HOLD:
        return _hold(said, known)
    kind = WHERE.get(said.intent)
    if kind is None:
        return _slot(said, known.get(K.SLOT), expected)
    place = _place(kind, said, points) if kind in known else Wanted(why=Why.NOT_OFFERED)
    if not place.choices or not _tells_when(said):
        return place
    when = _slot(said, known.get(K.SLOT), expected)
    return Wanted((*place.choices, *when.choices), instead=when.instead or not when.choices)


def _tells_when(said: Understood) -> bool:
    return any((said.date_from, said.date_to, said.time_from, said.time_to))


def _place(kind: ChoiceKind, said: Understood, points: Sequence[PointCard]) -> Wanted:
    words = (said.place or "").strip()
    if kind is K.PICKUP_POINT:
        if len(points) == 1:
            return Wanted((Choice(kind=kind, point_id=points[0].id),))
        return Wanted(why=Why.POINT, points=tuple(points))
    if kind is K.ADDRESS:
        to = address_in(words)
        return Wanted((Choice(kind=kind, address=to),)) if to else Wanted(why=Why.ADDRESS)
    return Wanted((Choice(kind=kind, words=words),)) if words else Wanted(why=Why.WORDS)


def address_in(words: str) -> Address | None:
    """Street with a number, postcode and town, in this order; None where one is missing."""
    found = _POSTCODE.search(words)
    if found is None:
        return None
    street, city = words[: found.start()].strip(_EDGES), words[found.end() :].strip(_EDGES)
    complete = any(map(str.isdigit, street)) and any(map(str.isalpha, street)) and any(map(str.isalpha, city))
    return Address(street=street, postcode=found[1], city=city) if complete else None


def _hold(said: Understood, known: Mapping[ChoiceKind, Offer]) -> Wanted:
    """Kept until a day where it can be kept, else brought on that day or the next one."""
    offer = known.get(K.HOLD) or known.get(K.SLOT)
    if offer is None or not offer.days:
        return Wanted(why=Why.NOT_OFFERED)
    first = said.date_from or said.date_to
    if first is None:
        return Wanted(why=Why.WHICH_DAY)
    day = next((day for day in offer.days if day >= first), offer.days[-1])
    kept = Choice(kind=offer.kind, day=day)
    return Wanted((kept,), instead=offer.kind is not K.HOLD or day < first)


def _slot(said: Understood, offer: Offer | None, expected: date | None) -> Wanted:
    if offer is None or not offer.days:
        return Wanted(why=Why.NOT_OFFERED)
    if said.date_from is None and said.date_to is None:
        if not (said.time_from or said.time_to) or expected is None:
            return Wanted(why=Why.WHICH_DAY)
        said = replace(said, date_from=expected, date_to=expected)
    days = [day for day in offer.days if _within(day, said.date_from, said.date_to)]
    day = days[0] if days else _nearest(offer.days, said.date_from or said.date_to or offer.days[0])
    hours = _hours(said, offer.hours)
    fits = hours is None or _fits(hours, said)
    told = hours is not None or not (said.time_from or said.time_to)
    return Wanted((Choice(kind=K.SLOT, day=day, hours=hours),), instead=not (days and fits and told))


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _nearest(days: Sequence[date], to: date) -> date:
    """The next day that can be chosen, else the last one before."""
    return min(days, key=lambda day: (abs(day - to), day < to))


def _hours(said: Understood, offered: Sequence[Hours]) -> Hours | None:
    """The hours that fit, else those that have the most in common with hers; None without any."""
    if not (said.time_from or said.time_to) or not offered:
        return None
    fitting = [hours for hours in offered if _fits(hours, said)]
    return fitting[0] if fitting else min(offered, key=lambda hours: _away(hours, said))


def _fits(hours: Hours, said: Understood) -> bool:
    first, last = _time(said.time_from), _time(said.time_to)
    if first is not None and first == last:
        return hours[0] <= first < hours[1]
    return (first is None or hours[0] >= first) and (last is None or hours[1] <= last)


def _away(hours: Hours, said: Understood) -> timedelta:
    """How far apart the middles of both are."""
    first, last = _time(said.time_from) or time(8), _time(said.time_to) or time(22)
    return abs(_minutes(*hours) - _minutes(first, last))


def _minutes(first: time, last: time) -> timedelta:
    return timedelta(minutes=30 * (first.hour + last.hour) + (first.minute + last.minute) / 2)


def _time(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None
