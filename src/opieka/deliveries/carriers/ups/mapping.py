"""What UPS's Track API says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timezone

from opieka.deliveries.carriers.base import (
    Context,
    Json,
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
from opieka.deliveries.carriers.ups.codes import CODES, LEFT_AT, REASONS
from opieka.deliveries.types import HandedTo, ParcelStage, Tracking, TrackingReport


def answer(raw: bytes, context: Context) -> Reading:
    """What GET /api/track/v1/details/{number} says of each package; one without activities is not known yet."""
    notes = Notes()
    shipments = objects(document(raw), "trackResponse", "shipment")
    packages = [package for shipment in shipments for package in objects(shipment, "package")]
    return notes.reading(*(_package(package, context, notes) for package in packages))


def _package(data: Json, context: Context, notes: Notes) -> Tracking | None:
    number = text(data, "trackingNumber")
    if not number:
        notes.malformed(Unreadable("package.trackingNumber"))
        return None
    there = _there(data, context)
    reports = each(objects(data, "activity"), lambda event: _report(event, data, there, notes), notes)
    return Tracking(
        carrier="ups",
        tracking_number=number,
        reports=expecting(homeward(reports), *_expected(data, there)),
        service=text(data, "service", "description"),
    )


def _there(data: Json, context: Context) -> Context:
    """UPS's days and hours are those of the place: the zone is the offset its newest activity tells."""
    for event in sorted(objects(data, "activity"), key=lambda one: text(one, "gmtDate"), reverse=True):
        offset = text(event, "gmtOffset")
        if offset and (midnight := perhaps(f"2000-01-01T00:00:00{offset}", context.zone)):
            return Context(zone=timezone(datetime(2000, 1, 1, tzinfo=UTC) - midnight))
    return context


def _report(event: Json, data: Json, context: Context, notes: Notes) -> TrackingReport:
    status = required(event, "status", "statusCode")
    meaning = notes.meaning(CODES, status, where="status.statusCode")
    exception = text(event, "status", "code")
    at = _time(event, context)
    report = TrackingReport(
        at=at,
        stage=meaning.stage,
        raw_code=f"{status}/{exception}" if exception else status,
        raw_text=text(event, "status", "description"),
        reason=REASONS.get(exception.upper(), meaning.reason) if _excepts(event) else meaning.reason,
        leg=meaning.leg,
        depot=text(event, "location", "slic"),
        city=text(event, "location", "address", "city"),
        country=text(event, "location", "address", "countryCode"),
    )
    return _detailed(report, data, context)


def _excepts(event: Json) -> bool:
    return text(event, "status", "type") == "X"


def _detailed(report: TrackingReport, data: Json, context: Context) -> TrackingReport:
    """With the last day to collect it, or where it was left."""
    if report.stage is ParcelStage.AWAITING_COLLECTION:
        day = text(data, "accessPointInformation", "pickupByDate")
        return replace(report, collect_by=perhaps(f"{day}T235959" if day else "", context.zone))
    if report.stage is ParcelStage.DELIVERED:
        place = text(data, "deliveryInformation", "location").casefold()
        return replace(report, handed_to=LEFT_AT.get(place, HandedTo.UNKNOWN))
    return report


def _time(event: Json, context: Context) -> datetime:
    """UPS tells local time, and since 2023 the same in UTC beside it."""
    if day := text(event, "gmtDate"):
        return moment(f"{day}T{text(event, 'gmtTime') or '00:00:00'}Z", context.zone, "activity.gmtDate")
    return moment(
        f"{required(event, 'date')}T{text(event, 'time') or '000000'}", context.zone, "activity.date"
    )


def _expected(data: Json, context: Context) -> tuple[datetime | None, datetime | None]:
    """The scheduled (or rescheduled) day, with its window of hours when there is one."""
    days = {text(one, "type"): text(one, "date") for one in objects(data, "deliveryDate")}
    day = days.get("RDD") or days.get("SDD") or ""
    if not day:
        return None, None
    start, end = text(data, "deliveryTime", "startTime"), text(data, "deliveryTime", "endTime")
    return perhaps(f"{day}T{start}" if start else "", context.zone), perhaps(
        f"{day}T{end or '235959'}", context.zone
    )
