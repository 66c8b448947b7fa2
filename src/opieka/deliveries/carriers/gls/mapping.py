"""What GLS's Track and Trace says.

DELIVEREDPS is an arrival at a parcel shop: the parcel waits there. FINAL means "history closed", whatever the end was.
The parcel's status is one report beside its events when no event of that moment says the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Unreadable,
    document,
    each,
    grouped,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.types import ParcelStage, Reason, Tracking, TrackingReport

NOT_KNOWN = "E_404_01"

CODES: Mapping[str, Meaning] = grouped(
    # statuses of the parcel
    (Meaning(ParcelStage.LABEL_CREATED), "plannedpickup inpickup preadvice"),
    (Meaning(ParcelStage.LABEL_CREATED, Reason.RETAILER_NOT_HANDED_OVER), "notpickedup"),
    (Meaning(ParcelStage.IN_TRANSIT), "intransit inwarehouse"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "indelivery"),
    (Meaning(ParcelStage.AWAITING_COLLECTION), "deliveredps"),
    (Meaning(ParcelStage.ATTEMPT_FAILED), "notdelivered"),
    (Meaning(ParcelStage.DELIVERED), "delivered"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "canceled"),
    (NO_MEANING, "final"),
    # events: data entered, provided for collection, handed over, arrived, left, on the van, brought
    (Meaning(ParcelStage.LABEL_CREATED), "intial.preadvice intial.e48_data"),
    (Meaning(ParcelStage.ACCEPTED), "intial.normal"),
    (Meaning(ParcelStage.IN_TRANSIT), "inboud.normal outbod.normal"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "outdel.normal"),
    (Meaning(ParcelStage.AWAITING_COLLECTION), "delivd.parcelshop"),
    (Meaning(ParcelStage.DELIVERED), "delivd.normal"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "cancel.normal"),
)


def answer(raw: bytes, context: Context) -> Reading:
    """What GET /tracking/simple/trackids/{numbers} says of each parcel; one that is not found is absent."""
    notes = Notes()
    return notes.reading(*(_parcel(parcel, context, notes) for parcel in objects(document(raw), "parcels")))


def _parcel(data: Json, context: Context, notes: Notes) -> Tracking | None:
    number = text(data, "requested") or text(data, "unitno")
    problem = text(data, "errorCode")
    if problem or not number:
        if problem != NOT_KNOWN:
            notes.malformed(Unreadable("parcels.errorCode", f"{problem} {number}"))
        return None
    events = each(objects(data, "events"), lambda event: _report(event, context, notes), notes)
    status = each([data], lambda parcel: _status(parcel, context, notes), notes)
    told = {(report.at, report.stage) for report in events}
    more = tuple(report for report in status if (report.at, report.stage) not in told)
    return Tracking(carrier="gls", tracking_number=number, reports=homeward((*events, *more)))


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "code")
    meaning = notes.meaning(CODES, code, where="events.code")
    return TrackingReport(
        at=moment(required(event, "eventDateTime"), context.zone, "eventDateTime"),
        stage=meaning.stage,
        raw_code=code,
        raw_text=text(event, "description"),
        reason=meaning.reason,
        city=text(event, "city"),
        country=text(event, "country"),
    )


def _status(parcel: Json, context: Context, notes: Notes) -> TrackingReport | None:
    code = text(parcel, "status")
    if not code:
        return None
    meaning = notes.meaning(CODES, code, where="parcels.status")
    at = moment(required(parcel, "statusDateTime"), context.zone, "statusDateTime")
    return TrackingReport(at=at, stage=meaning.stage, raw_code=code, reason=meaning.reason)
