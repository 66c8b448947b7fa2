"""A shop's own parcels, as its model of lateness reads them; and the model kept of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from opieka.deliveries.models import Foresight, Parcel, Watch
from opieka.deliveries.types import Leg, ParcelStage
from opieka.shops import queries as shops

if TYPE_CHECKING:
    from opieka.deliveries.policy.lateness.model import Model
    from opieka.deliveries.policy.lateness.reading import Sent

REMEMBERED = timedelta(days=730)


def learn(shop_id: int, *, now: datetime) -> tuple[Model, int] | None:
    """What a shop's last two years teach, and of how many parcels; None while they are too few."""
    from opieka.deliveries.policy.lateness import model, reading

    shop = shops.shop(shop_id)
    zone = ZoneInfo(shop.timezone)
    rows = Parcel.objects.filter(shop_id=shop_id, way=Leg.OUTBOUND, created_at__gte=now - REMEMBERED)
    seen = sent(rows.exclude(stage=ParcelStage.CANCELLED).order_by("id").iterator(), shop_id=shop_id)
    if len(seen) < model.ENOUGH:
        return None
    years = range((now - REMEMBERED).year, now.year + 2)
    found = model.fit(
        reading.columns(seen, zone), as_of=reading.day_of(now, zone), holidays=_holidays(shop.country, years)
    )
    return (found, len(seen)) if found else None


def sent(parcels: Iterable[Parcel], *, shop_id: int) -> list[Sent]:
    """Parcels with when their orders were paid. One query besides."""
    from opieka.deliveries.policy.lateness.reading import Sent

    found = list(parcels)
    ids = {parcel.order_id for parcel in found if parcel.order_id is not None}
    rows = Watch.objects.filter(shop_id=shop_id, order_id__in=ids, paid_at__isnull=False)
    paid = dict(rows.values_list("order_id", "paid_at"))
    return [
        Sent(
            approved_at=paid.get(parcel.order_id or 0) or parcel.label_at or parcel.created_at,
            handed_over_at=parcel.handed_over_at,
            arrived_at=parcel.ready_at or parcel.delivered_at,
            promised_to=parcel.promised_to,
            sender=parcel.sender,
            carrier=parcel.carrier,
            origin_country=parcel.origin_country,
            origin_postcode=parcel.origin_postcode,
            destination_country=parcel.destination_country,
            destination_postcode=parcel.destination_postcode,
        )
        for parcel in found
    ]


def foresight(shop_id: int) -> Model | None:
    """What a shop has learned, read once per process; None for a shop without history."""
    rows = Foresight.objects.filter(shop_id=shop_id).values_list("id", "learned_at")
    kept = rows.first()
    return _read(*kept) if kept else None


@lru_cache(maxsize=8)
def _read(foresight_id: int, learned_at: datetime) -> Model | None:
    """None when it was written by another version: the rules serve until the next night."""
    from opieka.deliveries.policy.lateness import storing

    data = Foresight.objects.values_list("data", flat=True).get(id=foresight_id)
    try:
        return storing.load(bytes(data))
    except storing.Unreadable:
        return None


def _holidays(country: str, years: Iterable[int]) -> Collection[int]:
    import holidays

    if country not in holidays.list_supported_countries():
        return ()
    return {(day - date(1970, 1, 1)).days for day in holidays.country_holidays(country, years=years)}
