"""Days and hours as one says them: “on Thursday or Friday”."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy

from opieka.kernel import clock

ON: Mapping[int, str | Promise] = {
    0: pgettext_lazy("comes", "on Monday"),
    1: pgettext_lazy("comes", "on Tuesday"),
    2: pgettext_lazy("comes", "on Wednesday"),
    3: pgettext_lazy("comes", "on Thursday"),
    4: pgettext_lazy("comes", "on Friday"),
    5: pgettext_lazy("comes", "on Saturday"),
    6: pgettext_lazy("comes", "on Sunday"),
}
OR: Mapping[int, str | Promise] = {
    0: pgettext_lazy("comes on a day or", "Monday"),
    1: pgettext_lazy("comes on a day or", "Tuesday"),
    2: pgettext_lazy("comes on a day or", "Wednesday"),
    3: pgettext_lazy("comes on a day or", "Thursday"),
    4: pgettext_lazy("comes on a day or", "Friday"),
    5: pgettext_lazy("comes on a day or", "Saturday"),
    6: pgettext_lazy("comes on a day or", "Sunday"),
}
_NEAR = timedelta(days=6)
_LOCALES = {"en": "en_GB"}


@dataclass(frozen=True)
class Days:
    """Days in the shop's zone, seen from now."""

    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.of(clock.now())

    def of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def on(self, day: date) -> str:
        """“today”, “on Thursday”, “on Thursday, 3 December”."""
        if day == self.today:
            return gettext("today")
        if day == self.today + timedelta(days=1):
            return gettext("tomorrow")
        named = str(ON[day.weekday()])
        if abs(day - self.today) <= _NEAR and day > self.today:
            return named
        return gettext("%(weekday)s, %(date)s") % {"weekday": named, "date": dated(day)}

    def between(self, first: date, last: date) -> str:
        """One day, “on Thursday or Friday”, or from one date to another."""
        first = max(first, min(self.today, last))
        if first >= last:
            return self.on(last)
        near = last - self.today <= _NEAR
        if near and last - first == timedelta(days=1) and first > self.today + timedelta(days=1):
            both = {"first": ON[first.weekday()], "second": OR[last.weekday()]}
            return gettext("%(first)s or %(second)s") % both
        if near and first == self.today and last == self.today + timedelta(days=1):
            return gettext("today or tomorrow")
        return gettext("between %(first)s and %(last)s") % {"first": dated(first), "last": dated(last)}

    def until(self, at: datetime) -> str:
        """The day and the hour: “on Friday, 18:00”."""
        return f"{self.on(self.of(at))}, {at.astimezone(self.zone):%H:%M}"


def dated(day: date) -> str:
    """“26 November”."""
    return _dated(day, (get_language() or "en").split("-")[0])


def full(day: date) -> str:
    """“Thursday 26 November”, to choose from. Said like this in all four languages; their skeletons shorten names."""
    return str(format_date(day, "EEEE d MMMM", locale=(get_language() or "en").split("-")[0]))


def hours(first: time, last: time) -> str:
    """“17:00 to 20:00”."""
    return gettext("%(first)s to %(last)s") % {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}


@lru_cache(maxsize=2000)
def _dated(day: date, language: str) -> str:
    return str(format_skeleton("MMMMd", day, locale=_LOCALES.get(language, language)))
