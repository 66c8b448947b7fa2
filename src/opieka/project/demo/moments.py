"""Moments written relative to the moment of loading, and how each language speaks of them.

`-3d 14:20` is a time of day three working days (Monday to Friday) back, `+2d` a date two working days
ahead, `-3h` and `-45m` count back from now. Working days keep a shop's answers out of Sundays, whatever
day the demo is loaded on; on a weekend `0d` is the Monday to come, so that `-1d` is the last Friday.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

_DAY = re.compile(r"([+-]?\d+)d(?: (\d\d):(\d\d))?")
_BACK = re.compile(r"-(\d+)([hm])")
_FRIDAY = 4

_PREPOSITION = {"pl": "w ", "ru": "в ", "el": "την ", "en": "on "}
_TUESDAY = 1
_IRREGULAR = {("pl", _TUESDAY): "we ", ("ru", _TUESDAY): "во "}
_ACCUSATIVE = {
    "pl": ("poniedziałek", "wtorek", "środę", "czwartek", "piątek"),
    "ru": ("понедельник", "вторник", "среду", "четверг", "пятницу"),
    "el": ("Δευτέρα", "Τρίτη", "Τετάρτη", "Πέμπτη", "Παρασκευή"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}


def working_day(offset: int, today: date) -> date:
    """The day `offset` working days from `today`, or from the Monday to come when that is a weekend."""
    day = today + timedelta(days=7 - today.weekday()) if today.weekday() > _FRIDAY else today
    weeks, rest = divmod(abs(offset), 5)
    step = timedelta(days=1 if offset > 0 else -1)
    day += 7 * weeks * step
    while rest:
        day += step
        rest -= day.weekday() <= _FRIDAY
    return day


def day_at(offset: str, now: datetime, zone: ZoneInfo) -> date:
    """The date `offset` means; ValueError when it is none."""
    found = _DAY.fullmatch(offset)
    if found is None:
        raise ValueError(f"{offset!r} is not a day offset")
    return working_day(int(found[1]), now.astimezone(zone).date())


def moment_at(offset: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The aware moment `offset` means in `zone`; ValueError when it is none."""
    if back := _BACK.fullmatch(offset):
        unit = {"h": timedelta(hours=1), "m": timedelta(minutes=1)}[back[2]]
        return now.astimezone(zone).replace(second=0, microsecond=0) - int(back[1]) * unit
    found = _DAY.fullmatch(offset)
    if found is None or found[2] is None:
        raise ValueError(f"{offset!r} is not a moment offset")
    return datetime.combine(day_at(offset, now, zone), time(int(found[2]), int(found[3])), zone)


def on_weekday(day: date, language: str) -> str:
    """`w środę`, `во вторник`, `την Τρίτη`, `on Friday`."""
    weekday = day.weekday()
    preposition = _IRREGULAR.get((language, weekday), _PREPOSITION[language])
    return preposition + _ACCUSATIVE[language][weekday]


def day_and_month(day: date, language: str) -> str:
    """`19 listopada`, in the genitive where the language has one."""
    return str(format_date(day, "d MMMM", locale=language))


def on_day(day: date, language: str) -> str:
    """The date as an adverb: bare in Polish and Russian, with article or preposition otherwise."""
    words = day_and_month(day, language)
    if language == "el":
        return f"την 1η {words[2:]}" if day.day == 1 else f"στις {words}"
    return f"on {words}" if language == "en" else words


def numeric(day: date, language: str) -> str:
    """`19.11` or `19/11`."""
    return str(format_date(day, "dd.MM" if language in {"pl", "ru"} else "dd/MM", locale=language))


def pattern(moment: datetime, form: str, language: str) -> str:
    """The moment by a CLDR pattern, in its own zone."""
    return str(format_datetime(moment, form, tzinfo=moment.tzinfo, locale=language))
