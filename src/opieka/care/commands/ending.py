"""What ends incidents, and what customers did afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from operator import itemgetter

from django.db import transaction

from opieka.care.commands.running import close_incidents
from opieka.care.models import IS_OPEN, Incident, Plan, Turn
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
def delivered(
    parcel_ids: Collection[int], *, order_ids: Collection[int] = (), shop_id: int, by: Actor
) -> int:
    """Parcels of these orders are there: what their delivery ends is over; returns how many incidents that were."""
    subjects = [f"parcel:{parcel_id}" for parcel_id in sorted(parcel_ids)]
    clocks.satisfy_many(shop_id, kind=COLLECTION_CLOCK, subjects=subjects, by=by)
    about = [*subjects, *(f"order:{order_id}" for order_id in order_ids)]
    kinds = judging.ENDED_BY_DELIVERY
    troubled = Incident.objects.filter(IS_OPEN, shop_id=shop_id, subject__in=about, kind__in=kinds)
    found = sorted(set(troubled.values_list("subject", flat=True)))
    return sum(end(subject, kinds=kinds, shop_id=shop_id, by=by) for subject in found)


def note_messages(written: Collection[tuple[int, datetime]], *, shop_id: int, by: Actor) -> None:
    """These customers have written: of each of their plans the first time within the fortnight counts."""
    _note(written, "wrote_at", measuring.WROTE_WITHIN, shop_id)


def note_orders(placed: Collection[tuple[int, datetime]], *, shop_id: int, by: Actor) -> None:
    """These customers have ordered again: of each of their plans the first time within ninety days counts."""
    _note(placed, "ordered_at", measuring.ORDERED_WITHIN, shop_id)


@transaction.atomic
def _note(done: Collection[tuple[int, datetime]], column: str, within: timedelta, shop_id: int) -> None:
    known = customers.lineages_of({customer_id for customer_id, _at in done})
    rows = Plan.objects.filter(shop_id=shop_id, **{column: None})
    of_them = rows.filter(customer_id__in={one for lineage in known.values() for one in lineage})
    waiting = set(of_them.values_list("customer_id", flat=True))
    for customer_id, at in sorted(done, key=itemgetter(1)):
        lineage = known.get(customer_id, ())
        if not waiting.isdisjoint(lineage):
            rows.filter(customer_id__in=lineage, opened_at__lt=at, opened_at__gte=at - within).update(
                **{column: at}
            )


@transaction.atomic
def forget(customer_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Plans and turns stay in the figures, without their customer and her words."""
    hers = {"shop_id": shop_id, "customer_id__in": customer_ids}
    Plan.objects.filter(**hers).update(customer=None)
    Turn.objects.filter(**hers).update(customer=None, kept="", open=False)
