"""The Date field as a moment in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from opieka.channels.adapters.email.mapping.headers import words

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_COMMENT = re.compile(r"\([^()]*\)")
_COLON_ZONE = re.compile(r"(?<=\d )([+-]\d\d):(\d\d)\b")
_NAMED_ZONE = re.compile(r"(?<=\d )([A-Z]{3,4})\b")
_ZONES = {
    "WET": "+0000", "WEST": "+0100", "BST": "+0100", "CET": "+0100", "CEST": "+0200", "MET": "+0100",
    "MEST": "+0200", "MEZ": "+0100", "MESZ": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300", "MSD": "+0400",
}  # fmt: skip
"""Zones of Europe, which the standard library takes for UTC."""

_SINCE = 1900
"""Some programs count the years since."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_MONTHS = {
    stem: english
    for english, stems in {
        "Jan": "sty янв січ ιαν jan jän ene gen", "Feb": "lut фев лют φεβ feb fév fev", "Mar": "mar мар бер μαρ mär",
        "Apr": "kwi апр кві απρ apr avr abr", "May": "maj мая май тра μαι μαϊ mai mag may",
        "Jun": "cze июн чер ιουν jun juin giu", "Jul": "lip июл лип ιουλ jul juil lug",
        "Aug": "sie авг сер αυγ aug aoû ago", "Sep": "wrz сен вер σεπ sep set",
        "Oct": "paź paz окт жов οκτ okt oct ott out",
        "Nov": "lis ноя лис νοε nov", "Dec": "gru дек гру δεκ dez déc dec dic",
    }.items()
    for stem in stems.split()
}  # fmt: skip


def parse(value: str) -> datetime | None:
    """`value` in UTC; a missing zone counts as UTC; None when it is no date."""
    text = _COMMENT.sub(" ", words(value[:200])).strip()
    for form in (text, _WORD.sub(_in_english, text)):
        try:
            if found := _iso(form) or _rfc(form):
                return found
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
    return None


def _in_english(word: re.Match[str]) -> str:
    """A month of another language in three English letters."""
    name = word[0].lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3]) or word[0]


def _iso(text: str) -> datetime | None:
    found = _ISO.match(text)
    if found is None:
        return None
    fields = [int(piece or 0) for piece in found.groups()[:6]]
    moment = datetime(*fields[:6], tzinfo=UTC)  # type: ignore[arg-type,misc] # six integers by the pattern
    return moment - _offset(found[7] or "Z")


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size


def _rfc(text: str) -> datetime | None:
    text = _NAMED_ZONE.sub(lambda zone: _ZONES.get(zone[1], zone[1]), _COLON_ZONE.sub(r"\1\2", text))
    fields = parsedate_tz(text)
    if fields is None:
        return None
    year, month, day, hour, minute, second, *_, offset = fields
    year += _SINCE if 100 <= year < 200 else 0
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return moment - timedelta(seconds=offset or 0)
