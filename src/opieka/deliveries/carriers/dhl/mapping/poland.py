"""What DHL24's getTrackAndTraceInfo says: statuses by their Polish descriptions.

A wish of the customer (another day, a neighbour, a Parcelshop) moves nothing; what waits in a Parcelshop is not
delivered.
"""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import (
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
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

CODES: Mapping[str, Meaning] = grouped(
    (Meaning(ParcelStage.LABEL_CREATED), "edwp"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "sp_cn"),
    # taken over from the sender; handed in at, then fetched from a Parcelshop
    (Meaning(ParcelStage.ACCEPTED), "dwp sp_dwp sp_pu"),
    # at a branch, a sorting centre, a terminal; into and out of Poland
    (Meaning(ParcelStage.IN_TRANSIT), "lp sort trm trm2 wejpl wyjpl"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "lk"),
    # at a terminal, a locker, a service point, a Parcelshop; the customer was told
    (
        Meaning(ParcelStage.AWAITING_COLLECTION),
        "owl owl_kp owl_ono owl_ps_kp owl_ps_ono owl_sp_ono sp_dsp sp_kp",
    ),
    (Meaning(ParcelStage.AWAITING_COLLECTION, Reason.POINT_FULL), "owl_sp_kp"),
    (Meaning(ParcelStage.ATTEMPT_FAILED), "zww"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT), "awi awi_dp2 awi_onu awi_sas"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_ACCESS), "awi_oz"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.RETAILER_DOCUMENTS), "awi_rod op_rod op_umo"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_WRONG_ADDRESS), "an an_bo an_ra an_sas"),
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REFUSED),
        "op op_bwer op_dub op_oth op_pnk op_rez op_sas op_tnz op_usp",
    ),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_PAYMENT), "brg_sas op_cod op_pla"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_NO_PAYMENT), "brg"),
    (Meaning(ParcelStage.EXCEPTION, Reason.OTHER), "cc"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_HELD), "sp_dw sp_zam"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_DAMAGED), "pnk"),
    (Meaning(ParcelStage.DELIVERED), "dor dor_poc"),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.RECIPIENT), "dor_rdz"),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.NEIGHBOUR), "dor_sas dor_oth"),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.SAFE_PLACE), "dor_lok"),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT), "dor_owl ppdor"),
    # what the customer decided
    (Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_RESCHEDULED), "pnpt po18 sob"),
    (Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_REDIRECTED), "pshop sas za zait"),
    # back to the sender
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_REFUSED, BACK), "rez sp_op sp_zwr"),
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_NOT_COLLECTED, BACK), "awi_czas sp_kzw sp_to"),
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_NO_IDENTIFICATION, BACK), "op_do op_dok"),
    (Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_UNKNOWN, BACK), "zwr_an"),
    (Meaning(ParcelStage.RETURNING, Reason.NONE, BACK), "zwr zwr_op"),
    (Meaning(ParcelStage.RETURNED, Reason.NONE, BACK), "zwn"),
    (Meaning(ParcelStage.RETURNED, Reason.CONSIGNEE_NOT_COLLECTED, BACK), "zwr_zb zwr_zt"),
)


def answer(raw: bytes, context: Context) -> Reading:
    """What getTrackAndTraceInfo says of a shipment; one without events is not known yet."""
    data = document(raw)
    found = objects(data, "getTrackAndTraceInfoResponse") or [data]
    notes = Notes()
    return notes.reading(
        *(_shipment(one, context, notes) for one in objects(found[0], "getTrackAndTraceInfoResult"))
    )


def _shipment(data: Json, context: Context, notes: Notes) -> Tracking | None:
    events = objects(data, "events", "item")
    if not events:
        return None
    reports = each(events, lambda event: _report(event, context, notes), notes)
    return Tracking(carrier="dhl", tracking_number=required(data, "shipmentId"), reports=homeward(reports))


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "status")
    meaning = notes.meaning(CODES, code, where="status")
    return TrackingReport(
        at=moment(required(event, "timestamp"), context.zone, "timestamp"),
        stage=meaning.stage,
        raw_code=code,
        raw_text=text(event, "description"),
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        depot=text(event, "terminal"),
    )
