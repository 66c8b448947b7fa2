"""She was asked whether it arrived whole: no opens an incident with a plan, through the worker; yes opens nothing."""

from __future__ import annotations

import pytest

from opieka.care import queries
from opieka.care.types import IncidentKind
from opieka.deliveries import commands
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import Arrival, ArrivalNews
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.timeline import reacting
from opieka.timeline.models import Failure
from tests.deliveries.building import after
from tests.portal.building import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("arrival", "kinds"),
    [
        (Arrival.WHOLE, []),
        (Arrival.DAMAGED, [IncidentKind.DAMAGED]),
        (Arrival.MISSING, [IncidentKind.MISSING]),
        (Arrival.WRONG_ITEM, [IncidentKind.WRONG]),
        (Arrival.NOT_HERE, [IncidentKind.NOT_HERE]),
    ],
)
def test_what_she_says_of_the_delivery(arrival: Arrival, kinds: list[IncidentKind]) -> None:
    with clock.fixed(after(30)):
        reacting.begin()
        world = make_world()
        world.report("delivered")
        (parcel,) = Parcel.objects.filter(shop_id=world.shop.id)
        for _ in range(2):
            news = ArrivalNews(arrival=arrival)
            commands.tell_arrival(parcel.pk, shop_id=world.shop.id, news=news, key="once", by=SYSTEM)
        while reacting.run_all():
            pass
    assert not Failure.objects.exists()
    found = queries.plans(shop_ids=[world.shop.id])
    assert [incident.kind for plan in found for incident in plan.incidents] == kinds
