"""Karrio's unified tracking to our words. Reads plain documents, so Karrio need not be installed.

An event: `{date, time, description, code, status, reason, location}`. Its `timestamp` is not read: it writes the
place's own time as if it were UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Unreadable,
    each,
    expecting,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.dhl.mapping import CODES as DHL
from opieka.deliveries.carriers.estimates import span
from opieka.deliveries.carriers.fedex.mapping import CODES as FEDEX
from opieka.deliveries.carriers.gls.mapping import CODES as GLS
from opieka.deliveries.carriers.names import named
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage, Reason, Tracking, TrackingReport

S, R = ParcelStage, Reason

CODES: Mapping[str, Meaning] = {
    "pending": Meaning(S.LABEL_CREATED),
    "picked_up": Meaning(S.ACCEPTED),
    "in_transit": Meaning(S.IN_TRANSIT),
    "on_hold": Meaning(S.EXCEPTION, R.OTHER),
    "delivery_delayed": Meaning(S.IN_TRANSIT, R.CARRIER_DELAY),
    "out_for_delivery": Meaning(S.OUT_FOR_DELIVERY),
    "ready_for_pickup": Meaning(S.AWAITING_COLLECTION),
    "delivery_failed": Meaning(S.ATTEMPT_FAILED),
    "delivered": Meaning(S.DELIVERED),
    "return_to_sender": Meaning(S.RETURNING, leg=Leg.RETURNING_TO_SENDER),
    "cancelled": Meaning(S.CANCELLED),
    "unknown": NO_MEANING,
}
REASONS: Mapping[str, Reason] = {
    "carrier_damaged_parcel": R.CARRIER_DAMAGED,
    "carrier_sorting_error": R.CARRIER_MISSORTED,
    "carrier_address_not_found": R.CONSIGNEE_WRONG_ADDRESS,
    "carrier_parcel_lost": R.CARRIER_LOST,
    "carrier_not_enough_time": R.CARRIER_CAPACITY,
    "carrier_vehicle_issue": R.CARRIER_VEHICLE,
    "carrier_capacity_exceeded": R.CARRIER_CAPACITY,
    "carrier_mechanical_delay": R.CARRIER_VEHICLE,
    "retailer_cancelled": R.RETAILER_CANCELLED,
    "retailer_incorrect_data": R.RETAILER_LABEL,
    "retailer_not_ready": R.RETAILER_NOT_HANDED_OVER,
    "retailer_incorrect_parcel": R.RETAILER_LABEL,
    "retailer_incorrect_dimensions": R.CARRIER_OVERSIZED,
    "retailer_packaging_issue": R.CARRIER_REJECTED,
    "consignee_refused": R.CONSIGNEE_REFUSED,
    "consignee_business_closed": R.CONSIGNEE_CLOSED,
    "consignee_not_available": R.CONSIGNEE_ABSENT,
    "consignee_not_home": R.CONSIGNEE_ABSENT,
    "consignee_cancelled": R.CONSIGNEE_REFUSED,
    "consignee_verification_failed": R.CONSIGNEE_NO_IDENTIFICATION,
    "consignee_incorrect_address": R.CONSIGNEE_WRONG_ADDRESS,
    "consignee_access_restricted": R.CONSIGNEE_NO_ACCESS,
    "consignee_safe_place_unavailable": R.CONSIGNEE_ABSENT,
    "customs_delay": R.CUSTOMS_DELAY,
    "customs_documentation": R.CUSTOMS_DOCUMENTS,
    "customs_duties_unpaid": R.CUSTOMS_DUTIES,
    "customs_prohibited": R.CUSTOMS_REFUSED,
    "customs_inspection": R.CUSTOMS_DELAY,
    "weather_delay": R.WEATHER,
    "natural_disaster": R.WEATHER,
    "force_majeure": R.OTHER,
    "parcel_being_researched": R.CARRIER_HELD,
    "security_issue": R.SECURITY,
    "regulatory_hold": R.CARRIER_HELD,
    "unknown": R.OTHER,
}
OWN: Mapping[str, Mapping[str, Meaning]] = {"gls": GLS, "fedex": FEDEX, "dhl_universal": DHL}
"""Our tables of carriers whose connector passes on the very codes they hold."""
MISTAKEN = {
    # An arrival at a parcel shop, and "history closed".
    ("gls", "delivered"),
    # What DHL itself calls unknown.
    ("dhl_universal", "delivery_delayed"),
    # A return, and a label just made.
    ("easypost", "delivery_failed"),
    ("easypost", "on_hold"),
}
"""Statuses that a connector is known to give to something else: without a code of ours they mean nothing."""
TROUBLED = {S.EXCEPTION, S.ATTEMPT_FAILED, S.RETURNING}
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")


def reading(found: Iterable[Json], connector: str, context: Context) -> Reading:
    """The `TrackingDetails` that a connector made, as plain documents."""
    notes = Notes()
    told = [one for one in found if text(one, "tracking_number")]
    return notes.reading(*(_tracking(one, connector, context, notes) for one in told))


def _tracking(told: Json, connector: str, context: Context, notes: Notes) -> Tracking:
    reports = each(objects(told, "events"), lambda event: _report(event, connector, context, notes), notes)
    word = text(told, "carrier_name") or connector
    return Tracking(
        carrier=named(word),
        carrier_word=word,
        tracking_number=required(told, "tracking_number"),
        reports=expecting(homeward(reports), *span("", text(told, "estimated_delivery"), context.zone)),
        service=text(told, "info", "shipment_service"),
        order_number=text(told, "info", "order_id"),
    )


def _report(event: Json, connector: str, context: Context, notes: Notes) -> TrackingReport:
    meaning = _meaning(event, connector, notes)
    return TrackingReport(
        at=_local(event, context),
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code=text(event, "code") or text(event, "status"),
        raw_text=text(event, "description"),
        depot=text(event, "location"),
    )


def _meaning(event: Json, connector: str, notes: Notes) -> Meaning:
    """Our own meaning of the carrier's code; else that of Karrio's status, unless it is known to be wrong there."""
    code, status, why = (text(event, key).casefold() for key in ("code", "status", "reason"))
    if own := OWN.get(connector, {}).get(code):
        return own
    if not status or (connector, status) in MISTAKEN:
        notes.note(NoticeKind.UNKNOWN_CODE, f"{connector}: code", text(event, "code") or status)
        return NO_MEANING
    meaning = notes.meaning(CODES, status, where=f"{connector}: status")
    if why and why not in REASONS:
        notes.note(NoticeKind.UNKNOWN_CODE, f"{connector}: reason", why)
    reason = REASONS.get(why, R.NONE)
    if reason is R.NONE or meaning is NO_MEANING:
        return meaning
    if reason is R.CARRIER_LOST and meaning.stage in TROUBLED:
        return Meaning(S.LOST, reason)
    return replace(meaning, reason=reason)


def _local(event: Json, context: Context) -> datetime:
    """The day and the clock of the place, in the zone of the connection."""
    day, clock = required(event, "date"), text(event, "time")
    for pattern in CLOCKS:
        try:
            told = datetime.strptime(f"{day} {clock}", f"%Y-%m-%d {pattern}")  # noqa: DTZ007 - `moment` sets the zone
        except ValueError:
            continue
        return moment(told.isoformat(), context.zone)
    if clock:
        raise Unreadable("time", clock)
    return moment(day, context.zone)
