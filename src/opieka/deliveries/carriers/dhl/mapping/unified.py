"""What DHL's unified tracking says.

`unknown` is no delay: it is said of labels, of bags being closed, of anything without a place in DHL's scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
    expecting,
    homeward,
    moment,
    objects,
    perhaps,
    required,
    text,
)
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

BACK = Leg.RETURNING_TO_SENDER

CODES: Mapping[str, Meaning] = {
    "pre-transit": Meaning(ParcelStage.LABEL_CREATED),
    "transit": Meaning(ParcelStage.IN_TRANSIT),
    "delivered": Meaning(ParcelStage.DELIVERED),
    "failure": Meaning(ParcelStage.EXCEPTION, Reason.OTHER),
    "unknown": NO_MEANING,
}

_BACK = (
    "being returned",
    "returned to sender",
    "returned to shipper",
    "returned to the sender",
    "return shipment",
)
_WAITS = (
    "ready for pick-up",
    "ready for pickup",
    "delivered for pick-up",
    "available for pickup",
    "can be collected",
)
_VAN = (
    "loaded onto the delivery vehicle",
    "out for delivery",
    "out with courier for delivery",
    "with delivery courier",
)
_REFUSED = Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REFUSED)
_ADDRESS = Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_WRONG_ADDRESS)
_ABSENT = Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT)
_TROUBLE: tuple[tuple[str, Meaning], ...] = (
    ("refused", _REFUSED),
    ("address is incomplete", _ADDRESS),
    ("is incorrect", _ADDRESS),
    ("recipient was not", _ABSENT),
    ("recipient not available", _ABSENT),
    ("has not picked up", Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_NOT_COLLECTED)),
    ("damaged", Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_DAMAGED)),
    ("misrouted", Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_MISSORTED)),
    ("could not be delivered", Meaning(ParcelStage.ATTEMPT_FAILED)),
    ("delivery attempt", Meaning(ParcelStage.ATTEMPT_FAILED)),
)

SENTENCES: Mapping[str, tuple[tuple[str, Meaning], ...]] = {
    "transit": (
        *((words, Meaning(ParcelStage.RETURNING, leg=BACK)) for words in _BACK),
        *((words, Meaning(ParcelStage.AWAITING_COLLECTION)) for words in _WAITS),
        *((words, Meaning(ParcelStage.OUT_FOR_DELIVERY)) for words in _VAN),
        *_TROUBLE,
        ("delay", Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_DELAY)),
        ("picked up by dhl", Meaning(ParcelStage.ACCEPTED)),
        ("shipment has been picked up", Meaning(ParcelStage.ACCEPTED)),
        ("pick-up was successful", Meaning(ParcelStage.ACCEPTED)),
        ("posted by the sender", Meaning(ParcelStage.ACCEPTED)),
    ),
    "delivered": (
        *((words, Meaning(ParcelStage.RETURNED, leg=BACK)) for words in _BACK),
        *((words, Meaning(ParcelStage.AWAITING_COLLECTION)) for words in _WAITS),
        (
            "picked up the shipment from",
            Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT),
        ),
        ("neighbo", Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.NEIGHBOUR)),
        ("drop-off location", Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.SAFE_PLACE)),
        ("preferred location", Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.SAFE_PLACE)),
    ),
    "failure": (*((words, Meaning(ParcelStage.RETURNING, leg=BACK)) for words in _BACK), *_TROUBLE),
}
"""What DHL's words add to a code: the first that stands in the sentence."""


def answer(raw: bytes, context: Context) -> Reading:
    """What GET /track/shipments says of each shipment found under the number."""
    notes = Notes()
    return notes.reading(*(_shipment(one, context, notes) for one in objects(document(raw), "shipments")))


def _shipment(data: Json, context: Context, notes: Notes) -> Tracking | None:
    number = text(data, "id")
    if not number:
        notes.malformed(Unreadable("shipments.id"))
        return None
    events = objects(data, "events") or objects(data, "status")
    reports = each(events, lambda event: _report(event, data, context, notes), notes)
    frame = "estimatedDeliveryTimeFrame"
    end = text(data, frame, "estimatedThrough") or text(data, "estimatedTimeOfDelivery")
    return Tracking(
        carrier="dhl",
        tracking_number=number,
        reports=expecting(
            homeward(reports),
            perhaps(text(data, frame, "estimatedFrom"), context.zone),
            perhaps(end, context.zone),
        ),
        service=text(data, "details", "product", "productName") or text(data, "service"),
    )


def _report(event: Json, data: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "statusCode")
    said = text(event, "description") or text(event, "status")
    meaning = _meant(code, f"{text(event, 'status')} {text(event, 'description')}".casefold(), notes)
    if data.get("returnFlag") is True and meaning.stage is ParcelStage.DELIVERED:
        meaning = replace(meaning, stage=ParcelStage.RETURNED, leg=BACK)
    return TrackingReport(
        at=moment(required(event, "timestamp"), context.zone, "timestamp"),
        stage=meaning.stage,
        raw_code=code,
        raw_text=said,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        city=text(event, "location", "address", "addressLocality"),
        country=text(event, "location", "address", "countryCode"),
    )


def _meant(code: str, said: str, notes: Notes) -> Meaning:
    meaning = notes.meaning(CODES, code, where="statusCode")
    return next((found for words, found in SENTENCES.get(code.casefold(), ()) if words in said), meaning)
