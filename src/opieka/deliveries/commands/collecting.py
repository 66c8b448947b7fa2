"""Codes that open lockers: kept encrypted while the parcel is there, and gone with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from opieka.deliveries.models import CollectCode, Parcel
from opieka.kernel import secrets
from opieka.kernel.actor import Actor


@transaction.atomic
def keep_codes(codes: Mapping[tuple[str, str], str], *, shop_id: int) -> None:
    """Keep the codes told of parcels, by their numbers and carriers; the last told counts."""
    if not codes:
        return
    rows = Parcel.objects.filter(shop_id=shop_id, number__in={number for number, _carrier in codes})
    told = {
        parcel_id: codes[number, carrier]
        for parcel_id, number, carrier in rows.order_by("id").values_list("id", "number", "carrier")
        if (number, carrier) in codes
    }
    CollectCode.objects.bulk_create(
        [
            CollectCode(shop_id=shop_id, parcel_id=parcel_id, code=secrets.encrypt(code))
            for parcel_id, code in told.items()
        ],
        update_conflicts=True,
        unique_fields=["shop", "parcel"],
        update_fields=["code"],
    )


@transaction.atomic
def forget_codes(parcel_ids: Collection[int], *, shop_id: int, by: Actor) -> None:
    """Forget the codes of parcels that are collected, on their way back, or their customers' no more."""
    CollectCode.objects.filter(shop_id=shop_id, parcel_id__in=parcel_ids).delete()
