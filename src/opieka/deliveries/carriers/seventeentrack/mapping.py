"""17TRACK's main and sub-statuses to our words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from opieka.deliveries.carriers.aggregating import alpha2, refined, words_of
from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Delivered,
    Json,
    Meaning,
    Notes,
    Reading,
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
from opieka.deliveries.carriers.signing import hex_holds
from opieka.deliveries.types import Leg, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason
HOME = Leg.RETURNING_TO_SENDER

STATUSES: Mapping[str, Meaning] = {
    # A fresh label is not found for days: that is no trouble.
    "notfound": Meaning(S.UNKNOWN),
    "inforeceived": Meaning(S.LABEL_CREATED),
    "intransit": Meaning(S.IN_TRANSIT),
    "expired": Meaning(S.UNKNOWN),
    "availableforpickup": Meaning(S.AWAITING_COLLECTION),
    "outfordelivery": Meaning(S.OUT_FOR_DELIVERY),
    "deliveryfailure": Meaning(S.ATTEMPT_FAILED),
    "delivered": Meaning(S.DELIVERED),
    "exception": Meaning(S.EXCEPTION, R.OTHER),
}
SUBS: Mapping[str, Meaning] = {
    "notfound_other": Meaning(S.UNKNOWN),
    "notfound_invalidcode": Meaning(S.UNKNOWN),
    "inforeceived": Meaning(S.LABEL_CREATED),
    "intransit_pickedup": Meaning(S.ACCEPTED),
    "intransit_other": Meaning(S.IN_TRANSIT),
    "intransit_departure": Meaning(S.IN_TRANSIT),
    "intransit_arrival": Meaning(S.IN_TRANSIT),
    "intransit_customsprocessing": Meaning(S.IN_TRANSIT),
    "intransit_customsreleased": Meaning(S.IN_TRANSIT),
    "intransit_customsrequiringinformation": Meaning(S.IN_TRANSIT, R.CUSTOMS_DOCUMENTS),
    "expired_other": Meaning(S.UNKNOWN),
    "availableforpickup_other": Meaning(S.AWAITING_COLLECTION),
    "outfordelivery_other": Meaning(S.OUT_FOR_DELIVERY),
    "deliveryfailure_other": Meaning(S.ATTEMPT_FAILED),
    "deliveryfailure_nobody": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_ABSENT),
    "deliveryfailure_security": Meaning(S.ATTEMPT_FAILED, R.SECURITY),
    "deliveryfailure_rejected": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_REFUSED),
    "deliveryfailure_invalidaddress": Meaning(S.ATTEMPT_FAILED, R.CONSIGNEE_WRONG_ADDRESS),
    "delivered_other": Meaning(S.DELIVERED),
    "exception_other": Meaning(S.EXCEPTION, R.OTHER),
    "exception_returning": Meaning(S.RETURNING, leg=HOME),
    "exception_returned": Meaning(S.RETURNED, leg=HOME),
    "exception_nobody": Meaning(S.EXCEPTION, R.CONSIGNEE_UNKNOWN),
    "exception_security": Meaning(S.EXCEPTION, R.SECURITY),
    "exception_damage": Meaning(S.EXCEPTION, R.CARRIER_DAMAGED),
    "exception_rejected": Meaning(S.RETURNING, R.CONSIGNEE_REFUSED),
    "exception_delayed": Meaning(S.IN_TRANSIT, R.CARRIER_DELAY),
    "exception_lost": Meaning(S.LOST, R.CARRIER_LOST),
    "exception_destroyed": Meaning(S.LOST, R.CARRIER_DESTROYED),
    "exception_cancel": Meaning(S.CANCELLED),
}
STAGES: Mapping[str, Meaning] = {
    **STATUSES,
    "pickedup": Meaning(S.ACCEPTED),
    "departure": Meaning(S.IN_TRANSIT),
    "arrival": Meaning(S.IN_TRANSIT),
    "customsprocessing": Meaning(S.IN_TRANSIT),
    "customsreleased": Meaning(S.IN_TRANSIT),
    "returning": Meaning(S.RETURNING, leg=HOME),
    "returned": Meaning(S.RETURNED, leg=HOME),
}
"""Milestones: the stage of an event that has no sub-status."""
CODES: Mapping[str, Meaning] = {**STAGES, **SUBS}
VAGUE = {"exception"}


def genuine(delivered: Delivered, secrets: Mapping[str, str]) -> bool:
    """Whether the body is hashed together with the shop's API key."""
    key = secrets.get("api_key", "")
    expected = hashlib.sha256(delivered.raw + b"/" + key.encode("utf-8", "replace")).digest()
    return hex_holds(delivered.headers.get("sign", ""), expected, key)


def read(raw: bytes, context: Context) -> Reading:
    """A webhook `{event, data}` or an answer `{code, data: {accepted}}`. TRACKING_STOPPED tells nothing new."""
    notes, data = Notes(), document(raw)
    if text(data, "event") == "TRACKING_STOPPED":
        return notes.reading()
    told = objects(data, "data", "accepted") or objects(data, "data")
    return notes.reading(*(_tracking(one, context, notes) for one in told if text(one, "number")))


def _tracking(told: Json, context: Context, notes: Notes) -> Tracking:
    providers = objects(told, "track_info", "tracking", "providers")
    events = [event for provider in providers for event in objects(provider, "events")]
    reports = each(events, lambda event: _report(event, context, notes), notes)
    if not reports:
        reports = each([told], lambda one: _summary(one, context, notes), notes)
    names = [name for provider in providers if (name := text(provider, "provider", "name"))]
    word = names[0] if names else text(told, "carrier")
    return Tracking(
        carrier=next((code for name in names if (code := named(name))), ""),
        carrier_word=word,
        tracking_number=required(told, "number"),
        reports=expecting(homeward(reports), *_expected(told, context)),
        service=text(told, "track_info", "misc_info", "service_type"),
        order_number=text(told, "order_no"),
        reference=text(told, "tag"),
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    """An event: `time_iso` has the local offset, `time_utc` has none to spare."""
    told = words_of(event, "time_iso", "time_utc")
    if not told:
        required(event, "time_iso")
    stage, sub = text(event, "stage"), text(event, "sub_status")
    meaning = _meaning(stage, sub, notes)
    place, city = text(event, "location"), text(event, "address", "city")
    return TrackingReport(
        at=moment(told, context.zone),
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code=sub or stage,
        raw_text=words_of(event, "description"),
        depot=place if place != city else "",
        city=city,
        country=alpha2(text(event, "address", "country")),
    )


def _meaning(stage: str, sub: str, notes: Notes) -> Meaning:
    """What the sub-status means. Some events have only a stage (a milestone, or a main status), or not even that."""
    if sub:
        return refined(notes, STATUSES, SUBS, (sub.partition("_")[0], sub), vague=VAGUE)
    return notes.meaning(STAGES, stage, where="stage") if stage else NO_MEANING


def _summary(told: Json, context: Context, notes: Notes) -> TrackingReport | None:
    """A number without events still has a latest status; None where that says nothing yet."""
    latest = told.get("track_info")
    status, sub = text(latest, "latest_status", "status"), text(latest, "latest_status", "sub_status")
    times = [text(mark, "time_iso") or text(mark, "time_utc") for mark in objects(latest, "milestone")]
    at = max(filter(None, times), default="")
    if not status or not at or status == "NotFound":
        return None
    return _report({"time_iso": at, "stage": status, "sub_status": sub}, context, notes)


def _expected(told: Json, context: Context) -> tuple[datetime | None, datetime | None]:
    window = told.get("track_info", {})
    path = ("time_metrics", "estimated_delivery_date")
    return span(text(window, *path, "from"), text(window, *path, "to"), context.zone)
