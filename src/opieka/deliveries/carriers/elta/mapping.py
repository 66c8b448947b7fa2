"""ELTA's Greek labels to our words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from opieka.deliveries.carriers.base import (
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Unreadable,
    document,
    each,
    homeward,
    moment,
    objects,
    text,
)
from opieka.deliveries.carriers.spelling import plain
from opieka.deliveries.types import ParcelStage, Tracking, TrackingReport

S = ParcelStage

_LABELS: Mapping[str, Meaning] = {
    "Δημιουργία ΣΥ.ΔΕ.ΤΑ.": Meaning(S.LABEL_CREATED),
    "Αποστολή βρίσκεται σε στάδιο μεταφοράς": Meaning(S.IN_TRANSIT),
    "Άφιξη σε": Meaning(S.IN_TRANSIT),
    "Σε διανομέα προς παράδοση": Meaning(S.OUT_FOR_DELIVERY),
    "Αποστολή παραδόθηκε": Meaning(S.DELIVERED),
}
CODES: Mapping[str, Meaning] = {
    spelt: meaning for label, meaning in _LABELS.items() for spelt in (label.casefold(), plain(label))
}
PATTERN = "%d-%m-%Y %H:%M"


def answer(raw: bytes, context: Context) -> Reading:
    """`{status, result: {number: {status, result: [{date, time, place, status}]}}}`; a text in place of the list
    says that the number is not known."""
    notes, result = Notes(), document(raw).get("result")
    found = result.items() if isinstance(result, dict) else ()
    return notes.reading(*(_tracking(number, told, context, notes) for number, told in found))


def _tracking(number: str, told: Json, context: Context, notes: Notes) -> Tracking | None:
    listed = told.get("result") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not number.strip():
        return None
    reports = each(objects(told, "result"), lambda event: _report(event, context, notes), notes)
    return Tracking(carrier="elta", tracking_number=number.strip(), reports=homeward(reports))


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    label = text(event, "status")
    if not label:
        raise Unreadable("status")
    meaning = notes.meaning(CODES, label, where="status")
    written = f"{text(event, 'date')} {text(event, 'time')}"
    try:
        local = datetime.strptime(written, PATTERN)  # noqa: DTZ007 - the zone is set by `moment`
    except ValueError as error:
        raise Unreadable("date", written) from error
    return TrackingReport(
        at=moment(local.isoformat(), context.zone),
        stage=meaning.stage,
        reason=meaning.reason,
        raw_text=label,
        depot=text(event, "place"),
        country="GR",
    )
