"""One report as it can be stored, and what tells it from every other of its parcel."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from opieka.deliveries.types import ParcelStage, TrackingReport

FIRST_YEAR, LAST_YEAR = 1990, 2200
LONGEST, LONGEST_TEXT = 100, 500
GIVEN_UP = "given_up"
"""The code of a report by which a person takes a parcel as lost."""
_MOMENTS = ("at", "collect_by", "expected_from", "expected_to")


def storable(report: TrackingReport) -> TrackingReport | None:
    """The report as the database can hold it, in UTC; None for one without a moment anybody could believe."""
    if not _believable(report.at):
        return None
    changes: dict[str, object] = {}
    for name in _MOMENTS:
        at = getattr(report, name)
        if at is not None and not (at.tzinfo is UTC and _believable(at)):
            changes[name] = at.astimezone(UTC) if _believable(at) else None
    for name, longest in _TEXTS:
        text = getattr(report, name)
        if len(text) > longest or "\0" in text or not text.isascii():
            changes[name] = clean(text, longest)
    return replace(report, **changes) if changes else report  # type: ignore[arg-type]  # fields by name


def given_up(at: datetime, why: str) -> TrackingReport:
    """What a person says who takes a parcel as lost, and why."""
    return TrackingReport(at=at, stage=ParcelStage.LOST, raw_code=GIVEN_UP, raw_text=why)


def digest(report: TrackingReport) -> str:
    """The hash of all a report says, in 20 characters."""
    return base64.b64encode(hashlib.blake2b(msgspec.json.encode(report), digest_size=15).digest()).decode()


def clean(text: str, longest: int = LONGEST) -> str:
    """Text as the database can hold it: without NUL, half surrogate pairs shown as "?"."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


_TEXTS = (
    ("raw_text", LONGEST_TEXT),
    ("raw_code", LONGEST),
    ("depot", LONGEST),
    ("city", LONGEST),
    ("country", 2),
)


def _believable(at: datetime) -> bool:
    return at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR
