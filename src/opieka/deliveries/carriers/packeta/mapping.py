"""What Packeta's packetTracking says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from opieka.deliveries.carriers.arranging import Outcome
from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Refused,
    each,
    grouped,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.soap import document
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

BACK = Leg.RETURNING_TO_SENDER
NOT_KNOWN = {"PacketIdFault", "PacketNotFoundFault", "NoPacketIdsFault"}
FAULTS: Mapping[str, str] = {"IncorrectApiPasswordFault": "bad_credentials"}

CODES: Mapping[str, Meaning] = grouped(
    (Meaning(ParcelStage.LABEL_CREATED), "1"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "11"),
    # taken in at a branch, collected from the sender
    (Meaning(ParcelStage.ACCEPTED), "2 12"),
    (Meaning(ParcelStage.ACCEPTED, leg=Leg.CUSTOMER_RETURN), "15"),
    # prepared, departed, handed to another carrier, in customs
    (Meaning(ParcelStage.IN_TRANSIT), "3 4 6 14"),
    # did not go into the box
    (Meaning(ParcelStage.IN_TRANSIT, Reason.POINT_FULL), "23 24"),
    # to another point: the customer's favourite, or one nearby because she has none
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED), "28"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.OTHER), "29 30"),
    (Meaning(ParcelStage.AWAITING_COLLECTION), "5"),
    (Meaning(ParcelStage.ATTEMPT_FAILED), "16 25"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REFUSED), "17 18"),
    (Meaning(ParcelStage.EXCEPTION, Reason.OTHER), "26"),
    (Meaning(ParcelStage.DELIVERED), "7"),
    # the storage time ran out: the customer may still come before the packet leaves
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_NOT_COLLECTED), "20"),
    (Meaning(ParcelStage.RETURNING, Reason.NONE, BACK), "9 19"),
    (Meaning(ParcelStage.RETURNING, Reason.RETAILER_CANCELLED, BACK), "21"),
    (Meaning(ParcelStage.RETURNING, Reason.CARRIER_OVERSIZED, BACK), "22"),
    (Meaning(ParcelStage.RETURNED, Reason.NONE, BACK), "10"),
    # an investigation that ended, the other carrier's number, unknown
    (NO_MEANING, "27 31 999"),
)


def answer(raw: bytes, number: str, context: Context) -> Reading:
    """What packetTracking says of one packet, asked for by `number`: the answer does not repeat it."""
    data, notes = document(raw), Notes()
    if text(data, "status") != "ok":
        return _refused(data)
    records = objects(data, "result", "record")
    reports = each(records, lambda record: _report(record, context, notes), notes)
    if not records:
        return Reading()
    return notes.reading(Tracking(carrier="packeta", tracking_number=number, reports=homeward(reports)))


def _report(record: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(record, "statusCode")
    meaning = notes.meaning(CODES, code, where="statusCode")
    branch = text(record, "branchId").strip("0")
    if branch and meaning.stage is ParcelStage.DELIVERED:
        meaning = replace(meaning, handed_to=HandedTo.COLLECTED_AT_POINT)
    return TrackingReport(
        at=moment(required(record, "dateTime"), context.zone, "dateTime"),
        stage=meaning.stage,
        raw_code=code,
        raw_text=text(record, "statusText") or text(record, "codeText"),
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        depot=text(record, "branchId") if branch else "",
    )


def _refused(data: Json) -> Reading:
    fault = text(data, "fault")
    if fault in NOT_KNOWN:
        return Reading()
    raise Refused(FAULTS.get(fault, "answer"), f"{fault} {text(data, 'string')}")


def outcome(raw: bytes) -> Outcome:
    """Whether Packeta did as it was asked; a fault about our access is no answer to the question."""
    data = document(raw)
    fault = text(data, "fault")
    if fault in FAULTS:
        raise Refused(FAULTS[fault], f"{fault} {text(data, 'string')}")
    return Outcome(accepted=text(data, "status") == "ok")
