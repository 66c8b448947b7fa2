"""A delivery as an entry of a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opieka.deliveries.types import ParcelCard
from opieka.kernel import clock


def event(card: ParcelCard, *, title: str, zone: ZoneInfo, address: str) -> str:
    """The promised slot, or its day as a whole; "" without a promise."""
    if card.promised_to is None:
        return ""
    first, last = card.promised_from, card.promised_to
    slot = first is not None and last - first <= timedelta(hours=14)
    slot = slot and first is not None and first.astimezone(zone).time() != time.min
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Opieka//Order page//EN", "BEGIN:VEVENT",
        f"UID:parcel-{card.id}@opieka", f"DTSTAMP:{_utc(clock.now())}", *_times(card, zone, slot=slot),
        f"SUMMARY:{_escaped(title)}", f"URL:{address}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _times(card: ParcelCard, zone: ZoneInfo, *, slot: bool) -> tuple[str, str]:
    first, last = card.promised_from, card.promised_to or clock.now()
    if slot and first is not None:
        return f"DTSTART:{_utc(first)}", f"DTEND:{_utc(last)}"
    day = last.astimezone(zone).date()
    begin = min(first.astimezone(zone).date(), day) if first is not None else day
    after = day + timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{begin:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for letter in "\\;,":
        text = text.replace(letter, f"\\{letter}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """In lines of at most 75 octets, cut between letters."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > 73:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
