"""Speedex's Greek sentences to our words."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    each,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.spelling import plain
from opieka.deliveries.types import NoticeKind, ParcelStage, Tracking, TrackingReport

_SENTENCES: Mapping[str, Meaning] = {
    "Η αποστολή παραδόθηκε": Meaning(ParcelStage.DELIVERED),
    "Σε μεταφορά": Meaning(ParcelStage.IN_TRANSIT),
}
CODES: Mapping[str, Meaning] = {plain(sentence): meaning for sentence, meaning in _SENTENCES.items()}


def answer(told: Json, number: str, context: Context) -> Reading:
    """`{checkpoints: {Checkpoint: [{StatusCode, StatusDesc, CheckpointDate, Branch}]}}`; none of a number not known."""
    notes = Notes()
    found = objects(told, "checkpoints", "Checkpoint")
    reports = each(found, lambda event: _report(event, context, notes), notes)
    if not found:
        return notes.reading()
    reference = next((ref for event in found if (ref := text(event, "ClientRef1"))), "")
    return notes.reading(
        Tracking(carrier="speedex", tracking_number=number, reports=homeward(reports), reference=reference)
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    sentence = required(event, "StatusDesc")
    meaning = CODES.get(plain(sentence), NO_MEANING)
    if meaning is NO_MEANING:
        notes.note(NoticeKind.UNKNOWN_CODE, "StatusDesc", f"{text(event, 'StatusCode')} {sentence}".strip())
    return TrackingReport(
        at=moment(required(event, "CheckpointDate"), context.zone),
        stage=meaning.stage,
        raw_code=text(event, "StatusCode"),
        raw_text=sentence,
        depot=text(event, "Branch"),
    )
