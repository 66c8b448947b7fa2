"""What DPD Polska's getEventsForWaybillV1 says."""

from __future__ import annotations

from opieka.deliveries.carriers.base import (
    Context,
    Json,
    Notes,
    Reading,
    each,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.dpd.codes import CODES
from opieka.deliveries.carriers.soap import document
from opieka.deliveries.types import Tracking, TrackingReport


def answer(raw: bytes, number: str, context: Context) -> Reading:
    """What getEventsForWaybillV1 says of a waybill; one without events is not known yet."""
    notes = Notes()
    events = objects(document(raw), "getEventsForWaybillV1Response", "return", "eventsList")
    reports = each(events, lambda event: _report(event, context, notes), notes)
    if not events:
        return notes.reading()
    reference = next((told for event in events if (told := text(event, "packageReference"))), "")
    return notes.reading(
        Tracking(carrier="dpd", tracking_number=number, reports=homeward(reports), reference=reference)
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "businessCode")
    meaning = notes.meaning(CODES, code, where="businessCode")
    return TrackingReport(
        at=moment(required(event, "eventTime"), context.zone, "eventTime"),
        stage=meaning.stage,
        raw_code=code,
        raw_text=text(event, "description"),
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        depot=text(event, "depotName") or text(event, "depot"),
        country=text(event, "country"),
    )
