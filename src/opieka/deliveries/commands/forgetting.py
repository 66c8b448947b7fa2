"""Forgetting who received: how long parcels took stays, the person goes."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from opieka.channels.commands import release_files
from opieka.deliveries.commands.collecting import forget_codes
from opieka.deliveries.models import Arrived, Choice, Notice, Parcel, Report
from opieka.kernel.actor import Actor


@transaction.atomic
def forget_receiver(customer_ids: Collection[int], *, shop_id: int, by: Actor) -> int:
    """Take the person out of her parcels in a shop; returns how many there were.

    Moments, stages, depots and countries stay. Her parcels lose their tracking numbers, so that no carrier is asked
    about them again, and what she wrote and photographed; what a carrier still reports of them belongs to nobody.
    """
    rows = Parcel.objects.select_for_update().filter(shop_id=shop_id, customer_id__in=customer_ids)
    known = dict(rows.order_by("id").values_list("id", "number"))
    Notice.objects.filter(shop_id=shop_id, where__in=known.values()).delete()
    told = Arrived.objects.filter(shop_id=shop_id, parcel_id__in=known)
    chosen = Choice.objects.filter(shop_id=shop_id, parcel_id__in=known)
    pictures = [*told.values_list("photos", flat=True), *chosen.values_list("photos", flat=True)]
    release_files([photo for photos in pictures for photo in photos], shop_id=shop_id, by=by)
    told.update(words="", photos=[])
    chosen.update(details="", point=None, photos=[])
    forget_codes(list(known), shop_id=shop_id, by=by)
    Report.objects.filter(shop_id=shop_id, parcel_id__in=known).update(raw_text="")
    Parcel.objects.filter(id__in=known).update(
        number=Concat(Value("ERASED"), Cast(F("id"), CharField())),
        destination_postcode="",
        reference="",
        order_key="",
        ask_at=None,
    )
    return len(known)
