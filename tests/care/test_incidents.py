"""Every kind of trouble that is announced becomes an incident by the worker, once, however often it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from opieka.care import queries
from opieka.care.models import Incident
from opieka.care.types import COLLECTION_CLOCK, CarePreferences, IncidentKind, Wanted
from opieka.clocks.facts import ClockBreached, ClockDueSoon
from opieka.conversations.facts import ConversationReopened, MessageSent
from opieka.conversations.types import FIRST_RESPONSE, MessageKind
from opieka.conversations.types import Step as Act
from opieka.deliveries import commands as deliveries
from opieka.deliveries import facts as told
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import ParcelStage, Tracking, TrackingReport
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.facts import Fact
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.commands import record
from opieka.timeline.models import Failure
from tests.care.test_noticing import HOUR, ordered, shop_with_mail
from tests.care.test_plans import late

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _reactions() -> None:
    reacting.begin()


def react() -> None:
    while reacting.run_all():
        pass
    assert not Failure.objects.exists()


def announce(shop: ShopCard, fact: Fact, subject: str, customer_id: int | None) -> None:
    with transaction.atomic():
        record(fact, shop_id=shop.id, customer_id=customer_id, subject=subject, by=SYSTEM)


def test_whatever_goes_wrong_is_one_incident_of_its_kind(noon: datetime) -> None:
    shop = shop_with_mail()
    parcel = Parcel.objects.get(id=late(shop))
    assert parcel.order_id
    who: dict[str, Any] = {"parcel_id": parcel.pk, "order_id": parcel.order_id, "carrier": parcel.carrier}
    of_parcel, of_talk = f"parcel:{parcel.pk}", "conversation:7"
    answer = MessageSent(conversation_id=8, message_id=1, channel="email", message_kind=MessageKind.PERSON)
    clock_told: dict[str, Any] = {"clock_id": 1, "basis": "target", "due_at": noon}
    again = ConversationReopened(conversation_id=8, because=Act.RECEIVE)
    announced: list[tuple[IncidentKind, ParcelStage, str, list[Fact]]] = [
        (IncidentKind.DELAY_EXPECTED, ParcelStage.IN_TRANSIT, of_parcel,
         [told.ParcelDelayExpected(**who, probability=0.8)]),
        (IncidentKind.LATE, ParcelStage.IN_TRANSIT, of_parcel, [told.ParcelLate(**who, promised_to=noon)]),
        (IncidentKind.STALE, ParcelStage.IN_TRANSIT, of_parcel, [told.ParcelStale(**who, last_at=noon)]),
        (IncidentKind.LOST, ParcelStage.IN_TRANSIT, of_parcel, [told.ParcelLost(**who)]),
        (IncidentKind.WAITING, ParcelStage.AWAITING_COLLECTION, of_parcel,
         [ClockDueSoon(**clock_told, clock_kind=COLLECTION_CLOCK)]),
        (IncidentKind.DAMAGED, ParcelStage.IN_TRANSIT, of_parcel, [told.ParcelDamaged(**who)]),
        (IncidentKind.SENT_BACK, ParcelStage.RETURNING, of_parcel, [told.ParcelReturning(**who)]),
        (IncidentKind.PARTLY, ParcelStage.IN_TRANSIT, f"order:{parcel.order_id}",
         [told.OrderPartlyDelivered(order_id=parcel.order_id, delivered=1, missing=1)]),
        (IncidentKind.NOT_HERE, ParcelStage.DELIVERED, of_parcel, [told.ArrivalTold(**who, arrival="not_here")]),
        (IncidentKind.MISSING, ParcelStage.DELIVERED, of_parcel, [told.ArrivalTold(**who, arrival="missing")]),
        (IncidentKind.WRONG, ParcelStage.DELIVERED, of_parcel, [told.ArrivalTold(**who, arrival="wrong_item")]),
        (IncidentKind.UNANSWERED, ParcelStage.DELIVERED, of_talk,
         [ClockBreached(**clock_told, clock_kind=FIRST_RESPONSE)]),
        (IncidentKind.BAD_ANSWER, ParcelStage.DELIVERED, "conversation:8", [answer, again, answer, again]),
    ]  # fmt: skip
    assert {kind for kind, *_rest in announced} == set(IncidentKind)
    for kind, stage, subject, facts in announced:
        Parcel.objects.filter(id=parcel.pk).update(stage=stage.value)
        for fact in [*facts, facts[-1]]:  # the last one again, as carriers do
            announce(shop, fact, subject, parcel.customer_id)
        react()
        [incident] = Incident.objects.filter(shop_id=shop.id, kind=kind.value)
        assert incident.times > 1, kind
    plans = queries.plans(shop_ids=[shop.id])
    assert {len(plan.incidents) for plan in plans} == {11, 1}  # the order's, and the conversations'
    assert {int(plan.severity) for plan in plans} == {4, 2}


def test_a_depot_in_trouble_is_one_storm_through_the_worker(noon: datetime) -> None:
    shop = shop_with_mail()
    shops.set_preferences(shop.id, value=CarePreferences(storm_from=5), by=SYSTEM)
    for number in range(12):
        ordered(shop, external_id=f"A{number}", number=str(2000 + number), promised_at=clock.now() - HOUR)
        said = TrackingReport(at=clock.now() - HOUR, stage=ParcelStage.IN_TRANSIT, depot="Warszawa 3")
        tracking = Tracking(
            carrier="memory", tracking_number=f"MEM{number}", reports=(said,), order_number=str(2000 + number)
        )
        deliveries.take([tracking], shop_id=shop.id, told_by="memory", by=SYSTEM)
    parcels = list(Parcel.objects.filter(shop_id=shop.id, number__startswith="MEM"))
    for parcel in parcels * 2:
        fact = told.ParcelLate(
            parcel_id=parcel.pk, order_id=parcel.order_id, carrier=parcel.carrier, promised_to=clock.now()
        )
        announce(shop, fact, f"parcel:{parcel.pk}", parcel.customer_id)
    react()
    [storm] = queries.storms([shop.id])
    assert (storm.parcels, storm.depot) == (12, "Warszawa 3")
    assert len(queries.plans(shop_ids=[shop.id], wanted=Wanted(storm_id=storm.id))) == 12
