"""A copy of all of a person's data: asked for, made in parts by whoever knows all domains, forgotten after a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from opieka.customers.commands.loading import person_of
from opieka.customers.facts import ExportReady, ExportRequested
from opieka.customers.models import Export, ExportPart
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound
from opieka.shops import queries as shops
from opieka.timeline.commands import record

KEPT = timedelta(days=7)


@transaction.atomic
def request_export(customer_id: int, *, shop_ids: Collection[int], by: Actor) -> int:
    """Ask for a copy of what some shops of one operator have of a person; returns its id."""
    shop = shops.shop(min(shop_ids))
    person = person_of(customer_id, shop)
    now = clock.now()
    made = Export.objects.create(
        group_id=shop.group_id,
        customer=person,
        shop_ids=sorted(set(shop_ids) & set(shops.group_shop_ids(shop.group_id))),
        actor_kind=by.kind,
        actor_id=by.id,
        requested_at=now,
        expires_at=now + KEPT,
    )
    fact = ExportRequested(export_id=made.pk)
    record(fact, shop_id=shop.id, customer_id=person.pk, subject=f"customer:{person.pk}", by=by)
    return made.pk


@transaction.atomic
def begin_export(export_id: int) -> None:
    """Begin anew, also after an attempt that was cut short."""
    ExportPart.objects.filter(export_id=export_id).delete()


@transaction.atomic
def save_part(export_id: int, *, number: int, body: bytes) -> None:
    """Store one stretch; NotFound when she was erased meanwhile."""
    if not Export.objects.select_for_update().filter(id=export_id).exists():
        raise NotFound
    ExportPart.objects.create(export_id=export_id, number=number, body=body)


@transaction.atomic
def finish_export(export_id: int, *, by: Actor) -> None:
    """Let the copy be fetched; NotFound when she was erased meanwhile."""
    row = Export.objects.select_for_update().filter(id=export_id).first()
    if row is None:
        raise NotFound
    size = ExportPart.objects.filter(export=row).aggregate(size=Sum(Length("body")))["size"]
    row.size, row.ready_at = size or 0, clock.now()
    row.expires_at = row.ready_at + KEPT
    row.save(update_fields=["size", "ready_at", "expires_at"])
    fact = ExportReady(export_id=row.pk)
    subject = f"customer:{row.customer_id}"
    record(fact, shop_id=row.shop_ids[0], customer_id=row.customer_id, subject=subject, by=by)


def drop_exports() -> int:
    """Drop the copies whose time is over; returns how many."""
    dropped = Export.objects.filter(expires_at__lte=clock.now())
    count = dropped.count()
    dropped.delete()
    return count
