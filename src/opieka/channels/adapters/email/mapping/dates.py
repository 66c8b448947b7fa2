"""The Date field as a moment in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_COMMENT = re.compile(r"\([^()]*\)")


def parse(value: str) -> datetime | None:
    """`value` in UTC; a missing zone counts as UTC; None when it is no date."""
    text = _COMMENT.sub(" ", value[:200]).strip()
    try:
        return _iso(text) or _rfc(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


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
    fields = parsedate_tz(text)
    if fields is None:
        return None
    year, month, day, hour, minute, second, *_, offset = fields
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return moment - timedelta(seconds=offset or 0)
