"""Parcels as others see them, made from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from django.db.models import QuerySet
from django.utils.translation import gettext

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.models import Parcel, Report
from opieka.deliveries.policy.attempts import remedies
from opieka.deliveries.policy.scoring import band
from opieka.deliveries.types import HandedTo, Leg, ParcelCard, ParcelStage, Reason, ReportCard


def cards_of(rows: Iterable[Parcel]) -> list[ParcelCard]:
    """The cards of rows in hand, without their reports."""
    return [_card(row, ()) for row in rows]


def cards(rows: QuerySet[Parcel], *, reports: bool = False) -> list[ParcelCard]:
    """The cards of some parcels: one query however many, with their reports two."""
    found = list(rows)
    told = _reports(found) if reports else {}
    return [_card(row, told.get(row.pk, ())) for row in found]


def carrier_title(carrier: str) -> str:
    """A carrier's name for people; its code when we have no interface to it."""
    return gettext(CARRIERS[carrier].title) if carrier in CARRIERS else carrier


def _reports(found: Iterable[Parcel]) -> Mapping[int, tuple[ReportCard, ...]]:
    rows = Report.objects.filter(
        shop_id__in={row.shop_id for row in found}, parcel_id__in=[row.pk for row in found]
    )
    by_parcel: defaultdict[int, dict[tuple[object, ...], ReportCard]] = defaultdict(dict)
    for row in rows.order_by("at", "received_at", "id"):
        # The same event told again with another estimate is one event; the last told counts.
        event = (row.at, row.stage, row.raw_code, row.raw_text, row.depot, row.city, row.leg, row.handed_to)
        by_parcel[row.parcel_id][event] = _report(row)
    return {parcel_id: tuple(events.values()) for parcel_id, events in by_parcel.items()}


def _report(row: Report) -> ReportCard:
    return ReportCard(
        at=row.at,
        received_at=row.received_at,
        told_by=row.told_by,
        stage=ParcelStage(row.stage),
        reason=Reason(row.reason),
        leg=Leg(row.leg),
        handed_to=HandedTo(row.handed_to),
        raw_code=row.raw_code,
        raw_text=row.raw_text,
        depot=row.depot,
        city=row.city,
        country=row.country,
        collect_by=row.collect_by,
        expected_from=row.expected_from,
        expected_to=row.expected_to,
    )


_SAME = (
    "shop_id", "carrier", "carrier_word", "number", "service", "order_id", "customer_id", "shipment_id", "reference",
    "sender", "collect_by", "depot", "city", "country", "destination_country", "destination_postcode", "attempts",
    "first_attempt", "created_at", "label_at", "handed_over_at", "ready_at", "delivered_at", "last_report_at",
    "last_progress_at", "promised_from", "promised_to", "carrier_from", "carrier_to", "expected_from", "expected_to",
    "risk", "why", "late_at", "stale_at", "lost_at",
)  # fmt: skip


def _card(row: Parcel, reports: tuple[ReportCard, ...]) -> ParcelCard:
    page = CARRIERS[row.carrier].page if row.carrier in CARRIERS else ""
    first_reason = Reason(row.first_reason)
    return ParcelCard(
        id=row.pk,
        carrier_title=carrier_title(row.carrier) or row.carrier_word,
        page=page.replace("{number}", quote(row.number, safe="")),
        leg=Leg(row.leg),
        stage=ParcelStage(row.stage),
        reason=Reason(row.reason),
        handed_to=HandedTo(row.handed_to),
        first_reason=first_reason,
        remedies=remedies(first_reason) if row.first_attempt is False else (),
        band=band(row.risk),
        reports=reports,
        **{name: getattr(row, name) for name in _SAME},
    )
