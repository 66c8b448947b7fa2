"""When texts that no person wrote may leave."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from opieka.conversations.types import TextPreferences


def leaves_at(now: datetime, zone: ZoneInfo, wishes: TextPreferences) -> datetime:
    """Now, or when the quiet hours of the shop's clock that `now` lies in are over."""
    start, end = wishes.quiet_from, wishes.quiet_until
    if start == end:
        return now
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    quiet = start <= minute < end if start < end else minute >= start or minute < end
    if not quiet:
        return now
    day = local.date() + timedelta(days=int(minute >= end))
    over = datetime.combine(day, time(end // 60, end % 60), tzinfo=zone)
    # The clock may jump over that minute, or back before it.
    return max(now, over.astimezone(now.tzinfo))
