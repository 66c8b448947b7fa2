"""Orders no carrier has anything of yet: what is to be expected of them, told once, until one has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Watch
from opieka.deliveries.types import ParcelStage, PromiseSource, Tracking, TrackingReport, WantedWaiting
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.models import Order
from opieka.orders.types import Address, FulfilmentStatus, OrderSnapshot, OrderStatus, PaymentStatus
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Touchpoint
from tests.factories import make_shop

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)
BOUGHT = OrderSnapshot(
    external_id="1001", number="1001", placed_at=NOW - DAY, updated_at=NOW - DAY, currency="PLN", total=100,
    status=OrderStatus.OPEN, payment_status=PaymentStatus.PAID, paid_at=NOW - DAY, promised_at=NOW + 2 * DAY,
    shipping_address=Address(country="PL", postcode="80-001"),
)  # fmt: skip


def bought(shop: ShopCard, order: OrderSnapshot = BOUGHT) -> int:
    reacting.begin()
    orders.apply_orders([order], shop_id=shop.id, source="memory", by=SYSTEM)
    reacting.run_all()
    return Order.objects.get(shop_id=shop.id, external_id=order.external_id).pk


def foreseen(at: datetime = NOW) -> None:
    with clock.fixed(at):
        commands.foresee(100, by=SYSTEM)
        commands.foresee_orders(100, by=SYSTEM)


def told(shop: ShopCard, kind: str = "OrderDelayExpected") -> list[Touchpoint]:
    return list(Touchpoint.objects.filter(shop_id=shop.id, kind=kind).order_by("id"))


def report(shop: ShopCard, stage: ParcelStage, at: datetime) -> None:
    with clock.fixed(at):
        tracking = Tracking(
            carrier="dpd",
            tracking_number="00000000000001",
            order_number="1001",
            reports=(TrackingReport(at=at, stage=stage),),
        )
        commands.take([tracking], shop_id=shop.id, told_by="dpd", by=SYSTEM)
        reacting.run_all()


def test_a_paid_order_is_foreseen_and_doubted_once_per_promise() -> None:
    with clock.fixed(NOW):
        shop = make_shop()
        order_id = bought(shop)
    foreseen()
    (card,) = queries.waiting(shop_ids=[shop.id])
    assert (card.order_id, card.risk, card.why) == (order_id, 0.6, "not_out_yet:0:2")
    assert queries.waiting_of([order_id], shop_ids=[shop.id]) == {order_id: card}
    foreseen(NOW + timedelta(hours=7))
    (fact,) = told(shop)
    assert (fact.subject, fact.data["probability"]) == (f"order:{order_id}", 0.6)
    with clock.fixed(NOW + timedelta(hours=8)):
        later, agent = NOW + 3 * DAY, PromiseSource.AGENT
        commands.promise(order_id, shop_id=shop.id, promised_to=later, source=agent, by=SYSTEM)
    foreseen(NOW + timedelta(hours=9))
    assert len(told(shop)) == 2


def test_what_the_carrier_has_waits_no_more_and_is_not_doubted_again() -> None:
    with clock.fixed(NOW):
        shop = make_shop()
        order_id = bought(shop)
    foreseen()
    report(shop, ParcelStage.ACCEPTED, NOW + timedelta(hours=1))
    assert queries.waiting(shop_ids=[shop.id]) == []
    watch = Watch.objects.get(shop_id=shop.id, order_id=order_id)
    assert (watch.risk, watch.foresee_at) == (None, None)
    foreseen(NOW + timedelta(hours=2))
    (parcel,) = queries.of_orders([order_id], shop_ids=[shop.id])[order_id]
    assert parcel.risk == 0.6
    assert told(shop, "ParcelDelayExpected") == []
    report(shop, ParcelStage.CANCELLED, NOW + timedelta(hours=3))
    assert [card.order_id for card in queries.waiting(shop_ids=[shop.id])] == [order_id]


@pytest.mark.parametrize(
    "gone",
    [
        replace(BOUGHT, updated_at=NOW, status=OrderStatus.CANCELLED, cancelled_at=NOW),
        replace(BOUGHT, updated_at=NOW, fulfilment_status=FulfilmentStatus.FULFILLED, shipped_at=NOW),
    ],
)
def test_what_is_cancelled_or_sent_waits_no_more(gone: OrderSnapshot) -> None:
    with clock.fixed(NOW):
        shop = make_shop()
        bought(shop)
        assert len(queries.waiting(shop_ids=[shop.id])) == 1
        bought(shop, gone)
    assert queries.waiting(shop_ids=[shop.id]) == []


def test_the_list_is_narrowed() -> None:
    with clock.fixed(NOW):
        shop = make_shop()
        near = bought(shop)
        far = bought(shop, replace(BOUGHT, external_id="2", number="2", promised_at=NOW + 9 * DAY))
        unpaid = replace(
            BOUGHT, external_id="3", number="3", payment_status=PaymentStatus.PENDING, paid_at=None
        )
        bought(shop, unpaid)
    foreseen()
    Watch.objects.filter(order_id=far).update(overdue_at=NOW)
    listed = partial(queries.waiting, shop_ids=[shop.id])
    found = (
        listed(),
        listed(after_id=far),
        listed(wanted=WantedWaiting(overdue=True)),
        listed(wanted=WantedWaiting(at_risk=True)),
    )
    shown = [[card.order_id for card in cards] for cards in found]
    assert shown == [[far, near], [near], [far], [near]]
    assert queries.waiting(shop_ids=[make_shop().id]) == []
