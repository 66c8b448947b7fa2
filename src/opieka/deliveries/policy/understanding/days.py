"""Days in a text, counted from today. What cannot be told for certain is `bad`, never the likeliest guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from opieka.deliveries.policy.understanding.pieces import Piece, Rule, rule

FURTHEST = timedelta(days=60)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Days:
    """From and to, None for open; `vague`: another day is meant, but not which; `bad`: which cannot be told.

    `weekday` keeps what the writer called the day, to be held against a date beside it."""

    first: date | None = None
    last: date | None = None
    vague: bool = False
    bad: bool = False
    weekday: int | None = None

    @property
    def one(self) -> bool:
        """A single day."""
        return self.first is not None and self.first == self.last

    def within(self, other: Days) -> bool:
        """A part of another span, as Saturday is of the weekend."""
        if self.first is None or self.last is None or (self.first, self.last) == (other.first, other.last):
            return False
        begins = other.first is None or other.first <= self.first
        return begins and (other.last is None or self.last <= other.last) and not (other.bad or other.vague)


BAD, VAGUE = Days(bad=True), Days(vague=True)
Build = Callable[[Sequence[Piece]], Days | None]


def _day(found: date, weekday: int | None = None) -> Days:
    return Days(found, found, weekday=weekday)


def _numbers(pieces: Sequence[Piece], codes: str = "N|TH|MO|WD|REL") -> list[int]:
    return [int(found[1]) for one in pieces if (found := re.fullmatch(rf"(?:{codes})(\d+)", one.meaning))]


class Calendar:
    """The rules for one today."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.monday = today - timedelta(days=today.weekday())

    def weekday(self, number: int) -> date:
        """The nearest such day after today."""
        return self.today + timedelta(days=(number - self.today.weekday() - 1) % 7 + 1)

    def in_next_week(self, number: int) -> date:
        return self.monday + timedelta(days=7 + number)

    def next_one(self, number: int) -> Days:
        """ "Next Friday": people differ while this week's still lies ahead."""
        return BAD if number > self.today.weekday() else _day(self.in_next_week(number), number)

    def nth(self, number: int) -> Days:
        """The nearest such day of the month after today."""
        for months in range(3):
            start = self.today + relativedelta(months=months, day=1)
            try:
                found = start.replace(day=number)
            except ValueError:
                continue
            if found > self.today:
                return _day(found)
        return BAD

    def of_month(self, day: int, month: int, year: int | None = None) -> Days:
        """A date; without a year the nearest from today. Impossible, gone by or far away is bad."""
        for candidate in (year,) if year else (self.today.year, self.today.year + 1):
            try:
                found = date(candidate, month, day)
            except ValueError:
                return BAD
            if self.today <= found <= self.today + FURTHEST:
                return _day(found)
        return BAD

    def holiday(self, meaning: str) -> Days:
        """Christmas and New Year: the same days everywhere we deliver."""
        day, month, days = {"XMASEVE": (24, 12, 1), "XMAS": (25, 12, 2), "NYE": (31, 12, 1), "NY": (1, 1, 1)}[
            meaning
        ]
        found = self.of_month(day, month)
        return (
            found
            if found.bad or not found.last
            else replace(found, last=found.last + timedelta(days=days - 1))
        )

    def weekend(self) -> Days:
        if self.today.weekday() >= SATURDAY:
            return BAD
        return Days(self.monday + timedelta(days=5), self.monday + timedelta(days=6))

    def within_week(self, part: str, weeks: int) -> Days:
        """Beginning and end of this or next week."""
        first, last = {"START": (0, 1), "END": (3, 4)}.get(part, (0, 6))
        start = self.monday + timedelta(days=7 * weeks)
        begin, end = start + timedelta(days=first), start + timedelta(days=last)
        if part == "" and weeks == 0:
            begin = self.today
        return Days(begin, end) if begin >= self.today else BAD

    # --- builders ---

    def literal(self, pieces: Sequence[Piece]) -> Days:
        text = str(pieces[-1].value)
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if "-" in text:
            return self.of_month(numbers[2], numbers[1], numbers[0])
        year = (numbers[2] + (2000 if numbers[2] < 100 else 0)) if len(numbers) > 2 else None
        last = self.of_month(numbers[0], numbers[1], year)
        begin = _numbers(pieces[:-1], "N|TH")
        if not begin:
            return last
        return self.spread(self.of_month(begin[0], numbers[1], year), last)

    def named(self, pieces: Sequence[Piece]) -> Days:
        month = 5 if any(one.meaning == "MAY" for one in pieces) else _numbers(pieces, "MO")[0]
        numbers = _numbers(pieces, "N|TH")
        year = next((number for number in numbers if number > 2000), None)
        found = [self.of_month(number, month, year) for number in numbers if number <= 2000]
        return found[0] if len(found) == 1 else self.spread(found[0], found[-1])

    def spread(self, first: Days, last: Days) -> Days:
        if first.bad or last.bad:
            return BAD
        start, end = first.first or first.last, last.last or last.first
        return Days(start, end) if start and end and start < end else BAD

    def counted(self, pieces: Sequence[Piece]) -> Days:
        """ "In three days", "in a week"."""
        names = {one.meaning for one in pieces}
        if names & {"FEW"}:
            return VAGUE if names & {"DAYN"} else BAD
        if names & {"MONTHN", "HOURN", "ONEHOUR", "OCLOCK"}:
            return BAD
        number = next(iter(_numbers(pieces, "N")), 1)
        if "DAYN" in names and not _numbers(pieces, "N"):
            return BAD  # "in a day", "через день": tomorrow or the day after?
        days = number * (1 if "DAYN" in names else 14 if "FORTNIGHT" in names else 7)
        return _day(self.today + timedelta(days=days)) if 0 < days <= FURTHEST.days else BAD

    def agreed(self, pieces: Sequence[Piece]) -> Days | None:
        """ "Friday 27 November", "tomorrow, Tuesday": one day, if it is one."""
        days = [one.value for one in pieces if isinstance(one.value, Days)]
        first, second = days[0], days[-1]
        if first.bad or second.bad:
            return BAD
        called = next((one.weekday for one in days if one.weekday is not None), None)
        exact = next((one for one in days if one.weekday is None), None)
        if called is None or exact is None or not exact.one:
            return None
        assert exact.first is not None  # noqa: S101  # one day has both ends
        return exact if exact.first.weekday() == called else BAD

    def several(self, pieces: Sequence[Piece]) -> Days | None:
        """ "Thursday or Friday": neighbours are one span; others are a choice nobody made for us."""
        days = [one.value for one in pieces if isinstance(one.value, Days)]
        spans = sorted((one.first, one.last) for one in days if one.first and one.last and not one.bad)
        if len(spans) < len(days):
            return BAD
        touching = all((after[0] - before[1]).days in (0, 1) for before, after in pairwise(spans))
        return Days(spans[0][0], spans[-1][1]) if touching else BAD

    def bounded(self, pieces: Sequence[Piece]) -> Days | None:
        days = next(one.value for one in reversed(pieces) if isinstance(one.value, Days))
        kind = pieces[0].meaning
        if days.bad:
            return BAD
        if days.vague or days.first is None or days.last is None:
            return None
        kinds = {one.meaning for one in pieces}
        if "LATEST" in kinds:
            kind = "UNTIL"
        if kind in {"FROM", "OLD"}:
            return Days(days.first, None)
        if kind == "AFTER":
            return Days(days.last + timedelta(days=1), None)
        last = days.last if kind == "UNTIL" else days.first - timedelta(days=1)
        return Days(None, last) if last >= self.today else BAD

    def beside(self, pieces: Sequence[Piece]) -> Days:
        """ "The day after Christmas"."""
        days = pieces[-1].value
        if days.bad or days.first is None or days.last is None:
            return BAD
        after = any(one.meaning == "AFTER" for one in pieces)
        return _day(days.last + timedelta(days=1) if after else days.first - timedelta(days=1))

    def moved(self, pieces: Sequence[Piece]) -> Days:
        """ "Change Wednesday to Thursday"."""
        return next(one.value for one in reversed(pieces) if isinstance(one.value, Days))

    def day_after(self, pieces: Sequence[Piece]) -> Days | None:
        """ "Not tomorrow, the day after"."""
        days = pieces[1].value
        return _day(days.first + timedelta(days=1)) if days.one else None

    def ends(self, pieces: Sequence[Piece]) -> Days | None:
        days = [one.value for one in pieces if isinstance(one.value, Days)]
        return self.spread(days[0], days[1])

    # --- the grammar ---

    def rules(self) -> tuple[Rule, ...]:
        """Pieces to days, in order."""
        return (*self._dates(), *self._words(), *self._weekdays(), *self._joins())

    def _dates(self) -> tuple[Rule, ...]:
        month, number = r"(?:MO\d+|MAY) ", r"(?:N|TH)(?:[1-9]|[12]\d|3[01]) "
        return (
            rule(
                rf"(?:(?:FROM|BETWEEN) )?{number}(?:-|AND|OR|UNTIL|TO|,) {number}{month}(?:N20\d\d )?",
                "D",
                self.named,
            ),
            rule(rf"{number}(?:AT |ON )?{month}(?:N20\d\d )?", "D", self.named),
            rule(r"WD\d (?:, )?N(?:2[5-9]|3[01]) (?!UNTIL|TO|-|OCLOCK)", "D", self._dated),
            rule(rf"{month}{number}(?:N20\d\d )?", "D", self.named),
            rule(rf"(?:(?:FROM|BETWEEN) )?{number}(?:-|AND|OR|UNTIL|TO|/) DATE ", "D", self.literal),
            rule(r"DATE ", "D", self.literal),
            rule(r"(?:AT |ON )?N(?:[1-9]|[12]\d|3[01]) (?:ON )?(?:MONTHN|THIS MONTHN) ", "D", self._nth),
            rule(r"(?<!HALFTO )TH\d+ (?:(?:-|OR|AND) TH\d+ )?", "D", self._nth),
            rule(r"(?:2[5-9]|3[01]) - (?:2[5-9]|3[01]) ", "D", self._nth),
            rule(r"N(?:2[5-9]|3[01]) (?:-|OR|AND|UNTIL|TO) N(?:2[6-9]|3[01]) ", "D", self._nth),
            rule(r"AT N2[34] (?!DAYN|FLAT|STREET|FLOOR|OCLOCK)", "D", lambda p: BAD),  # the hour or the day?
            rule(r"(?:ON|AT) (?:DAYN )?N(?:2[3-9]|3[01]) (?!DAYN|FLAT|STREET|FLOOR|OCLOCK)", "D", self._nth),
            rule(r"(?:UNTIL|BEFORE) XMAS ", "D", self._before_christmas),
            rule(r"(?:XMASEVE|XMAS|NYE|NY) ", "D", lambda p: self.holiday(p[0].meaning)),
        )

    def _dated(self, pieces: Sequence[Piece]) -> Days:
        """ "Friday 27": a day of the month that is that weekday."""
        found = self.nth(_numbers(pieces, "N")[0])
        called = _numbers(pieces, "WD")[0]
        return found if found.first and found.first.weekday() == called else BAD

    def _before_christmas(self, pieces: Sequence[Piece]) -> Days:
        eve = self.holiday("XMASEVE")
        return eve if eve.bad else Days(None, eve.last)

    def _nth(self, pieces: Sequence[Piece]) -> Days:
        numbers = _numbers(pieces, "N|TH")
        found = [self.nth(number) for number in numbers]
        return found[0] if len(found) == 1 else self.spread(found[0], found[-1])

    def _words(self) -> tuple[Rule, ...]:
        following = lambda p: _day(self.in_next_week(_numbers(p, "WD")[0]), _numbers(p, "WD")[0])  # noqa: E731
        return (
            rule(r"WD\d (?:(?:IN|WITH) )?WEEK ", "D", following),
            rule(r"IN WEEK (?:, )?(?:ON |AT )?WD\d ", "D", following),
            rule(r"GONE (?:ON |AT )?(?:WD\d|WEEK|DAYN|MONTHN) ", "PASTDAY", lambda p: True),
            rule(r"WD\d GONE ", "PASTDAY", lambda p: True),
            rule(r"NEXT WEEK ", "OTHERWEEK", lambda p: True),
            rule(
                r"IN (?:ABOUT )?(?:N\d+ |FEW )?(?:DAYN|WEEKN|WEEK|FORTNIGHT|MONTHN|HOURN|ONEHOUR|OCLOCK) ",
                "D",
                self.counted,
            ),
            rule(r"(?:N\d+ |FEW )(?:DAYN|WEEKN|WEEK) FROM (?:RELNOW|REL0) ", "D", self.counted),
            rule(r"FORTNIGHT (?:FROM |ON )?REL0 ", "D", self.counted),
            rule(
                r"HOLD (?:PARCEL )?(?:ON |IN )?(?:N\d+ )?(?:DAYN|WEEKN|WEEK|FORTNIGHT) ",
                "HOLDFOR",
                self.counted,
            ),
            rule(r"WEEKSON REL0 ", "D", lambda p: _day(self.today + timedelta(days=7))),
            rule(r"WEEK (?:ON |FROM )?REL0 ", "D", lambda p: _day(self.today + timedelta(days=7))),
            rule(r"WEEK (?:ON |FROM )?REL1 ", "D", lambda p: _day(self.today + timedelta(days=8))),
            rule(r"REL\d ", "D", lambda p: _day(self.today + timedelta(days=_numbers(p)[0]))),
            rule(r"(?:OTHERDAY|THATDAY) ", "D", lambda p: VAGUE),
            rule(r"FEW DAYN ", "D", lambda p: VAGUE),
        )

    def _weekdays(self) -> tuple[Rule, ...]:
        on = r"(?:(?:ON|AT|IN) )?"
        following = lambda p: _day(self.in_next_week(_numbers(p, "WD")[0]), _numbers(p, "WD")[0])  # noqa: E731
        return (
            rule(rf"OTHERWEEK (?:, )?{on}WD\d ", "D", following),
            rule(
                r"WD\d (?:, |BUT )*NEG (?:ON |AT )?THIS (?:N1 )?(?:, |BUT |N1 |ON |AT )*OTHERWEEK ",
                "D",
                following,
            ),
            rule(rf"WD\d (?:, )?{on}OTHERWEEK ", "D", following),
            rule(r"(?:WEEKSON|WEEK ON) WD\d ", "D", following),
            rule(
                r"(?:START|END) (?:OF |ON |IN )?OTHERWEEK ", "D", lambda p: self.within_week(p[0].meaning, 1)
            ),
            rule(r"OTHERWEEK (?:ON |AT )?(?:START|END) ", "D", lambda p: self.within_week(p[-1].meaning, 1)),
            rule(r"MIDDLE (?:THIS |ON )?(?:OTHERWEEK|WEEK) ", "D", lambda p: BAD),
            rule(r"(?:UNTIL|BEFORE|AFTER) (?:ON )?(?:START|END) (?:THIS |ON )?WEEKN? ", "D", lambda p: BAD),
            rule(r"(?:START|END) (?:THIS |ON )*WEEKN? ", "D", lambda p: self.within_week(p[0].meaning, 0)),
            rule(r"OTHERWEEK ", "D", lambda p: self.within_week("", 1)),
            rule(r"THIS WEEK ", "D", lambda p: self.within_week("", 0)),
            rule(r"(?:OTHER|NEXT) (?:DAYN|WEEKEND) ", "D", lambda p: BAD),
            rule(r"(?:THIS |COMING )*WEEKEND ", "D", lambda p: self.weekend()),
            rule(r"OTHER WD\d ", "D", following),
            rule(r"NEXT WD\d ", "D", lambda p: self.next_one(_numbers(p, "WD")[0])),
            rule(r"(?:THIS |COMING )*WD\d ", "D", self._called),
        )

    def _called(self, pieces: Sequence[Piece]) -> Days:
        number = _numbers(pieces, "WD")[0]
        return _day(self.weekday(number), number)

    def _joins(self) -> tuple[Rule, ...]:
        on = r"(?:(?:ON|AT) )?"
        return (
            rule(
                r"(?:CHANGE|MOVE) (?:PARCEL )?(?:(?:FROM|OLD) )?D (?:ON |TO |UNTIL |AT |IN )D ",
                "MOVED",
                self.moved,
            ),
            rule(rf"(?<!NEG )D (?:, )?{on}D (?:, )?", "D", self.agreed),
            rule(r"(?<!NEG )(?<!CANNOT )D D ", "D", self.several),
            rule(r"NEG D (?:, |BUT )*DAYAFTER ", "D", self.day_after),
            rule(rf"DAYN (?:AFTER|BEFORE) {on}D ", "D", self.beside),
            rule(rf"(?:BETWEEN|FROM) {on}D (?:AND|UNTIL|TO|-|ON) {on}D ", "D", self.ends),
            rule(rf"D (?:-|UNTIL|TO) {on}D ", "D", self.ends),
            rule(rf"D (?:(?:, )?(?:OR|AND|/) {on}D )+", "D", self.several),
            rule(rf"(?:LATEST )(?:UNTIL )?{on}D ", "D", self.bounded),
            rule(r"D LATEST ", "D", self.bounded),
            rule(r"D FROM (?=[.,!]|$)", "D", lambda p: self.bounded([p[1], p[0]])),
            rule(rf"(?:FROM |AFTER |BEFORE |(?:UNTIL )+){on}D (?:ONWARDS )?", "D", self.bounded),
            rule(r"(?:ON |AT )?D ONWARDS ", "D", lambda p: self.bounded([Piece("FROM", 0, 0), *p[-2:-1]])),
        )
