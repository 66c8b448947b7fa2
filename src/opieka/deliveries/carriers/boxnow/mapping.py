"""BoxNow's parcel states and events to our words.

States and events are two lists with words in common; both are spelt with and without hyphens. "Missing" is a parcel the
courier did not find where it should be handed over: it never left the sender, so it is not lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from opieka.deliveries.carriers.base import (
    Context,
    Delivered,
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
    required,
    text,
)
from opieka.deliveries.carriers.signing import digest, hex_holds
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason
HOME = Leg.RETURNING_TO_SENDER
AT_LOCKER = HandedTo.COLLECTED_AT_POINT

CODES: Mapping[str, Meaning] = {
    "new": Meaning(S.LABEL_CREATED),
    "wait-for-load": Meaning(S.LABEL_CREATED),
    "accepted-to-locker": Meaning(S.ACCEPTED),
    "in-depot": Meaning(S.IN_TRANSIT),
    "in-transit": Meaning(S.IN_TRANSIT),
    "intransit": Meaning(S.IN_TRANSIT),
    "final-destination": Meaning(S.AWAITING_COLLECTION),
    "in-final-destination": Meaning(S.AWAITING_COLLECTION),
    "delivered": Meaning(S.DELIVERED, handed_to=AT_LOCKER),
    # It stays in the locker until a courier takes it out.
    "expired": Meaning(S.RETURNING, R.CONSIGNEE_NOT_COLLECTED),
    "expired-return": Meaning(S.RETURNING, R.CONSIGNEE_NOT_COLLECTED, leg=HOME),
    "canceled-return": Meaning(S.RETURNING, R.RETAILER_CANCELLED, leg=HOME),
    "cancelled-return": Meaning(S.RETURNING, R.RETAILER_CANCELLED, leg=HOME),
    "returned": Meaning(S.RETURNED, leg=HOME),
    "accepted-for-return": Meaning(S.ACCEPTED, leg=Leg.CUSTOMER_RETURN),
    "canceled": Meaning(S.CANCELLED, R.RETAILER_CANCELLED),
    "cancelled": Meaning(S.CANCELLED, R.RETAILER_CANCELLED),
    "missing": Meaning(S.EXCEPTION, R.RETAILER_NOT_HANDED_OVER),
    "lost": Meaning(S.LOST, R.CARRIER_LOST),
}
_DATA = re.compile(r'"data"\s*:\s*')


def genuine(delivered: Delivered, secrets: Mapping[str, str]) -> bool:
    """Whether `datasignature` holds for the bytes of `data`."""
    secret = secrets.get("webhook_secret", "")
    try:
        message = document(delivered.raw)
    except Unreadable:
        return False
    told = text(message, "datasignature")
    data = _as_written(delivered.raw.decode("utf-8-sig"), message.get("data"))
    return data is not None and hex_holds(told, digest(data.encode(), secret), secret)


def _as_written(body: str, data: Any) -> str | None:
    """The text of the body that `data` was read from."""
    decoder = json.JSONDecoder()
    for found in _DATA.finditer(body):
        try:
            value, end = decoder.raw_decode(body, found.end())
        except ValueError:
            continue
        if isinstance(value, dict) and value == data:
            return body[found.end() : end]
    return None


def delivery_id(delivered: Delivered) -> str:
    """The message's `id`."""
    try:
        return text(document(delivered.raw), "id")
    except Unreadable:
        return ""


def read(raw: bytes, context: Context) -> Reading:
    """A webhook: a CloudEvent with one event of one parcel in `data`."""
    notes, message = Notes(), document(raw)
    data = message.get("data")
    if not isinstance(data, dict) or not text(data, "parcelId"):
        return notes.reading()
    event = {
        "type": text(data, "event") or text(data, "parcelState"),
        "createTime": text(data, "time") or text(message, "time"),
        "locationDisplayName": text(data, "eventLocation", "displayName"),
    }
    reports = each([event], lambda one: _report(one, context, notes), notes)
    return notes.reading(
        Tracking(
            carrier="boxnow",
            tracking_number=required(data, "parcelId"),
            reports=homeward(reports),
            order_number=text(data, "orderNumber"),
            reference=text(data, "parcelReferenceNumber"),
        )
    )


def answer(raw: bytes, context: Context) -> Reading:
    """`{data: [{id, state, events: [{type, createTime, locationDisplayName}]}]}`."""
    notes = Notes()
    found = [parcel for parcel in objects(document(raw), "data") if text(parcel, "id")]
    return notes.reading(*(_parcel(parcel, context, notes) for parcel in found))


def _parcel(parcel: Json, context: Context, notes: Notes) -> Tracking:
    reports = each(objects(parcel, "events"), lambda one: _report(one, context, notes), notes)
    if not reports and text(parcel, "state"):
        event = {"type": text(parcel, "state"), "createTime": text(parcel, "updateTime")}
        reports = each([event], lambda one: _report(one, context, notes), notes)
    return Tracking(
        carrier="boxnow",
        tracking_number=required(parcel, "id"),
        reports=homeward(reports),
        order_number=text(parcel, "deliveryRequest", "orderNumber"),
        reference=text(parcel, "itemRefId"),
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    code = text(event, "type")
    meaning = notes.meaning(CODES, code, where="event")
    return TrackingReport(
        at=moment(required(event, "createTime"), context.zone),
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code=code,
        depot=text(event, "locationDisplayName"),
    )
