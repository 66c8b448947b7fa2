"""Nova Poshta's status codes and its answer.

Code 106 is a delivery: the recipient took the parcel, and a waybill for what travels back (the money, a document) was
made. Code 14 is none: she is looking at it at the counter. Code 3 is a number it does not know (yet).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from opieka.deliveries.carriers.base import (
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Refused,
    Unreadable,
    document,
    each,
    objects,
    perhaps,
    required,
    text,
)
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason

CODES: Mapping[str, Meaning] = {
    "1": Meaning(S.LABEL_CREATED),
    "2": Meaning(S.CANCELLED, R.RETAILER_CANCELLED),
    "4": Meaning(S.ACCEPTED),
    "41": Meaning(S.IN_TRANSIT),
    "5": Meaning(S.IN_TRANSIT),
    "6": Meaning(S.IN_TRANSIT),
    "7": Meaning(S.AWAITING_COLLECTION),
    "8": Meaning(S.AWAITING_COLLECTION),
    "9": Meaning(S.DELIVERED, handed_to=HandedTo.RECIPIENT),
    "10": Meaning(S.DELIVERED, handed_to=HandedTo.RECIPIENT),
    "11": Meaning(S.DELIVERED, handed_to=HandedTo.RECIPIENT),
    "12": Meaning(S.LABEL_CREATED),
    "14": Meaning(S.AWAITING_COLLECTION),
    "101": Meaning(S.OUT_FOR_DELIVERY),
    "102": Meaning(S.RETURNING, R.CONSIGNEE_REFUSED, leg=Leg.RETURNING_TO_SENDER),
    "103": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_REFUSED),
    "104": Meaning(S.IN_TRANSIT, R.CONSIGNEE_REDIRECTED),
    "105": Meaning(S.RETURNING, R.CONSIGNEE_NOT_COLLECTED),
    "106": Meaning(S.DELIVERED, handed_to=HandedTo.RECIPIENT),
    "107": Meaning(S.AWAITING_COLLECTION),
    "108": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_REFUSED),
    "111": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_ABSENT),
    "112": Meaning(S.IN_TRANSIT, R.CONSIGNEE_RESCHEDULED),
}
ON_THE_WAY = {S.LABEL_CREATED, S.ACCEPTED, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.ATTEMPT_FAILED}
NOT_FOUND = "3"
TAKEN = ("ActualDeliveryDate", "RecipientDateTime")
TIMES = ("TrackingUpdateDate", "DateScan", "DateCreated")
PATTERNS = ("%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%H:%M %d.%m.%Y")
KEY_REFUSED = ("api key", "apikey", "user is undefined")


def answer(raw: bytes, context: Context) -> Reading:
    """`{success, data: [{Number, StatusCode, ...}], errors}`; `Refused` says its first error."""
    data = document(raw)
    errors = data.get("errors")
    if data.get("success") is False:
        told = str(errors[0]) if isinstance(errors, list) and errors else "no success"
        refused = any(word in told.casefold() for word in KEY_REFUSED)
        raise Refused("bad_credentials" if refused else "bad_request", told[:200])
    notes = Notes()
    found = [one for one in objects(data, "data") if text(one, "StatusCode") != NOT_FOUND]
    return notes.reading(*(_tracking(one, context, notes) for one in found if text(one, "Number")))


def _tracking(told: Json, context: Context, notes: Notes) -> Tracking:
    return Tracking(
        carrier="nova_poshta",
        tracking_number=required(told, "Number"),
        reports=each([told], lambda one: _report(one, context.zone, notes), notes),
        service=text(told, "ServiceType"),
        reference=text(told, "ClientBarcode"),
    )


def _report(told: Json, zone: tzinfo, notes: Notes) -> TrackingReport:
    code = text(told, "StatusCode")
    meaning = notes.meaning(CODES, code, where="StatusCode")
    delivered = meaning.stage is S.DELIVERED
    at = _first(told, (*TAKEN, *TIMES) if delivered else TIMES, zone)
    if at is None:
        raise Unreadable("TrackingUpdateDate", text(told, "TrackingUpdateDate"))
    waiting = meaning.stage is S.AWAITING_COLLECTION
    report = TrackingReport(
        at=at,
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code=code,
        raw_text=": ".join(
            filter(None, (text(told, "Status"), text(told, "UndeliveryReasonsSubtypeDescription")))
        ),
        depot=text(told, "WarehouseRecipient"),
        city=text(told, "CityRecipient"),
    )
    if waiting:
        return replace(report, collect_by=_first(told, ("DateReturnCargo",), zone))
    if meaning.stage in ON_THE_WAY:
        return replace(report, expected_to=_first(told, ("ScheduledDeliveryDate",), zone))
    return report


def _first(told: Json, keys: tuple[str, ...], zone: tzinfo) -> datetime | None:
    """The first of these times that is one; zeros are none."""
    return next((at for key in keys if (at := _time(text(told, key), zone)) is not None), None)


def _time(found: str, zone: tzinfo) -> datetime | None:
    if not found or found.startswith(("0000", "0001", "00-00", "00.00", "01-01-0001", "00:00 00")):
        return None
    for pattern in PATTERNS:
        try:
            local = datetime.strptime(found, pattern)  # noqa: DTZ007 - the zone is set by `perhaps`
        except ValueError:
            continue
        return perhaps(local.isoformat(), zone)
    return perhaps(found, zone)
