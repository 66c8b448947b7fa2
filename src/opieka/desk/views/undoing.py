"""What was done at one moment is undone by that moment; in addresses it is a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 2**52


def number_of(at: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment_of(number: int) -> datetime:
    """The moment of a number; one that is too large is the last there is."""
    return _EPOCH + timedelta(microseconds=min(number, _LAST))
