"""EasyPost's statuses and details to our words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from opieka.deliveries.carriers.aggregating import alpha2, words_of
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
    expecting,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.estimates import span
from opieka.deliveries.carriers.names import named
from opieka.deliveries.carriers.signing import digest, hex_holds
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason
HOME = Leg.RETURNING_TO_SENDER
PREFIX = "hmac-sha256-hex="

CODES: Mapping[str, Meaning] = {
    "unknown": Meaning(S.UNKNOWN),
    "pre_transit": Meaning(S.LABEL_CREATED),
    "in_transit": Meaning(S.IN_TRANSIT),
    "out_for_delivery": Meaning(S.OUT_FOR_DELIVERY),
    "available_for_pickup": Meaning(S.AWAITING_COLLECTION),
    "delivered": Meaning(S.DELIVERED),
    "return_to_sender": Meaning(S.RETURNING, leg=HOME),
    "failure": Meaning(S.EXCEPTION, R.OTHER),
    "cancelled": Meaning(S.CANCELLED),
    # The tracker failed, not the parcel.
    "error": Meaning(S.UNKNOWN),
}
DETAILS: Mapping[str, Reason] = {
    "address_correction": R.CONSIGNEE_WRONG_ADDRESS,
    "arrived_at_destination": R.NONE,
    "arrived_at_facility": R.NONE,
    "arrived_at_pickup_location": R.NONE,
    "awaiting_information": R.RETAILER_DOCUMENTS,
    "cancelled": R.NONE,
    "damaged": R.CARRIER_DAMAGED,
    "delayed": R.CARRIER_DELAY,
    "delivery_exception": R.OTHER,
    "departed_facility": R.NONE,
    "departed_origin_facility": R.NONE,
    "expired": R.NONE,
    "failure": R.OTHER,
    "held": R.CARRIER_HELD,
    "in_transit": R.NONE,
    "label_created": R.NONE,
    "lost": R.CARRIER_LOST,
    "missorted": R.CARRIER_MISSORTED,
    "out_for_delivery": R.NONE,
    "received_at_destination_facility": R.NONE,
    "received_at_origin_facility": R.NONE,
    "refused": R.CONSIGNEE_REFUSED,
    "return": R.NONE,
    "status_update": R.NONE,
    "transferred_to_destination_carrier": R.NONE,
    "transit_exception": R.OTHER,
    "unknown": R.NONE,
    "weather_delay": R.WEATHER,
}
"""Why: the reason a detail gives, whatever the status beside it."""
PAIRS: Mapping[tuple[str, str], Meaning] = {
    ("in_transit", "received_at_origin_facility"): Meaning(S.ACCEPTED),
    ("in_transit", "label_created"): Meaning(S.LABEL_CREATED),
    ("in_transit", "return"): Meaning(S.RETURNING, leg=HOME),
    ("in_transit", "delivery_exception"): Meaning(S.ATTEMPT_FAILED, R.OTHER),
    ("in_transit", "lost"): Meaning(S.LOST, R.CARRIER_LOST),
    ("failure", "delivery_exception"): Meaning(S.ATTEMPT_FAILED, R.OTHER),
    ("failure", "refused"): Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_REFUSED),
    ("failure", "lost"): Meaning(S.LOST, R.CARRIER_LOST),
    ("failure", "return"): Meaning(S.RETURNING, leg=HOME),
    ("failure", "cancelled"): Meaning(S.CANCELLED),
    ("failure", "delayed"): Meaning(S.IN_TRANSIT, R.CARRIER_DELAY),
    ("failure", "weather_delay"): Meaning(S.IN_TRANSIT, R.WEATHER),
    # No news for long: silence is ours to measure.
    ("failure", "expired"): Meaning(S.UNKNOWN),
    ("delivered", "arrived_at_pickup_location"): Meaning(S.AWAITING_COLLECTION),
    ("delivered", "return"): Meaning(S.RETURNED, leg=HOME),
    ("return_to_sender", "arrived_at_destination"): Meaning(S.RETURNED, leg=HOME),
}
"""Where a detail says more than why: another stage than its status alone."""
CALM = {S.LABEL_CREATED, S.DELIVERED, S.CANCELLED, S.UNKNOWN}
"""Stages that need no reason."""


def genuine(delivered: Delivered, secrets: Mapping[str, str]) -> bool:
    """Whether the body is signed with the shop's webhook secret, brought to form NFKD first."""
    secret = unicodedata.normalize("NFKD", secrets.get("webhook_secret", ""))
    header = delivered.headers.get("x-hmac-signature", "").strip()
    return header.startswith(PREFIX) and hex_holds(
        header.removeprefix(PREFIX), digest(delivered.raw, secret), secret
    )


def delivery_id(delivered: Delivered) -> str:
    """The event's `id`."""
    try:
        return text(document(delivered.raw), "id")
    except Unreadable:
        return ""


def read(raw: bytes, context: Context) -> Reading:
    """An event `{description, result: Tracker}` or a Tracker; events of other things hold no tracking."""
    notes, data = Notes(), document(raw)
    told = data.get("result", data)
    if not isinstance(told, dict) or not text(told, "tracking_code"):
        return notes.reading()
    return notes.reading(_tracking(told, context, notes))


def _tracking(told: Json, context: Context, notes: Notes) -> Tracking:
    leg = Leg.CUSTOMER_RETURN if told.get("is_return") is True else Leg.OUTBOUND
    reports = each(objects(told, "tracking_details"), lambda event: _report(event, context, notes), notes)
    if not reports:
        reports = each([told], lambda event: _summary(event, context, notes), notes)
    if leg is Leg.CUSTOMER_RETURN:
        reports = tuple(replace(report, leg=leg) for report in reports)
    word = text(told, "carrier")
    return Tracking(
        carrier=named(word),
        carrier_word=word,
        tracking_number=required(told, "tracking_code"),
        reports=expecting(homeward(reports), *_expected(told, context)),
        service=text(told, "carrier_detail", "service"),
        reference=text(told, "shipment_id"),
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    meaning = _meaning(event, notes)
    own = text(event, "carrier_code")
    return TrackingReport(
        at=moment(required(event, "datetime"), context.zone),
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code=own or "/".join(filter(None, (text(event, "status"), text(event, "status_detail")))),
        raw_text=words_of(event, "message", "description"),
        city=text(event, "tracking_location", "city"),
        country=alpha2(text(event, "tracking_location", "country")),
    )


def _summary(told: Json, context: Context, notes: Notes) -> TrackingReport | None:
    """A tracker without details still has a status; None where that says nothing yet."""
    if text(told, "status") in {"", "unknown"}:
        return None
    at = text(told, "updated_at") or text(told, "created_at")
    return _report({**told, "datetime": at}, context, notes)


def _meaning(event: Json, notes: Notes) -> Meaning:
    """A pair with a meaning of its own, else the status for the stage and the detail for the reason."""
    status, detail = text(event, "status").casefold(), text(event, "status_detail").casefold()
    if pair := PAIRS.get((status, detail)):
        return pair
    meaning = notes.meaning(CODES, status, where="status")
    if detail and detail not in DETAILS:
        notes.note(NoticeKind.UNKNOWN_CODE, "status_detail", detail)
    why = DETAILS.get(detail, R.NONE)
    return meaning if why is R.NONE or meaning.stage in CALM else replace(meaning, reason=why)


def _expected(told: Json, context: Context) -> tuple[datetime | None, datetime | None]:
    """The day the carrier names in the local calendar, else EasyPost's estimate."""
    day = text(told, "carrier_detail", "est_delivery_date_local") or text(told, "est_delivery_date")
    return span("", day, context.zone)
