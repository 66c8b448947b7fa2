"""ACS's labels of checkpoints and reasons of non-delivery to our words.

The details tell where a parcel was and when, the summary why it was not delivered and whether it went back. A reason
has no time of its own: it belongs to the newest checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Refused,
    Unreadable,
    document,
    each,
    expecting,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.estimates import span
from opieka.deliveries.carriers.spelling import plain
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason

LABELS: Mapping[str, Meaning] = {
    "αναχωρηση": Meaning(S.IN_TRANSIT),
    "departure": Meaning(S.IN_TRANSIT),
    "αφιξη σε καταστημα": Meaning(S.IN_TRANSIT),
    "κατανομη σε courier": Meaning(S.OUT_FOR_DELIVERY),
    "παραδοση": Meaning(S.DELIVERED),
    "delivery to consignee": Meaning(S.DELIVERED),
}
"""How a label begins; the name of a place may follow, except after a delivery."""
REASONS: Mapping[str, Meaning] = {
    "αδ1": Meaning(S.AWAITING_COLLECTION, R.CONSIGNEE_REDIRECTED),
    "αδ3": Meaning(S.ATTEMPT_FAILED, R.OTHER),
    "αδ8": Meaning(S.ATTEMPT_FAILED, R.OTHER),
    "απ1": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_NO_PAYMENT),
    "απ2": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_NO_PAYMENT),
    "απ3": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_REFUSED),
    "ασ1": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_ABSENT),
    "δδ1": Meaning(S.IN_TRANSIT),
    "εα1": Meaning(S.IN_TRANSIT),
    "εδ1": Meaning(S.EXCEPTION, R.RETAILER_DOCUMENTS),
    "λσ1": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_UNKNOWN),
    "λσ3": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_WRONG_ADDRESS),
    "πα2": Meaning(S.IN_TRANSIT, R.CONSIGNEE_RESCHEDULED),
    "πα4": Meaning(S.IN_TRANSIT, R.CONSIGNEE_REDIRECTED),
}
CODES: Mapping[str, Meaning] = {**LABELS, **REASONS}
NO_KEY = ("api key", "apikey", "password", "κωδικ", "unauthor")


def rows(raw: bytes) -> tuple[Json, ...]:
    """The rows of an answer `{ACSOutputResponce: {ACSTableOutput: {Table_Data}}}`; `Refused` with ACS's own words."""
    data = document(raw)
    if data.get("ACSExecution_HasError") is True:
        said = text(data, "ACSExecutionErrorMessage")
        raise Refused("bad_credentials" if any(word in plain(said) for word in NO_KEY) else "answer", said)
    return tuple(objects(data, "ACSOutputResponce", "ACSTableOutput", "Table_Data"))


def tracking(number: str, found: Iterable[Json], context: Context) -> Reading:
    """What the rows of both answers say of one number; none, when there are none."""
    notes, listed = Notes(), list(found)
    checkpoints = [row for row in listed if "checkpoint_date_time" in row]
    summary = next((row for row in listed if "shipment_status" in row), {})
    if not listed:
        return notes.reading()
    reports = homeward(each(checkpoints, lambda row: _report(row, context, notes), notes))
    reports = _completed(reports, summary, context, notes)
    return notes.reading(Tracking(carrier="acs", tracking_number=number, reports=reports))


def _report(row: Json, context: Context, notes: Notes) -> TrackingReport:
    label = required(row, "checkpoint_action")
    meaning = _meaning(label, notes)
    return TrackingReport(
        at=moment(required(row, "checkpoint_date_time"), context.zone),
        stage=meaning.stage,
        reason=meaning.reason,
        raw_text=label,
        depot=text(row, "checkpoint_location"),
    )


def _meaning(label: str, notes: Notes) -> Meaning:
    spelt = plain(label)
    if found := LABELS.get(spelt):
        return found
    for start, meaning in LABELS.items():
        if meaning.stage is not S.DELIVERED and spelt.startswith(f"{start} "):
            return meaning
    notes.note(NoticeKind.UNKNOWN_CODE, "checkpoint_action", label)
    return NO_MEANING


def _completed(
    reports: tuple[TrackingReport, ...], summary: Json, context: Context, notes: Notes
) -> tuple[TrackingReport, ...]:
    """The reports, and what only the summary knows."""
    newest = max((report.at for report in reports), default=None)
    try:
        at = newest or _dated(summary, context)
    except Unreadable as problem:
        notes.malformed(problem)
        return reports
    if text(summary, "returned_flag") == "1":
        kept = tuple(report for report in reports if report.stage is not S.DELIVERED)
        home = _told(summary, Meaning(S.RETURNED, leg=Leg.RETURNING_TO_SENDER), "returned_flag", at)
        return (*kept, home)
    code, delivered = text(summary, "non_delivery_reason_code"), text(summary, "delivery_flag") == "1"
    if code and not delivered:
        why = notes.meaning(REASONS, code, where="non_delivery_reason_code")
        window = span("", text(summary, "delivery_date_expected"), context.zone)
        return expecting((*reports, _told(summary, why, code, at)), *window)
    if delivered and not any(report.stage is S.DELIVERED for report in reports):
        return (*reports, _told(summary, Meaning(S.DELIVERED), "delivery_flag", at))
    return reports


def _told(summary: Json, meaning: Meaning, code: str, at: datetime) -> TrackingReport:
    return TrackingReport(
        at=at,
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        raw_code=code,
        depot=text(summary, "acs_station_destination_descr"),
    )


def _dated(summary: Json, context: Context) -> datetime:
    """When a parcel without checkpoints was delivered, or else taken over."""
    found = text(summary, "delivery_date") or text(summary, "pickup_date")
    return moment(found, context.zone, "pickup_date")
