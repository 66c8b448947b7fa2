"""CDEK's order and webhooks to our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from opieka.deliveries.carriers.arranging import Outcome
from opieka.deliveries.carriers.base import (
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
    perhaps,
    required,
    text,
)
from opieka.deliveries.carriers.cdek.codes import CODES, GONE, REASONS
from opieka.deliveries.carriers.estimates import span
from opieka.deliveries.carriers.signing import same
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage, Reason, Tracking, TrackingReport

__all__ = ["CODES", "answer", "genuine", "read"]


def genuine(delivered: Delivered, secrets: Mapping[str, str]) -> bool:
    """Whether the address called holds the shop's secret as `key`: CDEK signs nothing."""
    return same(delivered.query.get("key", ""), secrets.get("webhook_secret", ""))


def read(raw: bytes, context: Context) -> Reading:
    """A webhook of any type that names an order: a hint to ask about it."""
    number = text(document(raw), "attributes", "cdek_number")
    return Reading(hints=(number,) if number else ())


def answer(raw: bytes, context: Context) -> Reading:
    """`{entity: {cdek_number, statuses: [...]}, requests: [...]}`."""
    notes, order = Notes(), document(raw).get("entity")
    if not isinstance(order, dict) or not text(order, "cdek_number"):
        return notes.reading()
    reports = each(objects(order, "statuses"), lambda event: _report(event, order, context, notes), notes)
    leg = _leg(order)
    if leg is not Leg.OUTBOUND:
        reports = tuple(replace(report, leg=leg) for report in reports)
    return notes.reading(
        Tracking(
            carrier="cdek",
            tracking_number=required(order, "cdek_number"),
            reports=expecting(
                homeward(reports), *span("", text(order, "planned_delivery_date"), context.zone)
            ),
            service=text(order, "tariff_code"),
            order_number=text(order, "number"),
            reference=text(order, "uuid"),
        )
    )


def _leg(order: Json) -> Leg:
    """A return of what was not delivered is an order of its own; so is what a customer sends back."""
    if order.get("is_client_return") is True or order.get("is_reverse") is True:
        return Leg.CUSTOMER_RETURN
    return Leg.RETURNING_TO_SENDER if order.get("is_return") is True else Leg.OUTBOUND


def _report(event: Json, order: Json, context: Context, notes: Notes) -> TrackingReport:
    meaning = _meaning(event, notes)
    waiting = meaning.stage is ParcelStage.AWAITING_COLLECTION
    return TrackingReport(
        at=moment(required(event, "date_time"), context.zone),
        stage=meaning.stage,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        raw_code="/".join(filter(None, (text(event, "code"), text(event, "reason_code")))),
        raw_text=text(event, "name"),
        collect_by=perhaps(text(order, "keep_free_until"), context.zone) if waiting else None,
        city=text(event, "city"),
    )


def _meaning(event: Json, notes: Notes) -> Meaning:
    """The status, and why by its additional status; what was lost or destroyed does not come back."""
    meaning = notes.meaning(CODES, text(event, "code"), where="code")
    extra = text(event, "reason_code")
    if not extra or meaning.stage is ParcelStage.UNKNOWN:
        return meaning
    if extra not in REASONS:
        notes.note(NoticeKind.UNKNOWN_CODE, "reason_code", extra)
        return meaning
    why = REASONS[extra]
    if why in GONE:
        return Meaning(ParcelStage.LOST, why)
    return meaning if why is Reason.NONE else replace(meaning, reason=why)


def outcome(raw: bytes) -> Outcome:
    """What became of an agreement: the state of its latest request, with its uuid to ask again."""
    data = document(raw)
    states = [text(one, "state") for one in objects(data, "requests")]
    state = states[-1] if states else ""
    decided = {"SUCCESSFUL": True, "INVALID": False}.get(state)
    return Outcome(accepted=decided, reference=text(data, "entity", "uuid"))
