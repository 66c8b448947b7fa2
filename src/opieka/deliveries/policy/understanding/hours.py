"""Hours in a text: clocks, parts of the day, spans. Minutes after midnight.

A bare hour from 1 to 6 is of the afternoon, from 9 to 12 of the day; 7 and 8 need something that tells. A reading
outside 07:00 to 22:00 is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opieka.deliveries.policy.understanding.pieces import Piece, Rule, rule

EARLIEST, LATEST = 7 * 60, 22 * 60
HALF_DAY = 12 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day that may be meant twelve hours later; `told` says that it cannot."""

    minutes: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """From and to in minutes, None for open; `vague`: hours are meant, but not which; `bad`: which cannot be told."""

    first: int | None = None
    last: int | None = None
    vague: bool = False
    bad: bool = False


BAD, VAGUE = Hours(bad=True), Hours(vague=True)
_PARTS = {
    "MORNING": Hours(480, 720), "FORENOON": Hours(None, 720), "AFTERNOON": Hours(720, 1080),
    "EVENING": Hours(1080, 1320), "NOON": Hours(720, 720), "NIGHT": BAD, "MIDNIGHT": BAD, "VAGUETIME": VAGUE,
}  # fmt: skip
_LATE = {"PM", "AFTERNOON", "EVENING"}
_NUMBER = re.compile(r"\d+")


def readings(clock: Clock) -> list[int]:
    """What a clock may mean, in minutes."""
    hour = clock.minutes // 60
    if clock.told or hour > 12 or hour == 0:
        return [clock.minutes]
    if hour <= 6:
        return [clock.minutes + HALF_DAY]
    either = hour in (7, 8) and clock.minutes % 60 == 0  # nobody says 8:30 of the evening without saying so
    return [clock.minutes, clock.minutes + HALF_DAY] if either else [clock.minutes]


def span(first: Clock, last: Clock) -> Hours:
    """From one clock to the other: the second is the first one after the first."""
    found = set()
    for start in readings(first):
        ends = [last.minutes] if last.told else [last.minutes, last.minutes + HALF_DAY]
        end = next((end for end in ends if end > start), None)
        if end is not None and EARLIEST <= start < end <= LATEST:
            found.add((start, end))
    if len(found) > 1 and last.told:  # "7 to 9 in the evening": both are of the evening
        found = {max(found)}
    return Hours(*found.pop()) if len(found) == 1 else BAD


def _one(clock: Clock) -> int | None:
    fitting = [minutes for minutes in readings(clock) if EARLIEST <= minutes <= LATEST]
    return fitting[0] if len(fitting) == 1 else None


def _clock(piece: Piece) -> Clock | None:
    """The clock of a piece that is one, or of a bare number that can be an hour."""
    if isinstance(piece.value, Clock):
        return piece.value
    if re.fullmatch(r"N\d+", piece.meaning):
        hour = int(piece.meaning[1:])
        return Clock(hour * 60) if 1 <= hour <= 24 else None
    return None


def _clocks(pieces: Sequence[Piece]) -> list[Clock] | None:
    """The clocks among the pieces; None if a number among them is no hour."""
    numbers = [piece for piece in pieces if piece.meaning == "C" or re.fullmatch(r"N\d+", piece.meaning)]
    found = [_clock(piece) for piece in numbers]
    return None if None in found else [clock for clock in found if clock]


def _literal(pieces: Sequence[Piece]) -> Clock | None:
    """17:30, 9.30, 17h30, 5pm, 5 p.m."""
    text = str(pieces[0].value).lower()
    hour, minutes = (int(number) for number in (*_NUMBER.findall(text), "0")[:2])
    if hour > 24 or minutes > 59:
        return None
    late, early = re.search(r"p|μ\.?\s?μ", text), re.search(r"a|π", text)
    if late or early:
        return Clock((hour % 12 + (12 if late else 0)) * 60 + minutes, told=True)
    return Clock(hour * 60 + minutes, told=text.startswith("0") or hour > 12)


def _moved(by: int, *, hour_before: bool = False) -> object:
    def build(pieces: Sequence[Piece]) -> Clock | None:
        clocks = _clocks(pieces)
        if not clocks:
            return None
        minutes = clocks[0].minutes + by - (60 if hour_before else 0)
        return Clock(minutes % 1440, told=clocks[0].told)

    return build


def _half_before(pieces: Sequence[Piece]) -> Clock | None:
    number = next(
        int(found[0])
        for one in reversed(pieces)
        if (found := re.search(r"(?<=[NH])\d+$|(?<=T)\d+$", one.meaning))
    )
    return Clock((number * 60 - 30) % 1440) if 1 <= number <= 24 else None


def _half_after(pieces: Sequence[Piece]) -> Clock:
    return Clock(int(pieces[0].meaning[2:]) * 60 + 30)


def _spoken(pieces: Sequence[Piece]) -> Clock:
    """ "Eight thirty", "16 30": an hour and its minutes."""
    hour, minutes = (int(one.meaning[1:]) for one in pieces[:2])
    return Clock(hour * 60 + minutes, told=hour > 12)


def _plain(pieces: Sequence[Piece]) -> Clock | None:
    clocks = _clocks(pieces)
    return clocks[0] if clocks else None


def _in_part(pieces: Sequence[Piece]) -> Clock | None:
    """ "7 in the evening": the part of the day tells which half."""
    clock = next((found for one in pieces if (found := _clock(one))), None)
    part = next(one.meaning for one in pieces if one.meaning in {*_PARTS, "AM", "PM"})
    if clock is None:
        return None
    if clock.told or clock.minutes >= 13 * 60:
        return Clock(clock.minutes, told=True)
    hour = clock.minutes % HALF_DAY
    if part == "NIGHT":
        return None
    noon = part in {"NOON"} and hour < 6 * 60
    return Clock(
        hour + HALF_DAY if part in _LATE or noon or (clock.minutes >= HALF_DAY and part != "AM") else hour,
        told=True,
    )


def _spread(pieces: Sequence[Piece]) -> Hours | None:
    clocks = _clocks(pieces)
    if clocks is None or len(clocks) != 2:
        return None
    first, last = clocks
    return span(first, last)


def _side(kind: str) -> object:
    def build(pieces: Sequence[Piece]) -> Hours | None:
        clocks = _clocks(pieces)
        if not clocks:
            return None
        minutes = _one(clocks[0])
        if minutes is None:
            return BAD
        return {"from": Hours(minutes, None), "to": Hours(None, minutes), "at": Hours(minutes, minutes)}[kind]

    return build


def _since(hours: Hours) -> Hours | None:
    """ "I am home at 3, so after that"."""
    return Hours(hours.first, None) if hours.first is not None else None


def _no_later(hours: Hours) -> Hours | None:
    """ "Half four at the latest"."""
    return Hours(None, hours.first) if hours.first is not None and hours.first == hours.last else None


def _part(pieces: Sequence[Piece]) -> Hours:
    return next(_PARTS[one.meaning] for one in pieces if one.meaning in _PARTS)


_PART = r"(?:MORNING|AFTERNOON|EVENING|NOON|NIGHT) "
_C = r"(?:C|N\d+) "
_ON = r"(?:(?:AT|ON|IN|ABOUT) )?"

_BEFORE_CLOCK = (
    "(?:" + "|".join(f"(?<={word} )" for word in ("AT", "UNTIL", "AFTER", "FROM", "BEFORE", "ABOUT")) + ")"
)

CLOCKS: tuple[Rule, ...] = (
    rule(r"CLOCK ", "C", _literal),
    rule(r"N(?:[7-9]|1\d|2[0-4]|[1-6]) N(?:15|20|30|40|45|50|0) (?:N0 )?", "C", _spoken),
    rule(r"HP\d+ ", "C", _half_after),
    rule(r"NOON (?=(?:UNTIL|TO|-|AND) (?:AT )?(?:C|N\d+) )", "C", lambda _: Clock(12 * 60, told=True)),
    rule(r"(?:C|N\d+) ONEHOUR ", "C", _plain),
    rule(_BEFORE_CLOCK + "ONEHOUR ", "C", lambda _: Clock(13 * 60, told=True)),
    rule(r"N\d+ (?:AM|PM) ", "C", _in_part),
    rule(r"C (?:AM|PM) ", "C", _in_part),
    rule(r"HPAST N\d+ ", "C", _moved(30)),  # type: ignore[arg-type]  # built for the rule
    rule(r"HALFTO (?:N|TH)\d+ ", "C", _half_before),
    rule(r"HT\d+ ", "C", _half_before),
    rule(r"N\d+ (?:AND )?ANDHALF ", "C", _moved(30)),  # type: ignore[arg-type]
    rule(r"N\d+ ANDQUARTER ", "C", _moved(15)),  # type: ignore[arg-type]
    rule(r"N\d+ LESSQUARTER ", "C", _moved(-15)),  # type: ignore[arg-type]
    rule(r"QPAST N\d+ ", "C", _moved(15)),  # type: ignore[arg-type]
    rule(r"QTO N\d+ ", "C", _moved(-15)),  # type: ignore[arg-type]
    rule(r"(?:C|N\d+) OCLOCK ", "C", _plain),
    rule(r"OCLOCK (?:AT )?(?:C|N\d+) ", "C", _plain),
    rule(rf"(?:C|N\d+) (?:{_PART})", "C", _in_part),
    rule(rf"(?:C|N\d+) (?:IN|ON|AT) {_PART}", "C", _in_part),
)
"""Pieces to clocks."""

SPANS: tuple[Rule, ...] = (
    rule(rf"BETWEEN (?:AT )?{_C}(?:AND|-|UNTIL|TO|ON) (?:AT )?{_C}", "T", _spread),
    rule(rf"(?:FROM|AFTER|OLD) (?:AT )?{_C}(?:, )?(?:AND )?(?:UNTIL|TO|BEFORE|-) (?:AT )?{_C}", "T", _spread),
    rule(rf"{_ON}{_C}(?:-|UNTIL|TO|WITH) (?:AT )?{_C}", "T", _spread),
    rule(rf"(?:FROM|AFTER) (?:ABOUT |AT |ON )?{_C}(?:ONWARDS )?", "T", _side("from")),  # type: ignore[arg-type]
    rule(rf"(?:AT |FROM )?{_C}ONWARDS ", "T", _side("from")),  # type: ignore[arg-type]
    rule(rf"(?:AT )?{_C}OR AFTER (?!C|N\d)", "T", _side("from")),  # type: ignore[arg-type]
    rule(rf"(?:UNTIL|BEFORE) (?:ABOUT |AT |ON )?{_C}", "T", _side("to")),  # type: ignore[arg-type]
    rule(rf"(?:(?:AT|ON) )?ABOUT (?:AT )?{_C}", "T", _side("at")),  # type: ignore[arg-type]
    rule(rf"AT {_C}", "T", _side("at")),  # type: ignore[arg-type]
    rule(r"YES (?:\. )?(?:C|N\d+) (?!OR|AND)", "T", _side("at")),  # type: ignore[arg-type]  # Polish "ok. 11" is "about 11"
    rule(r"(?:LATEST |ON )?C ", "T", _side("at")),  # type: ignore[arg-type]
    rule(r"T LATEST ", "T", lambda p: _no_later(p[0].value)),
    rule(r"T FROM (?=[.,!]|$)", "T", lambda p: _since(p[0].value)),
    rule(r"T , (?:SO )?(?:REFAFTER|AFTER THIS OCLOCK|AFTER(?= [.,!]|$)) ", "T", lambda p: _since(p[0].value)),
    rule(r"(?<=D )PM ", "T", lambda _: _PARTS["AFTERNOON"]),
    rule(r"(?<=D )AM ", "T", lambda _: _PARTS["MORNING"]),
    rule(r"(?:UNTIL|BEFORE) (?:NOON|FORENOON) ", "T", lambda _: Hours(None, 720)),
    rule(r"(?:AFTER|FROM) NOON ", "T", lambda _: Hours(720, None)),
    rule(r"(?:AFTER|BEFORE|UNTIL) (?:MORNING|AFTERNOON|EVENING|NIGHT|MIDNIGHT) ", "T", lambda _: BAD),
    rule(rf"(?:(?:AT|ON|IN|FROM|START|END|OF) )*(?:{'|'.join(_PARTS)}) ", "T", _part),
)
"""Clocks to hours."""


def tell_halves(pieces: Sequence[Piece]) -> list[Piece]:
    """ "In the morning at 9": the part said before a clock tells which half of the day it is of."""
    row = list(pieces)
    for at, piece in enumerate(row):
        clock_at = next(
            (place for place in (at + 1, at + 2) if place < len(row) and _may_be_clock(row, place)), None
        )
        if piece.meaning not in {"MORNING", "AFTERNOON", "EVENING", "AM", "PM"} or clock_at is None:
            continue
        if clock_at == at + 2 and row[at + 1].meaning not in _SIDES:
            continue
        told = _in_part([row[clock_at], piece])
        if told is not None:
            row[clock_at] = Piece("C", row[clock_at].start, row[clock_at].end, told, row[clock_at].mended)
            row[at] = Piece("NOISE", piece.start, piece.end)
    return [piece for piece in row if piece.meaning != "NOISE"]


_SIDES = {"AT", "ON", "ABOUT", "AFTER", "FROM", "BEFORE", "UNTIL", ",", "BETWEEN", "OCLOCK", "OLD"}


def _may_be_clock(row: Sequence[Piece], at: int) -> bool:
    """A clock, or a number after a word of time."""
    return row[at].meaning == "C" or (
        _clock(row[at]) is not None and at > 0 and row[at - 1].meaning in _SIDES - {",", "ON"}
    )


def joined(found: Sequence[Hours]) -> Hours | None:
    """One span out of several: "after 9" and "until 12" are one; others contradict each other."""
    sure = list(dict.fromkeys(one for one in found if not one.vague))
    if not sure:
        return VAGUE if found else None
    if any(one.bad for one in sure) or len(sure) > 2:
        return BAD
    if len(sure) == 1:
        return sure[0]
    (first, second) = sorted(sure, key=lambda one: one.first is None)
    if first.last is None and second.first is None and first.first is not None and second.last is not None:
        return Hours(first.first, second.last) if first.first < second.last else BAD
    return BAD


def written(minutes: int | None) -> str | None:
    """HH:MM."""
    return None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
