"""How parcels arrived, in their customers' word."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.deliveries.commands.announcing import about, touchpoint
from opieka.deliveries.facts import ArrivalTold
from opieka.deliveries.models import Arrived, Parcel
from opieka.deliveries.types import ArrivalNews, Leg, ParcelStage
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, NotFound
from opieka.timeline.commands import record_many

LONGEST_WORDS = 2000


class NotDelivered(Conflict):
    code = "not_delivered"
    sentence = _("This parcel has not been delivered yet.")


@transaction.atomic
def tell_arrival(parcel_id: int, *, shop_id: int, news: ArrivalNews, key: str, by: Actor) -> None:
    """Keep what a customer says of a delivered parcel. The same `key` again changes nothing. NotFound, NotDelivered."""
    parcel = Parcel.objects.select_for_update().filter(id=parcel_id, shop_id=shop_id).first()
    if parcel is None:
        raise NotFound
    if parcel.stage != ParcelStage.DELIVERED or parcel.leg != Leg.OUTBOUND:
        raise NotDelivered
    if Arrived.objects.filter(shop_id=shop_id, parcel=parcel, key=key).exists():
        return
    Arrived.objects.create(
        shop_id=shop_id,
        parcel=parcel,
        key=key[:200],
        arrival=news.arrival,
        words=secrets.encrypt(news.words.replace("\0", "").strip()[:LONGEST_WORDS]),
        photos=list(dict.fromkeys(news.photos)),
        told_at=clock.now(),
    )
    fact = ArrivalTold(**about(parcel), arrival=news.arrival.value, photos=len(set(news.photos)))
    record_many([touchpoint(parcel, fact, by=by)])
