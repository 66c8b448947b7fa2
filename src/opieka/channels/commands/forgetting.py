"""Forgetting whom outgoing mail was for and what it said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from opieka.channels.commands.files import release_files
from opieka.channels.models import Dispatch, StoredFile
from opieka.channels.policy.delivery import Step, after
from opieka.channels.types import DispatchState
from opieka.customers.types import Traces
from opieka.kernel.actor import Actor


@transaction.atomic
def forget_recipient(customer_ids: Collection[int], *, traces: Traces, shop_id: int, by: Actor) -> int:
    """Forget the messages of a shop to a person, whoever else they went to; returns how many there were.

    What has not left yet is not sent. An attempt that is under way ends as it ends; nothing of it is kept.
    """
    addresses = sorted(point.value for point in traces.points)
    hers = Q(customer_id__in=customer_ids) | Q(recipients__overlap=addresses)
    rows = Dispatch.objects.select_for_update().filter(hers, shop_id=shop_id, raw__isnull=False)
    found = list(rows.order_by("id"))
    files = StoredFile.objects.filter(id__in=[row.raw_id for row in found])
    released = list(files.values_list("sha256", flat=True))
    for row in found:
        row.state = after(DispatchState(row.state), Step.FORGET) or row.state
        row.raw, row.recipients, row.waiting, row.detail = None, [], [], ""
        row.next_try_at = row.next_try_at if row.state == DispatchState.SENDING else None
    Dispatch.objects.bulk_update(
        found, ["state", "raw", "recipients", "waiting", "detail", "next_try_at"], batch_size=500
    )
    release_files(released, shop_id=shop_id, by=by)
    return len(found)


@transaction.atomic
def forget_old_mail(shop_id: int, *, before: datetime, by: Actor) -> int:
    """Let go of the bytes of some mails that left (or were given up) before a moment; 0 when all are gone."""
    over = Dispatch.objects.filter(
        shop_id=shop_id, created_at__lt=before, raw__isnull=False, next_try_at=None
    )
    rows = over.select_for_update(of=("self",)).select_related("raw").defer("raw__body").order_by("id")
    found = {row.pk: row.raw.sha256 for row in rows[:_AT_ONCE] if row.raw}
    Dispatch.objects.filter(id__in=found).update(raw=None)
    release_files(found.values(), shop_id=shop_id, by=by)
    return len(found)


_AT_ONCE = 500
