"""AfterShip's tags and sub-tags to our words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from opieka.deliveries.carriers.aggregating import alpha2, refined, words_of
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
from opieka.deliveries.carriers.signing import base64_holds
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason
HOME = Leg.RETURNING_TO_SENDER

TAGS: Mapping[str, Meaning] = {
    "pending": Meaning(S.UNKNOWN),
    "inforeceived": Meaning(S.LABEL_CREATED),
    "intransit": Meaning(S.IN_TRANSIT),
    "outfordelivery": Meaning(S.OUT_FOR_DELIVERY),
    "attemptfail": Meaning(S.ATTEMPT_FAILED),
    "delivered": Meaning(S.DELIVERED),
    "availableforpickup": Meaning(S.AWAITING_COLLECTION),
    "exception": Meaning(S.EXCEPTION, R.OTHER),
    # No news for 30 days: that is silence, which is ours to measure, and says nothing of the parcel.
    "expired": Meaning(S.UNKNOWN),
}
SUBTAGS: Mapping[str, Meaning] = {
    "pending_001": Meaning(S.UNKNOWN),
    "pending_002": Meaning(S.UNKNOWN),
    "pending_003": Meaning(S.UNKNOWN),
    "pending_004": Meaning(S.UNKNOWN),
    "pending_005": Meaning(S.UNKNOWN),
    "pending_006": Meaning(S.UNKNOWN),
    "inforeceived_001": Meaning(S.LABEL_CREATED),
    "intransit_001": Meaning(S.IN_TRANSIT),
    "intransit_002": Meaning(S.ACCEPTED),
    "intransit_003": Meaning(S.IN_TRANSIT),
    "intransit_004": Meaning(S.IN_TRANSIT),
    "intransit_005": Meaning(S.IN_TRANSIT),
    "intransit_006": Meaning(S.IN_TRANSIT),
    "intransit_007": Meaning(S.IN_TRANSIT),
    "intransit_008": Meaning(S.IN_TRANSIT),
    "intransit_009": Meaning(S.IN_TRANSIT, R.CONSIGNEE_REDIRECTED),
    "outfordelivery_001": Meaning(S.OUT_FOR_DELIVERY),
    "outfordelivery_003": Meaning(S.OUT_FOR_DELIVERY),
    # An appointment is made while the parcel still waits: it is not on the van.
    "outfordelivery_004": Meaning(S.IN_TRANSIT, R.CONSIGNEE_RESCHEDULED),
    "availableforpickup_001": Meaning(S.AWAITING_COLLECTION),
    "attemptfail_001": Meaning(S.ATTEMPT_FAILED),
    "attemptfail_002": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_ABSENT),
    "attemptfail_003": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_CLOSED),
    "delivered_001": Meaning(S.DELIVERED),
    "delivered_002": Meaning(S.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT),
    "delivered_003": Meaning(S.DELIVERED, handed_to=HandedTo.RECIPIENT),
    "delivered_004": Meaning(S.DELIVERED, handed_to=HandedTo.RECIPIENT),
    "delivered_005": Meaning(S.DELIVERED, handed_to=HandedTo.NEIGHBOUR),
    "exception_001": Meaning(S.EXCEPTION, R.OTHER),
    "exception_002": Meaning(S.EXCEPTION, R.CONSIGNEE_WRONG_ADDRESS),
    "exception_003": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_REFUSED),
    "exception_004": Meaning(S.IN_TRANSIT, R.CUSTOMS_DELAY),
    "exception_005": Meaning(S.IN_TRANSIT, R.CARRIER_DELAY),
    "exception_006": Meaning(S.EXCEPTION, R.CONSIGNEE_NO_PAYMENT),
    "exception_007": Meaning(S.EXCEPTION, R.CONSIGNEE_WRONG_ADDRESS),
    "exception_008": Meaning(S.EXCEPTION, R.CONSIGNEE_NOT_COLLECTED),
    "exception_009": Meaning(S.EXCEPTION, R.CARRIER_REJECTED),
    "exception_010": Meaning(S.RETURNING, leg=HOME),
    "exception_011": Meaning(S.RETURNED, leg=HOME),
    "exception_012": Meaning(S.EXCEPTION, R.CARRIER_DAMAGED),
    "exception_013": Meaning(S.LOST, R.CARRIER_LOST),
    "exception_016": Meaning(S.IN_TRANSIT, R.CARRIER_DELAY),
    "exception_017": Meaning(S.IN_TRANSIT, R.WEATHER),
    "exception_018": Meaning(S.IN_TRANSIT, R.CUSTOMS_DOCUMENTS),
    "expired_001": Meaning(S.UNKNOWN),
}
CODES: Mapping[str, Meaning] = {**TAGS, **SUBTAGS}
VAGUE = {"exception"}


def genuine(delivered: Delivered, secrets: Mapping[str, str]) -> bool:
    """Whether the body is signed with the shop's webhook secret."""
    header = delivered.headers.get("aftership-hmac-sha256", "")
    return base64_holds(header, delivered.raw, secrets.get("webhook_secret", ""))


def delivery_id(delivered: Delivered) -> str:
    """`event_id`, the same in every attempt; a signature covers no time, so this alone stops a replay."""
    try:
        return text(document(delivered.raw), "event_id")
    except Unreadable:
        return ""


def read(raw: bytes, context: Context) -> Reading:
    """A webhook: `{event, event_id, msg: {tracking}}`, or the tracking alone. A test message holds none."""
    notes, data = Notes(), document(raw)
    told = data.get("msg", data)
    if not isinstance(told, dict) or not text(told, "tracking_number"):
        return notes.reading()
    return notes.reading(_tracking(told, context, notes))


def _tracking(told: Json, context: Context, notes: Notes) -> Tracking:
    slug = text(told, "slug")
    reports = each(objects(told, "checkpoints"), lambda event: _report(event, context, notes), notes)
    if not reports:
        reports = each([told], lambda event: _summary(event, context, notes), notes)
    return Tracking(
        carrier=named(slug),
        carrier_word=slug,
        tracking_number=required(told, "tracking_number"),
        reports=expecting(homeward(reports), *_expected(told, context)),
        service=text(told, "shipment_type"),
        order_number=text(told, "order_number") or text(told, "order_id"),
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    at = moment(required(event, "checkpoint_time"), context.zone)
    return _told(event, at, notes)


def _summary(told: Json, context: Context, notes: Notes) -> TrackingReport | None:
    """A tracking without checkpoints still has a tag; None where that says nothing yet."""
    changed = text(told, "updated_at") or text(told, "created_at")
    if not changed or text(told, "tag").casefold() == "pending":
        return None
    return _told({"tag": told.get("tag"), "subtag": told.get("subtag")}, moment(changed, context.zone), notes)


def _told(event: Json, at: datetime, notes: Notes) -> TrackingReport:
    tag, subtag = text(event, "tag"), text(event, "subtag")
    meaning = refined(notes, TAGS, SUBTAGS, (tag, subtag), vague=VAGUE)
    return TrackingReport(
        at=at,
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code=subtag or tag,
        raw_text=words_of(event, "message", "subtag_message"),
        depot=text(event, "location"),
        city=text(event, "city"),
        country=alpha2(words_of(event, "country_region", "country_iso3")),
    )


def _expected(told: Json, context: Context) -> tuple[datetime | None, datetime | None]:
    """AfterShip's newest estimate; else the carrier's."""
    newest, courier = "latest_estimated_delivery", "courier_estimated_delivery_date"
    for key, one, least, most in (
        (newest, "datetime", "datetime_min", "datetime_max"),
        (courier, "estimated_delivery_date", "estimated_delivery_date_min", "estimated_delivery_date_max"),
    ):
        earliest, latest = text(told, key, least), text(told, key, most)
        exact = text(told, key, one)
        if earliest or latest or exact:
            return span(earliest or exact, latest or exact, context.zone)
    return span("", text(told, "expected_delivery"), context.zone)
