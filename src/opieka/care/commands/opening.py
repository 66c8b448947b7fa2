"""Incidents: the same is one, a customer's matter is one plan, many of one lane are a storm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from opieka.care.commands.planning import plan_for
from opieka.care.commands.running import run
from opieka.care.facts import IncidentOpened, StormBegan
from opieka.care.models import IS_OPEN, Incident, Storm
from opieka.care.policy import judging
from opieka.care.types import CarePreferences, IncidentKind, Trouble
from opieka.customers import queries as customers
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import ParcelCard
from opieka.goodwill import queries as goodwill
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.timeline.commands import record


@transaction.atomic
def report(trouble: Trouble, *, shop_id: int, by: Actor) -> int | None:
    """Open an incident and plan what is to be done; returns its id. The same trouble, while it is open, is counted.

    None when it was too long ago, or nobody knows whose trouble it is.
    """
    if trouble.customer_id is None or not judging.is_recent(trouble.at, clock.now()):
        return None
    found = Incident.objects.filter(
        IS_OPEN, shop_id=shop_id, subject=trouble.subject, kind=trouble.kind.value
    )
    if found.update(times=F("times") + 1):
        return found.values_list("id", flat=True).first()
    preferences = shops.preferences(shop_id, CarePreferences)
    severity = judging.severity(
        trouble.kind, _stakes(trouble, trouble.customer_id, shop_id), high_value=preferences.high_value
    )
    plan = plan_for(trouble, severity, preferences=preferences, shop_id=shop_id, by=by)
    if found.update(times=F("times") + 1):  # somebody reported it while we waited for the plan
        return found.values_list("id", flat=True).first()
    row = Incident(
        shop_id=shop_id,
        plan=plan,
        kind=trouble.kind.value,
        subject=trouble.subject,
        parcel_id=trouble.parcel_id,
        carrier=trouble.carrier,
        depot=trouble.depot,
        severity=severity,
        opened_at=clock.now(),
    )
    row.save(force_insert=True)
    _weather(row, preferences, by)
    fact = IncidentOpened(incident_id=row.pk, incident_kind=row.kind, severity=severity, plan_id=plan.pk)
    record(fact, shop_id=shop_id, customer_id=plan.customer_id, subject=trouble.subject, by=by)
    run(plan, at=trouble.at, by=by)
    return row.pk


def report_parcel(parcel_id: int, *, kind: IncidentKind, at: datetime, shop_id: int, by: Actor) -> int | None:
    """The same for what was announced of a parcel, which is looked at first: it may have gone on."""
    parcel = deliveries.parcel(parcel_id, shop_ids=[shop_id])
    if not judging.still_holds(kind, parcel):
        return None
    return report(trouble_of(parcel, kind=kind, at=at), shop_id=shop_id, by=by)


def trouble_of(parcel: ParcelCard, *, kind: IncidentKind, at: datetime) -> Trouble:
    """What is wrong with a parcel."""
    return Trouble(
        kind=kind,
        at=at,
        customer_id=parcel.customer_id,
        order_id=parcel.order_id,
        parcel_id=parcel.id,
        carrier=parcel.carrier,
        depot=parcel.depot,
    )


def _stakes(trouble: Trouble, customer_id: int, shop_id: int) -> judging.Stakes:
    known = orders.orders([trouble.order_id], shop_ids=[shop_id]) if trouble.order_id else {}
    value = known[trouble.order_id].total if trouble.order_id in known else 0
    # How she stood before: what is reported now may have been felt already, or not yet.
    points = goodwill.balance(customers.lineage(customer_id), shop_ids=[shop_id], before=trouble.at).points
    late_for = timedelta(0)
    if trouble.parcel_id is not None:
        promised = deliveries.parcel(trouble.parcel_id, shop_ids=[shop_id]).promised_to
        late_for = clock.now() - promised if promised else late_for
    return judging.Stakes(value, points, late_for)


def _weather(row: Incident, preferences: CarePreferences, by: Actor) -> None:
    """Let an incident be part of the storm of its lane, or begin one."""
    if not row.carrier or IncidentKind(row.kind) not in judging.STORMY:
        return
    lane = {"shop_id": row.shop_id, "kind": row.kind, "carrier": row.carrier, "depot": row.depot}
    since = row.opened_at - judging.WINDOW
    storms = Storm.objects.filter(IS_OPEN, **lane)
    storms.filter(last_at__lt=since).update(closed_at=row.opened_at)
    alike = Incident.objects.filter(**lane, opened_at__gte=since)
    if storms.update(last_at=row.opened_at):
        Incident.objects.filter(id=row.pk).update(storm=storms.values("id")[:1])
        return
    if alike.count() < preferences.storm_from:
        return
    Storm.objects.bulk_create(
        [Storm(**lane, opened_at=row.opened_at, last_at=row.opened_at)], ignore_conflicts=True
    )
    storm = storms.get()
    parcels = alike.filter(storm=None).update(storm=storm)
    fact = StormBegan(storm_id=storm.pk, incident_kind=row.kind, carrier=row.carrier, parcels=parcels)
    record(fact, shop_id=row.shop_id, customer_id=None, subject=f"storm:{storm.pk}", by=by)
