"""Webhooks in our own words: the fields of `Tracking`, signed with HMAC-SHA256 over the raw body.

{"id": "7", "tracking_number": "MEM1", "reports": [{"at": "2026-03-02T10:00:00Z", "stage": "delivered",
 "raw_code": "D", "raw_text": "Delivered", "reason": "", "leg": "outbound", "handed_to": "recipient"}]}
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from opieka.deliveries.carriers.base import (
    Context,
    Delivered,
    Json,
    Notes,
    Reading,
    Unreadable,
    document,
    each,
    moment,
    objects,
    perhaps,
    required,
    text,
)
from opieka.deliveries.types import HandedTo, Leg, NoticeKind, ParcelStage, Reason, Tracking, TrackingReport

SIGNATURE = "x-memory-signature"

Word = TypeVar("Word", bound=StrEnum)


def read(raw: bytes, context: Context) -> Reading:
    """The parcel a webhook speaks of, with the reports it brings."""
    data, notes = document(raw), Notes()
    number = required(data, "tracking_number")
    reports = each(objects(data, "reports"), lambda event: _report(event, context, notes), notes)
    return notes.reading(Tracking(carrier="memory", tracking_number=number, reports=reports))


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    return TrackingReport(
        at=moment(required(event, "at"), context.zone, "at"),
        stage=_word(ParcelStage, event, "stage", ParcelStage.UNKNOWN, notes),
        raw_code=text(event, "raw_code") or text(event, "stage"),
        raw_text=text(event, "raw_text"),
        reason=_word(Reason, event, "reason", Reason.NONE, notes),
        leg=_word(Leg, event, "leg", Leg.OUTBOUND, notes),
        handed_to=_word(HandedTo, event, "handed_to", HandedTo.UNKNOWN, notes),
        collect_by=perhaps(text(event, "collect_by"), context.zone),
        depot=text(event, "depot"),
        city=text(event, "city"),
        country=text(event, "country"),
    )


def _word(words: type[Word], event: Json, field: str, absent: Word, notes: Notes) -> Word:
    found = text(event, field)
    try:
        return words(found) if found else absent
    except ValueError:
        notes.note(NoticeKind.UNKNOWN_CODE, field, found)
        return absent


def sign(raw: bytes, secret: str) -> str:
    """The signature a sender puts into the header `x-memory-signature`."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def genuine(delivered: Delivered, credentials: Mapping[str, str]) -> bool:
    """Whether the body was signed with the shop's secret."""
    secret = credentials.get("webhook_secret", "")
    given = delivered.headers.get(SIGNATURE, "")
    return bool(secret) and hmac.compare_digest(given.encode(), sign(delivered.raw, secret).encode())


def delivery_id(delivered: Delivered) -> str:
    """The sender's own number."""
    try:
        return text(document(delivered.raw), "id")
    except Unreadable:
        return ""
