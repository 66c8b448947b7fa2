"""Who reads a page: her language, the shop's zone, and how moments and money look to her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opieka.desk.pages.parts import When
from opieka.kernel import clock
from opieka.kernel.money import Money

# Of 24 hours in every language: shorter, and no shop's timetable is ever misread.
_CLOCK = "%H:%M"
# Dates in English as Europe writes them: the day first.
_LOCALES = {"en": "en_GB"}


@dataclass(frozen=True)
class Reader:
    """A reader in `language`; moments are told in `zone` and seen from `now`."""

    language: str
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of(cls, timezone: str) -> Reader:
        """The reader of this request, of things in a shop's zone."""
        return cls((get_language() or "en").split("-")[0], ZoneInfo(timezone), clock.now())

    @property
    def locale(self) -> Locale:
        return _locale(self.language)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def exact(self, at: datetime) -> str:
        """The day in full and the time: "Thursday, 26 November 2026, 14:03"."""
        here = at.astimezone(self.zone)
        return f"{_date(here.date(), 'full', self.language)}, {here.strftime(_CLOCK)}"

    def day(self, at: datetime) -> str:
        """The day in words: "today", "Thu, 26 Nov", with its year when it is another one."""
        here = at.astimezone(self.zone).date()
        days = (self.today - here).days
        if days in {0, 1}:
            return _("today") if days == 0 else _("yesterday")
        return _date(here, "MMMEd" if here.year == self.today.year else "yMMMd", self.language)

    def date(self, day: date) -> str:
        """A day of the calendar in words: "Thu, 26 Nov"."""
        return _date(day, "MMMEd" if day.year == self.today.year else "yMMMd", self.language)

    def short(self, at: datetime) -> str:
        """As short as it stays clear: the time today, else the day."""
        here = at.astimezone(self.zone)
        if here.date() == self.today:
            return here.strftime(_CLOCK)
        if here.date() == self.today - timedelta(days=1):
            return _("yesterday")
        return _date(here.date(), "MMMd" if here.year == self.today.year else "yMMMd", self.language)

    def when(self, at: datetime) -> When:
        """For lists."""
        return self._when(at, self.short(at))

    def at_time(self, at: datetime) -> When:
        """For what stands under its day."""
        return self._when(at, at.astimezone(self.zone).strftime(_CLOCK))

    def on_day(self, at: datetime) -> When:
        """For the heading of a day."""
        day = self.day(at)
        return self._when(at, day[:1].upper() + day[1:])

    def day_and_time(self, at: datetime) -> str:
        """For sentences: "Thu, 26 Nov, 14:03"."""
        return f"{self.day(at)}, {at.astimezone(self.zone).strftime(_CLOCK)}"

    def until(self, at: datetime) -> When:
        """Seen from now: "in 3 hours", "2 days ago"."""
        away = format_timedelta(at - self.now, add_direction=True, format="short", locale=self.locale)
        return self._when(at, away, relative=True)

    def month(self, at: datetime) -> str:
        """ "November 2026"."""
        return _date(at.astimezone(self.zone).date(), "yMMMM", self.language)

    def money(self, amount: int, currency: str) -> str:
        return Money(amount, currency).format(str(self.locale))

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=self.locale))

    def size(self, octets: int) -> str:
        """The size of a file: "340 kB", "2.3 MB"."""
        if octets < 1_000_000:
            return f"{self.number(max(1, round(octets / 1_000)))} kB"
        return f"{self.number(round(octets / 1_000_000, 1))} MB"

    def _when(self, at: datetime, text: str, *, relative: bool = False) -> When:
        return When(at.astimezone(self.zone).isoformat(), text, self.exact(at), relative)


def language_name(code: str, reader: str) -> str:
    """What a language is called in another: "Greek", "греческий"."""
    name = _locale(reader).languages.get(code, code) if code else ""
    return str(name[:1].upper() + name[1:])


def own_name(code: str) -> str:
    """What a language calls itself: "Polski"."""
    return language_name(code, code)


def country_name(code: str, reader: str) -> str:
    """What a country is called: "Greece"."""
    return str(_locale(reader).territories.get(code, code))


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


@lru_cache(maxsize=4096)
def _date(day: date, how: str, language: str) -> str:
    locale = _locale(language)
    return format_date(day, "full", locale) if how == "full" else format_skeleton(how, day, locale=locale)
