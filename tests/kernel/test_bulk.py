"""Few rows and many are written the same way."""

from __future__ import annotations

import pytest

from opieka.kernel import bulk, clock
from opieka.orders.models import Order, Shipment
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, bulk.FEW - 1, bulk.FEW, 3 * bulk.FEW])
def test_inserted_and_overwritten(count: int) -> None:
    shop = make_shop()
    names = [f'{number}\t"ł"\\N\n' for number in range(count)]
    orders = [Order(shop_id=shop.id, source="x", external_id=name, contact={"name": name}) for name in names]
    bulk.save(orders, unique=["shop", "source", "external_id"])
    assert [Order.objects.get(id=order.pk).contact["name"] for order in orders] == names
    for order in orders:
        order.note, order.number = "new", "kept"
    bulk.save(orders, unique=["shop", "source", "external_id"], keep=["number"])
    assert set(Order.objects.filter(shop_id=shop.id).values_list("note", "number")) <= {("new", "")}
    assert Order.objects.filter(shop_id=shop.id).count() == count


@pytest.mark.parametrize("count", [2, 2 * bulk.FEW])
def test_arrays_dates_and_nothing(count: int) -> None:
    shop = make_shop()
    order = Order.objects.create(shop_id=shop.id, source="x", external_id="1")
    now = clock.now()
    rows = [
        Shipment(
            shop_id=shop.id,
            order=order,
            external_id=str(number),
            updated_at=now,
            progress=1,
            tracking_numbers=["a,b", '{"}', ""],
            lines=[["1", 2]],
        )
        for number in range(count)
    ]
    bulk.insert(rows)
    for row in rows:
        stored = Shipment.objects.get(id=row.pk)
        assert (stored.tracking_numbers, stored.lines) == (["a,b", '{"}', ""], [["1", 2]])
        assert (stored.updated_at, stored.shipped_at) == (now, None)
