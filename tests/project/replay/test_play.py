"""A played past ends where it ended, and what was announced on the way was announced in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from opieka.deliveries.models import Parcel
from opieka.orders.models import Order
from opieka.orders.types import (
    OrderSnapshot,
    OrderStatus,
    PaymentStatus,
    ShipmentSnapshot,
    ShipmentStatus,
)
from opieka.project.replay.happenings import happenings
from opieka.project.replay.play import announced, play
from opieka.project.replay.weeks import by_week, outcome, total
from opieka.timeline import reacting
from tests.factories import make_shop

START = datetime(2018, 3, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def sold(number: str, *, promised: int, shipped: int, delivered: int | None) -> OrderSnapshot:
    arrived = None if delivered is None else START + delivered * DAY
    shipment = ShipmentSnapshot(
        external_id=f"PARCEL{number}",
        status=ShipmentStatus.DELIVERED if arrived else ShipmentStatus.SHIPPED,
        shipped_at=START + shipped * DAY,
        delivered_at=arrived,
    )
    return OrderSnapshot(
        external_id=number,
        number=number,
        placed_at=START,
        updated_at=arrived or START + shipped * DAY,
        currency="BRL",
        total=100,
        status=OrderStatus.OPEN,
        payment_status=PaymentStatus.PAID,
        paid_at=START + timedelta(hours=1),
        promised_at=START + promised * DAY,
        shipments=(shipment,),
    )


@pytest.mark.django_db(transaction=True)
def test_a_late_order_is_announced_before_its_promise_passes() -> None:
    shop = make_shop(timezone="America/Sao_Paulo", country="BR")
    reacting.begin()
    known = [
        sold("EARLY", promised=10, shipped=1, delivered=3),
        sold("LATE", promised=8, shipped=2, delivered=14),
        sold("NEVER", promised=9, shipped=2, delivered=None),
    ]
    happened = sorted((one for order in known for one in happenings(order)), key=lambda one: one.at)
    moments = list(play(happened, shop_id=shop.id, speed=0))
    assert moments[-1].done == len(happened)
    assert [one.at for one in moments] == sorted(one.at for one in moments)
    assert Order.objects.filter(shop_id=shop.id).count() == 3
    stages = dict(Parcel.objects.filter(shop_id=shop.id).values_list("number", "stage"))
    assert stages == {"PARCELEARLY": "delivered", "PARCELLATE": "delivered", "PARCELNEVER": "accepted"}

    outcomes = {order.number: came for order in known if (came := outcome(order))}
    told = {number.upper(): at for number, at in announced(shop.id).items()}
    whole = total(by_week(outcomes, told, zone=ZoneInfo("America/Sao_Paulo"), until=moments[-1].at))
    assert (whole.due, whole.late, whole.announced, whole.right) == (3, 2, 2, 2)
    assert whole.days_ahead is not None
    assert whole.days_ahead > 0
