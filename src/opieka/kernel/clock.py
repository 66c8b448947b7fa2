"""The one source of time: aware, UTC, and settable by tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_fixed: list[datetime] = []


def now() -> datetime:
    """The current moment, aware and in UTC."""
    return _fixed[-1] if _fixed else datetime.now(UTC)


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Stand still at `at` (aware) in every thread of this process; nests."""
    if at.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    _fixed.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.pop()


def advance(by: timedelta) -> None:
    """Move a clock that stands still."""
    _fixed[-1] += by
