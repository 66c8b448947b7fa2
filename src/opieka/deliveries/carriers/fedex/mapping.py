"""What FedEx's Track API says.

A "delivery exception" (DE) is not always an attempt: its reason decides, and an unknown reason claims no attempt.
Numbers are used again after a while; FedEx then answers several results for one, of which the newest is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

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
    grouped,
    homeward,
    moment,
    objects,
    perhaps,
    required,
    text,
)
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

NOT_KNOWN = "TRACKING.TRACKINGNUMBER.NOTFOUND"

CODES: Mapping[str, Meaning] = grouped(
    # order created, at or on the way to the pickup, shipment information sent to USPS
    (Meaning(ParcelStage.LABEL_CREATED), "oc ap ep ox"),
    (Meaning(ParcelStage.LABEL_CREATED, Reason.CARRIER_DELAY), "pd"),
    (Meaning(ParcelStage.LABEL_CREATED, Reason.RETAILER_NOT_HANDED_OVER), "dr"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "ca"),
    (Meaning(ParcelStage.ACCEPTED), "pu px"),
    (
        Meaning(ParcelStage.IN_TRANSIT),
        "aa ac af ar ax cc cp dp ea eo fd it ix lo of ow pf pl pm sf tr",
    ),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_DELAY), "dd dy"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CUSTOMS_DELAY), "cd"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "od ad ed"),
    # held at a location, ready for the recipient: FedEx has it still
    (Meaning(ParcelStage.AWAITING_COLLECTION), "hl hp"),
    (Meaning(ParcelStage.EXCEPTION, Reason.OTHER), "de se"),
    (Meaning(ParcelStage.DELIVERED), "dl"),
    (Meaning(ParcelStage.RETURNING, Reason.NONE, Leg.RETURNING_TO_SENDER), "rs"),
    # customer delivery options asked for, changed, withdrawn
    (Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_REDIRECTED), "rr rm"),
    # estimates ("arriving on time", "arriving early"), split status, vehicle dispatched, location changed
    (NO_MEANING, "ao ae sp ds ch rc"),
    # a label for a return was mailed, withdrawn, is expiring, has expired
    (Meaning(ParcelStage.UNKNOWN, leg=Leg.CUSTOMER_RETURN), "rp lp rg rd"),
)

EXCEPTIONS: Mapping[str, Meaning] = {
    "customer not available or business closed": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT),
    "delivery was refused by the recipient": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REFUSED),
    "incorrect address": Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_WRONG_ADDRESS),
    "local delivery restriction": Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_NO_ACCESS),
    "a request was made to change this delivery": Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_RESCHEDULED),
    "fedex redirected your package": Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED),
}
"""What an exception means by the beginning of its English words: the reason codes differ between FedEx's companies
(07 is a refusal with Express, 007 an absence with Ground)."""

RELEASED = "release authorized"
"""Left at the address without a signature, as the sender allowed."""


def answer(raw: bytes, context: Context) -> Reading:
    """What POST /track/v1/trackingnumbers says of each number; one that is not found is absent."""
    notes = Notes()
    results = objects(document(raw), "output", "completeTrackResults")
    return notes.reading(*(_tracking(result, context, notes) for result in results))


def _tracking(result: Json, context: Context, notes: Notes) -> Tracking | None:
    found = [one for one in objects(result, "trackResults") if not _missing(one, notes)]
    read = [_read(one, result, context, notes) for one in found]
    told = [one for one in read if one is not None]
    return max(told, key=_newest, default=None)


def _missing(one: Json, notes: Notes) -> bool:
    code = text(one, "error", "code")
    if code and code != NOT_KNOWN:
        notes.malformed(Unreadable("trackResults.error", f"{code} {text(one, 'error', 'message')}"))
    return bool(code)


def _newest(one: Tracking) -> datetime:
    return one.reports[-1].at if one.reports else datetime.min.replace(tzinfo=UTC)


def _read(one: Json, result: Json, context: Context, notes: Notes) -> Tracking | None:
    number = text(result, "trackingNumber") or text(one, "trackingNumberInfo", "trackingNumber")
    if not number:
        notes.malformed(Unreadable("trackingNumber"))
        return None
    reports = each(objects(one, "scanEvents"), lambda event: _report(event, context, notes), notes)
    window = "estimatedDeliveryTimeWindow"
    return Tracking(
        carrier="fedex",
        tracking_number=number,
        reports=expecting(
            homeward(reports),
            perhaps(text(one, window, "window", "begins"), context.zone),
            perhaps(text(one, window, "window", "ends"), context.zone),
        ),
        service=text(one, "serviceDetail", "description"),
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "eventType")
    meaning = notes.meaning(CODES, code, where="eventType")
    why, number = text(event, "exceptionDescription").casefold(), text(event, "exceptionCode")
    if meaning.stage is ParcelStage.EXCEPTION:
        words = why or text(event, "eventDescription").casefold()
        meaning = next((found for said, found in EXCEPTIONS.items() if words.startswith(said)), meaning)
    elif meaning.stage is ParcelStage.DELIVERED and RELEASED in why:
        meaning = replace(meaning, handed_to=HandedTo.SAFE_PLACE)
    return TrackingReport(
        at=moment(required(event, "date"), context.zone, "scanEvents.date"),
        stage=meaning.stage,
        raw_code=f"{code}/{number}" if number else code,
        raw_text=text(event, "exceptionDescription") or text(event, "eventDescription"),
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        depot=text(event, "locationId"),
        city=text(event, "scanLocation", "city"),
        country=text(event, "scanLocation", "countryCode"),
    )
