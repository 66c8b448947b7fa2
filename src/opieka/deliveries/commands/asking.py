"""Which parcels a carrier is asked about, and when again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.models import IS_OPEN, Connection, Parcel
from opieka.deliveries.policy.asking import next_ask
from opieka.deliveries.types import ParcelStage
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor

LEASE = timedelta(minutes=10)
"""So long a parcel that somebody is asking about is left alone; after that he was killed."""


@transaction.atomic
def claim(connection_id: int, *, by: Actor) -> dict[int, str]:
    """Parcels to be asked about now in one question, as number by id; nobody else gets them. Empty when none is due, or
    while the carrier rests."""
    now = clock.now()
    row = Connection.objects.filter(id=connection_id, active=True).first()
    if row is None or (row.rests_until is not None and row.rests_until > now):
        return {}
    due = Parcel.objects.select_for_update(skip_locked=True).filter(_asked_of(row), ask_at__lte=now)
    found = dict(
        due.order_by("ask_at", "id").values_list("id", "number")[: CARRIERS[row.carrier].capabilities.batch]
    )
    Parcel.objects.filter(id__in=found).update(ask_at=now + LEASE, asked_at=now)
    return found


@transaction.atomic
def plan_asking(parcel_ids: Collection[int], *, by: Actor) -> None:
    """Set when parcels that were asked about are asked about again."""
    now = clock.now()
    rows = list(Parcel.objects.select_for_update().filter(id__in=parcel_ids).order_by("id"))
    for row in rows:
        since = max(row.created_at, row.last_report_at or row.created_at)
        row.ask_at = next_ask(ParcelStage(row.stage), last_at=since, now=now, expected_to=row.carrier_to)
    bulk.update(rows, ("ask_at",))


@transaction.atomic
def ask_now(parcel_ids: Collection[int], *, shop_ids: Collection[int], by: Actor) -> int:
    """Let the carriers of these parcels be asked as soon as they can be, because a person wants to know; how many
    parcels are still on their way."""
    rows = Parcel.objects.filter(IS_OPEN, id__in=parcel_ids, shop_id__in=shop_ids)
    return rows.update(ask_at=clock.now())


def ask_soon(numbers: Collection[str], *, shop_id: int, carrier: str) -> None:
    """Ask about these parcels of a carrier as soon as it can be asked, in the caller's transaction."""
    if numbers:
        rows = Parcel.objects.filter(shop_id=shop_id, carrier=carrier, number__in=numbers)
        rows.update(ask_at=clock.now())


def _asked_of(row: Connection) -> Q:
    """An aggregator is asked about the parcels of all carriers that cannot be asked themselves."""
    if not CARRIERS[row.carrier].capabilities.aggregator:
        return Q(shop_id=row.shop_id, carrier=row.carrier)
    active = Connection.objects.filter(shop_id=row.shop_id, active=True).values_list("carrier", flat=True)
    direct = [
        name
        for name in active
        if name in CARRIERS
        and CARRIERS[name].capabilities.polling
        and not CARRIERS[name].capabilities.aggregator
    ]
    return Q(shop_id=row.shop_id) & ~Q(carrier__in=direct)
