"""Reports and tracking for tests, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from opieka.deliveries import commands
from opieka.deliveries.models import Parcel, Report
from opieka.deliveries.types import ParcelStage, Taken, Tracking, TrackingReport
from opieka.kernel import facts
from opieka.kernel.actor import SYSTEM
from opieka.timeline.models import Touchpoint

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
"""A Monday."""


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def report(hours: float, stage: str, **changes: Any) -> TrackingReport:
    return TrackingReport(at=after(hours), stage=ParcelStage(stage), raw_code=stage.upper(), **changes)


def tracking(*reports: TrackingReport, number: str = "PL100", carrier: str = "dpd", **more: Any) -> Tracking:
    return Tracking(carrier=carrier, tracking_number=number, reports=reports, **more)


def take(shop_id: int, *trackings: Tracking, told_by: str = "dpd") -> Taken:
    return commands.take(trackings, shop_id=shop_id, told_by=told_by, by=SYSTEM)


def parcels(shop_id: int) -> list[Parcel]:
    return list(Parcel.objects.filter(shop_id=shop_id).order_by("number", "carrier"))


def stored(shop_id: int) -> list[dict[str, Any]]:
    """All that is kept of a shop's parcels, without what depends on when it came."""
    found = []
    for parcel in parcels(shop_id):
        row = {field.attname: getattr(parcel, field.attname) for field in Parcel._meta.concrete_fields}
        for name in ("id", "shop_id", "created_at", "ask_at", "asked_at", "foresee_at"):
            del row[name]
        row["announced"] = sorted(parcel.announced.split())
        row["reports"] = sorted(
            Report.objects.filter(shop_id=shop_id, parcel_id=parcel.pk).values_list("digest", flat=True)
        )
        found.append(row)
    return found


def told(shop_id: int) -> list[str]:
    """The kinds of facts told of parcels and their orders, in the order in which they were told."""
    ours = {name for name, kind in facts.registered().items() if kind.__module__ == "opieka.deliveries.facts"}
    rows = Touchpoint.objects.filter(shop_id=shop_id, kind__in=ours).order_by("id")
    return list(rows.values_list("kind", flat=True))
