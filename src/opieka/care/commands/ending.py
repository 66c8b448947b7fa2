"""What ends incidents, and what customers did afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from opieka.care.commands.running import close_incidents
from opieka.care.models import IS_OPEN, Incident, Plan
from opieka.care.policy import judging, measuring
from opieka.care.types import COLLECTION_CLOCK, IncidentKind
from opieka.clocks import commands as clocks
from opieka.customers import queries as customers
from opieka.kernel.actor import Actor


@transaction.atomic
def end(subject: str, *, kinds: Collection[IncidentKind], shop_id: int, by: Actor) -> int:
    """Close the open incidents of these kinds about one thing; returns how many there were."""
    wanted = Incident.objects.filter(
        IS_OPEN, shop_id=shop_id, subject=subject, kind__in=[kind.value for kind in kinds]
    )
    plans = Plan.objects.select_for_update().filter(shop_id=shop_id, id__in=wanted.values("plan_id"))
    closed = 0
    for plan in plans.order_by("id"):
        rows = list(wanted.filter(plan=plan).order_by("id"))
        close_incidents(rows, plan, by=by)
        closed += len(rows)
    return closed


@transaction.atomic
def delivered(parcel_id: int, *, shop_id: int, by: Actor) -> int:
    """A parcel is there: what its delivery ends is over."""
    subject = f"parcel:{parcel_id}"
    clocks.satisfy(shop_id, kind=COLLECTION_CLOCK, subject=subject, by=by)
    return end(subject, kinds=judging.ENDED_BY_DELIVERY, shop_id=shop_id, by=by)


@transaction.atomic
def note_message(customer_id: int, *, at: datetime, shop_id: int, by: Actor) -> None:
    """She has written: of each plan of hers the first time within the fortnight counts."""
    known = customers.lineage(customer_id)
    Plan.objects.filter(
        shop_id=shop_id,
        customer_id__in=known,
        wrote_at=None,
        opened_at__lt=at,
        opened_at__gte=at - measuring.WROTE_WITHIN,
    ).update(wrote_at=at)


@transaction.atomic
def note_order(customer_id: int, *, at: datetime, shop_id: int, by: Actor) -> None:
    """She has ordered again: of each plan of hers the first time within ninety days counts."""
    known = customers.lineage(customer_id)
    Plan.objects.filter(
        shop_id=shop_id,
        customer_id__in=known,
        ordered_at=None,
        opened_at__lt=at,
        opened_at__gte=at - measuring.ORDERED_WITHIN,
    ).update(ordered_at=at)


@transaction.atomic
def forget(customer_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Plans stay in the figures, without their customer."""
    Plan.objects.filter(shop_id=shop_id, customer_id__in=customer_ids).update(customer=None)
