"""How a parcel arrived, in its customer's word."""

from __future__ import annotations

import pytest

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Arrived
from opieka.deliveries.types import Arrival, ArrivalNews
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from tests.deliveries.building import parcels, report, take, told, tracking
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
CUSTOMER = Actor.customer(1)
NEWS = ArrivalNews(arrival=Arrival.DAMAGED, words="The corner is crushed", photos=("a" * 64, "a" * 64))


@pytest.mark.parametrize("stage", ["in_transit", "awaiting_collection", "returned", "lost"])
def test_nobody_is_asked_before_it_is_delivered(stage: str) -> None:
    shop = make_shop()
    take(shop.id, tracking(report(0, "in_transit"), report(1, stage)))
    with pytest.raises(commands.NotDelivered):
        commands.tell_arrival(parcels(shop.id)[0].pk, shop_id=shop.id, news=NEWS, key="1", by=CUSTOMER)


def test_what_she_says_is_kept_once_and_the_last_counts() -> None:
    shop = make_shop()
    take(shop.id, tracking(report(0, "in_transit"), report(1, "delivered")))
    row = parcels(shop.id)[0]
    whole = ArrivalNews(arrival=Arrival.WHOLE)
    for news, key in ((whole, "1"), (NEWS, "2"), (whole, "2")):
        commands.tell_arrival(row.pk, shop_id=shop.id, news=news, key=key, by=CUSTOMER)
    assert told(shop.id).count("ArrivalTold") == 2
    card = queries.arrivals([row.pk], shop_ids=[shop.id])[row.pk]
    assert (card.news.arrival, card.news.words) == (Arrival.DAMAGED, "The corner is crushed")
    assert card.news.photos == ("a" * 64,)
    assert not Arrived.objects.filter(words__contains="corner").exists()
    assert queries.files_in_use(["a" * 64, "b" * 64], shop.id) == {"a" * 64}
    with pytest.raises(NotFound):
        commands.tell_arrival(row.pk, shop_id=make_shop().id, news=NEWS, key="3", by=SYSTEM)
