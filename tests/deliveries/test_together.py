"""Another date for many orders, many parcels taken as lost: once, undone by its moment, and nothing of other shops."""

from __future__ import annotations

from datetime import datetime

import pytest

from opieka.deliveries import commands, queries
from opieka.deliveries.models import Parcel, Promise, Watch
from opieka.deliveries.types import ParcelStage, PromiseSource
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.models import Order
from opieka.timeline.models import Touchpoint
from tests.deliveries.building import after, parcels, report, take, told, tracking
from tests.desk.conftest import an_order
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


def under_way(*numbers: str) -> tuple[int, list[int]]:
    """A shop with an order and a parcel of it for each number."""
    shop = make_shop()
    orders.apply_orders([an_order(number) for number in numbers], shop_id=shop.id, source="csv", by=SYSTEM)
    with clock.fixed(after(2)):
        take(
            shop.id,
            *(
                tracking(report(1, "accepted"), number=f"N{number}", order_number=number)
                for number in numbers
            ),
        )
    return shop.id, [parcel.pk for parcel in parcels(shop.id)]


def promise(shop_id: int, ids: list[int], day: float, at: datetime) -> int:
    slot = (None, after(24 * day))
    return commands.promise_together(ids, shop_id=shop_id, slot=slot, at=at, by=SYSTEM)


def test_a_date_for_many_counts_for_each_once() -> None:
    shop_id, ids = under_way("1", "2", "3")
    with clock.fixed(after(5)):
        assert promise(shop_id, ids, 4, after(5)) == 3
        assert promise(shop_id, ids, 4, after(5)) == 3
    assert {parcel.promised_to for parcel in parcels(shop_id)} == {after(96)}
    assert told(shop_id).count("PromiseMade") == 3
    assert set(Promise.objects.values_list("source", flat=True)) == {PromiseSource.AGENT}


def test_undoing_it_lets_what_was_told_before_count_again() -> None:
    shop_id, ids = under_way("1", "2")
    first = Order.objects.get(shop_id=shop_id, number="1").pk
    with clock.fixed(after(3)):
        commands.promise(first, shop_id=shop_id, promised_to=after(48), source=PromiseSource.SHOP, by=SYSTEM)
    with clock.fixed(after(5)):
        promise(shop_id, ids, 4, after(5))
        assert commands.take_back_promises(after(5), shop_ids=[shop_id], by=SYSTEM) == 2
        assert commands.take_back_promises(after(5), shop_ids=[shop_id], by=SYSTEM) == 0
    assert [parcel.promised_to for parcel in parcels(shop_id)] == [after(48), None]
    assert [watch.promised_by for watch in Watch.objects.order_by("order_id")] == ["shop", ""]
    back = Touchpoint.objects.filter(shop_id=shop_id, kind="PromiseTakenBack").order_by("id")
    assert {(row.data["earlier"] is None) for row in back} == {True, False}


def test_what_was_told_since_stays() -> None:
    shop_id, ids = under_way("1")
    (order_id,) = Order.objects.filter(shop_id=shop_id).values_list("id", flat=True)
    with clock.fixed(after(5)):
        promise(shop_id, ids, 4, after(5))
    with clock.fixed(after(6)):
        commands.promise(
            order_id, shop_id=shop_id, promised_to=after(72), source=PromiseSource.CUSTOMER, by=SYSTEM
        )
        commands.take_back_promises(after(5), shop_ids=[shop_id], by=SYSTEM)
    assert parcels(shop_id)[0].promised_to == after(72)
    assert "PromiseTakenBack" not in told(shop_id)


def test_a_slot_ends_after_it_begins_and_other_shops_stay_as_they_are() -> None:
    shop_id, ids = under_way("1")
    other = make_shop()
    with pytest.raises(commands.NoSlot):
        commands.promise_together(ids, shop_id=shop_id, slot=(after(9), after(8)), at=after(5), by=SYSTEM)
    assert promise(other.id, ids, 4, after(5)) == 0
    assert commands.give_up(ids, shop_id=other.id, why="x", at=after(5), by=SYSTEM) == 0


def silent(shop_id: int) -> None:
    Parcel.objects.filter(shop_id=shop_id).update(stale_at=after(100))


def test_only_what_is_late_or_silent_is_taken_as_lost_and_only_once() -> None:
    shop_id, ids = under_way("1", "2")
    Parcel.objects.filter(id=ids[0]).update(stale_at=after(100))
    with clock.fixed(after(200)):
        assert commands.give_up(ids, shop_id=shop_id, why="Nobody finds it", at=after(200), by=SYSTEM) == 1
        assert commands.give_up(ids, shop_id=shop_id, why="Nobody finds it", at=after(200), by=SYSTEM) == 0
    card = queries.parcel(ids[0], shop_ids=[shop_id])
    assert (card.stage, card.lost_at, card.reports[-1].raw_text) == (
        ParcelStage.LOST,
        after(200),
        "Nobody finds it",
    )
    (fact,) = Touchpoint.objects.filter(shop_id=shop_id, kind="ParcelLost")
    assert fact.data["presumed"] is True
    with clock.fixed(after(210)):  # found after all
        take(shop_id, tracking(report(205, "out_for_delivery"), number=card.number))
    assert queries.parcel(ids[0], shop_ids=[shop_id]).stage is ParcelStage.OUT_FOR_DELIVERY


def test_undoing_it_puts_the_parcel_where_its_carrier_says_and_a_real_loss_is_news_again() -> None:
    shop_id, ids = under_way("1")
    before = queries.parcel(ids[0], shop_ids=[shop_id])
    silent(shop_id)
    with clock.fixed(after(200)):
        commands.give_up(ids, shop_id=shop_id, why="x", at=after(200), by=SYSTEM)
        assert commands.take_back_giving_up(after(200), shop_ids=[make_shop().id], by=SYSTEM) == 0
        assert commands.take_back_giving_up(after(200), shop_ids=[shop_id], by=SYSTEM) == 1
        assert commands.take_back_giving_up(after(200), shop_ids=[shop_id], by=SYSTEM) == 0
    card = queries.parcel(ids[0], shop_ids=[shop_id])
    assert (card.stage, card.reports) == (before.stage, before.reports)
    with clock.fixed(after(220)):
        take(shop_id, tracking(report(210, "lost"), number=card.number))
    assert told(shop_id).count("ParcelLost") == 2
    assert told(shop_id).count("ParcelNotLost") == 1
