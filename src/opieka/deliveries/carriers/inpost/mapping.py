"""What ShipX says: its statuses, its tracking resource, its webhooks.

A meaning follows the status's own description, not its name: "returned_to_sender" has only set out on the way back,
"pickup_reminder_sent_address" is a courier who met nobody, and a parcel stored in another locker or point because its
own was full can be collected there. After "pickup_time_expired" the customer may still be faster than the courier, so
the parcel counts as on its way back only when it left. "return_pickup_confirmation_to_sender" is the signed receipt
that goes back to the sender: it says nothing of where the parcel is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address, ip_network

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
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

SENDERS = ip_network("91.216.25.0/24")
EVENTS_WITHOUT_NEWS = {"offers_prepared"}
LOCKER = timedelta(hours=48)
POINT = timedelta(days=3)

CODES: Mapping[str, Meaning] = {
    # before InPost has it
    "created": Meaning(ParcelStage.LABEL_CREATED),
    "offers_prepared": Meaning(ParcelStage.LABEL_CREATED),
    "offer_selected": Meaning(ParcelStage.LABEL_CREATED),
    "confirmed": Meaning(ParcelStage.LABEL_CREATED),
    "canceled": Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED),
    # handed over
    "dispatched_by_sender": Meaning(ParcelStage.ACCEPTED),
    "dispatched_by_sender_to_pok": Meaning(ParcelStage.ACCEPTED),
    "collected_from_sender": Meaning(ParcelStage.ACCEPTED),
    "taken_by_courier": Meaning(ParcelStage.ACCEPTED),
    "taken_by_courier_from_pok": Meaning(ParcelStage.ACCEPTED),
    # on the way
    "adopted_at_source_branch": Meaning(ParcelStage.IN_TRANSIT),
    "sent_from_source_branch": Meaning(ParcelStage.IN_TRANSIT),
    "adopted_at_sorting_center": Meaning(ParcelStage.IN_TRANSIT),
    "sent_from_sorting_center": Meaning(ParcelStage.IN_TRANSIT),
    "adopted_at_target_branch": Meaning(ParcelStage.IN_TRANSIT),
    "delay_in_delivery": Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_DELAY),
    "readdressed": Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED),
    "redirect_to_box": Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED),
    "canceled_redirect_to_box": Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_OVERSIZED),
    "permanently_redirected_to_box_machine": Meaning(ParcelStage.IN_TRANSIT, Reason.POINT_FULL),
    "permanently_redirected_to_customer_service_point": Meaning(ParcelStage.IN_TRANSIT, Reason.POINT_FULL),
    "stack_parcel_pickup_time_expired": Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_NOT_COLLECTED),
    "stack_parcel_in_box_machine_pickup_time_expired": Meaning(
        ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_NOT_COLLECTED
    ),
    "unstack_from_customer_service_point": Meaning(ParcelStage.IN_TRANSIT),
    "unstack_from_box_machine": Meaning(ParcelStage.IN_TRANSIT),
    "out_for_delivery": Meaning(ParcelStage.OUT_FOR_DELIVERY),
    "out_for_delivery_to_address": Meaning(ParcelStage.OUT_FOR_DELIVERY),
    # waits for the customer
    "ready_to_pickup": Meaning(ParcelStage.AWAITING_COLLECTION, collect_within=LOCKER),
    "ready_to_pickup_from_pok": Meaning(ParcelStage.AWAITING_COLLECTION, collect_within=POINT),
    "ready_to_pickup_from_pok_registered": Meaning(ParcelStage.AWAITING_COLLECTION, collect_within=POINT),
    "ready_to_pickup_from_branch": Meaning(ParcelStage.AWAITING_COLLECTION),
    "pickup_reminder_sent": Meaning(ParcelStage.AWAITING_COLLECTION, collect_within=timedelta(hours=24)),
    "courier_avizo_in_customer_service_point": Meaning(
        ParcelStage.AWAITING_COLLECTION, Reason.CONSIGNEE_ABSENT, collect_within=POINT
    ),
    "stack_in_box_machine": Meaning(ParcelStage.AWAITING_COLLECTION, Reason.POINT_FULL),
    "stack_in_customer_service_point": Meaning(ParcelStage.AWAITING_COLLECTION, Reason.POINT_FULL),
    # nobody took it
    "pickup_reminder_sent_address": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT),
    "avizo": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT),
    "undelivered_wrong_address": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_WRONG_ADDRESS),
    "undelivered_incomplete_address": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_WRONG_ADDRESS),
    "undelivered_unknown_receiver": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_UNKNOWN),
    "undelivered_not_live_address": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_UNKNOWN),
    "undelivered_cod_cash_receiver": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_PAYMENT),
    "undelivered_no_mailbox": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_ACCESS),
    "undelivered_lack_of_access_letterbox": Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_ACCESS),
    # stands still
    "undelivered": Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_HELD),
    "oversized": Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_OVERSIZED),
    "claimed": Meaning(ParcelStage.EXCEPTION, Reason.OTHER),
    "missing": Meaning(ParcelStage.LOST, Reason.CARRIER_LOST),
    "other": Meaning(ParcelStage.UNKNOWN),
    # the end
    "delivered": Meaning(ParcelStage.DELIVERED),
    "return_pickup_confirmation_to_sender": Meaning(ParcelStage.UNKNOWN),
    # back
    "pickup_time_expired": Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_NOT_COLLECTED),
    "rejected_by_receiver": Meaning(ParcelStage.RETURNING, Reason.CONSIGNEE_REFUSED, Leg.RETURNING_TO_SENDER),
    "taken_by_courier_from_customer_service_point": Meaning(
        ParcelStage.RETURNING, Reason.CONSIGNEE_NOT_COLLECTED, Leg.RETURNING_TO_SENDER
    ),
    "returned_to_sender": Meaning(ParcelStage.RETURNING, Reason.NONE, Leg.RETURNING_TO_SENDER),
}


def answer(raw: bytes, context: Context) -> Reading:
    """What GET /v1/tracking/{number} says: the whole history."""
    data, notes = document(raw), Notes()
    number = required(data, "tracking_number")
    details = objects(data, "tracking_details") or [
        {"status": text(data, "status"), "datetime": text(data, "updated_at")}
    ]
    reports = each(details, lambda event: _report(event, data, context, notes), notes)
    return notes.reading(
        Tracking(
            carrier="inpost",
            tracking_number=number,
            reports=homeward(reports),
            service=text(data, "service") or text(data, "type"),
        )
    )


def _report(event: Json, data: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "status")
    at = moment(required(event, "datetime"), context.zone, "datetime")
    meaning = notes.meaning(CODES, code, where="status")
    report = TrackingReport(
        at=at,
        stage=meaning.stage,
        raw_code=code,
        raw_text=text(event, "origin_status"),
        reason=meaning.reason,
        leg=meaning.leg,
        collect_by=at + meaning.collect_within if meaning.collect_within else None,
    )
    return _at_the_point(report, data) if meaning.stage in AT_THE_POINT else report


AT_THE_POINT = {ParcelStage.AWAITING_COLLECTION, ParcelStage.DELIVERED}


def _at_the_point(report: TrackingReport, data: Json) -> TrackingReport:
    """With the locker or point it is for, when it is for one; what is delivered there was collected there."""
    point = text(data, "custom_attributes", "target_machine_id") or text(
        data, "custom_attributes", "target_point_id"
    )
    if not point:
        return report
    _, _, city = text(data, "custom_attributes", "target_machine_detail", "address", "line2").partition(" ")
    collected = report.stage is ParcelStage.DELIVERED
    handed_to = HandedTo.COLLECTED_AT_POINT if collected else HandedTo.UNKNOWN
    return replace(report, depot=point, city=city, country="PL", handed_to=handed_to)


def read(raw: bytes, context: Context) -> Reading:
    """A webhook: which parcel to ask about. Nothing else of it is believed."""
    data, notes = document(raw), Notes()
    event = required(data, "event")
    if event in EVENTS_WITHOUT_NEWS:
        return Reading()
    number = text(data, "payload", "tracking_number")
    if not number:
        notes.malformed(Unreadable("payload.tracking_number", text(data, "payload", "shipment_id")))
    elif status := text(data, "payload", "status"):
        notes.meaning(CODES, status, where="status")
    return notes.reading(hints=(number,) if number else ())


def genuine(delivered: Delivered, credentials: Mapping[str, str]) -> bool:
    """Whether it comes from InPost's addresses, the only thing there is to check."""
    try:
        return ip_address(delivered.remote) in SENDERS
    except ValueError:
        return False


def delivery_id(delivered: Delivered) -> str:
    """InPost numbers no webhooks: the same words at the same second are the same webhook."""
    return hashlib.sha256(delivered.raw).hexdigest()
