"""Parcels find their orders, whichever was known first; promises and hand-overs are watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opieka.clocks import commands as clocks
from opieka.clocks.models import Clock
from opieka.deliveries import commands, queries
from opieka.deliveries.models import Notice, Parcel, Watch
from opieka.deliveries.types import DeliveryPreferences, ParcelStage, PromiseSource
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import queries as orders
from opieka.orders.models import Order
from opieka.orders.types import (
    FulfilmentStatus,
    OrderSnapshot,
    OrderStatus,
    ShipmentSnapshot,
    ShipmentStatus,
    Step,
)
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Failure, Touchpoint
from tests.deliveries.building import START, after, parcels, report, stored, take, told, tracking
from tests.factories import make_shop
from tests.orders import building as ordering

pytestmark = pytest.mark.django_db(transaction=True)

PROMISE = after(24 * 7)


def react() -> None:
    while reacting.run_all():
        pass
    assert not Failure.objects.exists()


@pytest.fixture(autouse=True)
def _reactions() -> None:
    reacting.begin()


def sent(
    *numbers: str, carrier: str = "DPD Polska", shipment: str = "s1", **changes: Any
) -> ShipmentSnapshot:
    known: dict[str, Any] = {
        "external_id": shipment,
        "status": ShipmentStatus.SHIPPED,
        "carrier": carrier,
        "tracking_numbers": numbers,
        "shipped_at": after(24),
    }
    return ShipmentSnapshot(**(known | changes))


def order(shop: ShopCard, *shipments: ShipmentSnapshot, hours: float = 24, **changes: Any) -> int:
    """Take an order over as it stood some hours after it was placed."""
    whole = FulfilmentStatus.FULFILLED if shipments else FulfilmentStatus.UNFULFILLED
    known: dict[str, Any] = {
        "shipments": shipments,
        "promised_at": PROMISE,
        "paid_at": START,
        "fulfilment_status": whole,
    }
    snapshot: OrderSnapshot = ordering.report(hours, **(known | changes))
    ordering.apply(shop.id, snapshot)
    return Order.objects.get(shop_id=shop.id, external_id=snapshot.external_id).pk


def test_an_orders_shipment_becomes_a_parcel() -> None:
    shop = make_shop()
    with clock.fixed(after(25)):
        order_id = order(shop, sent("PL 100"))
        react()
        (card,) = queries.of_orders([order_id], shop_ids=[shop.id])[order_id]
    assert (card.carrier, card.number, card.stage) == ("dpd", "PL100", ParcelStage.UNKNOWN)
    assert (card.customer_id, card.promised_to, card.destination_country) == (
        Order.objects.get(id=order_id).customer_id,
        PROMISE,
        "PL",
    )
    assert told(shop.id) == ["PromiseMade"]


JOURNEY = (report(26, "accepted"), report(40, "in_transit"))


def test_the_order_of_arrival_does_not_matter() -> None:
    def play(sequence: tuple[str, ...]) -> tuple[object, ...]:
        shop = make_shop()
        with clock.fixed(after(48)):
            for step in sequence:
                if step == "order":
                    order(shop, hours=1)
                elif step == "sent":
                    order(shop, sent("PL100"), hours=24)
                elif step == "report":
                    take(shop.id, tracking(*JOURNEY))
                else:
                    take(
                        shop.id,
                        tracking(number="PL100", carrier="", carrier_word="DPD", order_number="#1042"),
                    )
                react()
            rows = stored(shop.id)
            known = orders.latest(shop_ids=[shop.id])[0]
        for row in rows:
            assert row.pop("order_id") == known.id
            assert row.pop("customer_id") == known.customer_id
            assert row.pop("shipment_id") is not None
        facts = Touchpoint.objects.filter(shop_id=shop.id, kind__startswith="Parcel")
        mine = {customer for customer in facts.values_list("customer_id", flat=True) if customer}
        assert mine <= {known.customer_id}
        return rows, sorted(told(shop.id))

    steps = ("order", "sent", "report", "warehouse")
    expected = play(steps)
    assert {one: play(one) == expected for one in permutations(steps)} == dict.fromkeys(
        permutations(steps), True
    )


def test_news_of_a_parcel_waits_for_the_order_its_sender_named() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        take(shop.id, tracking(*JOURNEY[:1], order_number="1042"))
        assert told(shop.id) == []
        order(shop)
        react()
    first = Touchpoint.objects.get(shop_id=shop.id, kind="ParcelShipped")
    assert (first.at, first.customer_id) == (after(26), Order.objects.get(shop_id=shop.id).customer_id)


def test_news_of_a_parcel_whose_order_never_comes_is_told_after_a_day() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        take(shop.id, tracking(*JOURNEY[:1], order_number="1042"))
    with clock.fixed(after(30 + 25)):
        commands.sweep(by=SYSTEM)
        assert told(shop.id) == ["ParcelShipped"]
        assert commands.sweep(by=SYSTEM) == 0


def test_a_corrected_number_takes_the_place_of_the_wrong_one() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order_id = order(shop, sent("WRONG1"))
        react()
        order(shop, sent("PL100", updated_at=after(29)), hours=29)
        react()
        cards = queries.of_orders([order_id], shop_ids=[shop.id])[order_id]
        assert [card.number for card in cards] == ["PL100"]
        assert Parcel.objects.get(shop_id=shop.id, number="WRONG1").order_id is None


def test_a_number_that_comes_later_is_followed() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order(shop, sent())
        react()
        assert parcels(shop.id) == []
        order(shop, sent("PL100", updated_at=after(29)), hours=29)
        react()
        assert [parcel.number for parcel in parcels(shop.id)] == ["PL100"]


def test_a_word_for_a_carrier_nobody_knows_is_kept_and_shown() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order(shop, sent("QX1", carrier="Gołąb"))
        react()
    (parcel,) = parcels(shop.id)
    assert (parcel.carrier, parcel.carrier_word) == ("", "Gołąb")
    assert Notice.objects.get(shop_id=shop.id).value == "Gołąb"


def test_other_shops_with_the_same_number_are_left_alone() -> None:
    shop, other = make_shop(), make_shop()
    with clock.fixed(after(30)):
        order(shop, sent("PL100"))
        take(other.id, tracking(*JOURNEY, order_number="1042"))
        react()
    assert [parcel.stage for parcel in parcels(shop.id)] == ["unknown"]
    assert [parcel.order_id for parcel in parcels(other.id)] == [None]


# Many at once


def many(shop: ShopCard, count: int) -> dict[int, datetime | None]:
    """Orders of every kind: with parcels and without, promised or not, cancelled, delivered by the shop's word."""
    kinds: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        ((), {}),
        (("A",), {}),
        (("B", "C"), {"promised_at": None}),
        ((), {"promised_at": None, "status": OrderStatus.CANCELLED}),
        (("D",), {"fulfilment_status": FulfilmentStatus.PARTIAL}),
        (("E",), {"paid_at": None}),
    ]
    ids: dict[int, datetime | None] = {}
    for at in range(count):
        letters, changes = kinds[at % len(kinds)]
        whole = changes | {"external_id": f"{at}", "number": f"N{at}"}
        shipment = sent(*(f"{letter}{at}" for letter in letters), shipment=f"s{at}")
        ids[order(shop, *([shipment] if letters else []), **whole)] = START
    return ids


def kept(shop_id: int) -> tuple[object, ...]:
    """All that following leaves behind, by the orders' own numbers."""
    names = {row.pk: row.external_id for row in Order.objects.filter(shop_id=shop_id)}
    rows = [row | {"order_id": names.get(row["order_id"])} for row in stored(shop_id)]
    for row in rows:
        del row["customer_id"], row["shipment_id"]
    watches = Watch.objects.filter(shop_id=shop_id).values(
        "order_id", "promised_to", "promised_by", "paid_at", "cancelled_at", "unsent", "hand_over_due_at"
    )
    waiting = Clock.objects.filter(shop_id=shop_id).values_list(
        "subject", "kind", "status", "due_at", "basis"
    )
    return (
        sorted(rows, key=lambda row: str(row["number"])),
        sorted((row | {"order_id": names[row["order_id"]]} for row in watches), key=str),
        sorted((names[int(subject.removeprefix("order:"))], *rest) for subject, *rest in waiting),
        sorted(told(shop_id)),
    )


def test_one_by_one_and_all_together_come_to_the_same() -> None:
    one, other = make_shop(), make_shop()
    with clock.fixed(after(30)):
        for shop in (one, other):
            # Of some, something is known before.
            take(shop.id, tracking(*JOURNEY, number="A1"), tracking(*JOURNEY, number="W", order_number="N6"))
        for order_id, paid in many(one, 12).items():
            commands.follow({order_id: paid}, shop_id=one.id, by=SYSTEM)
        together = many(other, 12)
        commands.follow(together, shop_id=other.id, by=SYSTEM)
        assert kept(one.id) == kept(other.id)
        commands.follow(together, shop_id=other.id, by=SYSTEM)
        assert kept(one.id) == kept(other.id)


def test_following_many_costs_as_many_queries_as_following_few() -> None:
    few, lot = make_shop(), make_shop()
    counted = []
    with clock.fixed(after(30)):
        for shop, count in ((few, 60), (lot, 240)):
            ids = many(shop, count)
            with CaptureQueriesContext(connection) as queries_made:
                commands.follow(ids, shop_id=shop.id, by=SYSTEM)
                commands.check_hand_overs(ids, shop_id=shop.id, by=SYSTEM)
                commands.note_overdue(dict.fromkeys(ids, PROMISE), shop_id=shop.id, by=SYSTEM)
                commands.check_partly(ids, shop_id=shop.id, by=SYSTEM)
            counted.append(len(queries_made))
    assert counted[0] == counted[1]


# Promises


def test_the_promise_told_last_counts_and_the_others_are_history() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order_id = order(shop, sent("PL100"))
        react()
    with clock.fixed(after(40)):
        commands.promise(
            order_id, shop_id=shop.id, promised_to=after(300), source=PromiseSource.AGENT, by=SYSTEM
        )
    with clock.fixed(after(41)):
        order(shop, sent("PL100"), hours=41, note="changed, but not the promise")
        react()
    assert [parcel.promised_to for parcel in parcels(shop.id)] == [after(300)]
    history = queries.promises(order_id, shop_ids=[shop.id])
    assert [(p.promised_to, p.source, p.told_at) for p in history] == [
        (PROMISE, PromiseSource.SHOP, START),
        (after(300), PromiseSource.AGENT, after(40)),
    ]
    made = Touchpoint.objects.filter(shop_id=shop.id, kind="PromiseMade").order_by("id")
    assert [fact.data["source"] for fact in made] == ["shop", "agent"]
    with clock.fixed(after(50)):
        order(shop, sent("PL100"), hours=50, promised_at=after(400))
        react()
    assert [parcel.promised_to for parcel in parcels(shop.id)] == [after(400)]


def test_a_slot_ends_after_it_begins() -> None:
    shop = make_shop()
    order_id = order(shop)
    with pytest.raises(commands.NoSlot):
        commands.promise(
            order_id,
            shop_id=shop.id,
            promised_from=after(5),
            promised_to=after(4),
            source=PromiseSource.AGENT,
            by=SYSTEM,
        )


def test_a_warehouses_promise_goes_with_the_parcel_to_its_order() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        take(shop.id, tracking(number="PL1", order_number="1042", promised_to=after(200)))
        order(shop, promised_at=None)
        react()
        take(shop.id, tracking(number="PL2", order_number="1042", promised_to=after(220)))
    assert [parcel.promised_to for parcel in parcels(shop.id)] == [after(220), after(220)]


def test_a_moved_promise_can_be_broken_anew() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order_id = order(shop, sent("PL100"))
        react()
        take(shop.id, tracking(*JOURNEY[:1]))
    with clock.fixed(PROMISE):
        commands.sweep(by=SYSTEM)
        commands.promise(
            order_id, shop_id=shop.id, promised_to=after(240), source=PromiseSource.AGENT, by=SYSTEM
        )
        assert parcels(shop.id)[0].late_at is None
    with clock.fixed(after(241)):
        commands.sweep(by=SYSTEM)
    late = Touchpoint.objects.filter(shop_id=shop.id, kind="ParcelLate").order_by("id")
    assert [fact.at for fact in late] == [PROMISE, after(240)]


# The shop's own word


def test_the_shops_word_counts_for_carriers_nobody_can_ask() -> None:
    shop = make_shop()
    with clock.fixed(after(24 * 30)):
        order(shop, sent("PL100", delivered_at=after(72), status=ShipmentStatus.DELIVERED))
        react()
        commands.sweep(by=SYSTEM)
    (parcel,) = parcels(shop.id)
    assert (parcel.stage, parcel.delivered_at) == ("delivered", after(72))
    assert "ParcelLate" not in told(shop.id)
    assert overdue(shop, after(24 * 31)) == []


def test_of_a_carrier_that_can_be_asked_only_its_own_word_counts() -> None:
    shop = make_shop()
    keys = {
        "login": "l",
        "password": "p",
        "username": "u",
        "client_id": "c",
        "client_secret": "s",
        "token": "t",
    }
    card = next(each for each in queries.carriers() if each.name == "gls")
    given = {name: keys.get(name, "x") for name in card.credentials}
    commands.connect(shop.id, carrier="gls", credentials=given, by=SYSTEM)
    with clock.fixed(after(30)):
        order(shop, sent("50000001", carrier="GLS", delivered_at=after(29)))
        react()
    assert [parcel.stage for parcel in parcels(shop.id)] == ["unknown"]


# Hand-over


def overdue(shop: ShopCard, at: datetime) -> list[Touchpoint]:
    with clock.fixed(at):
        clocks.sweep(by=SYSTEM)
        react()
    return list(Touchpoint.objects.filter(shop_id=shop.id, kind="HandOverOverdue"))


def test_an_order_not_handed_over_before_its_promise_can_be_kept_is_an_alarm() -> None:
    shop = make_shop()
    with clock.fixed(after(1)):
        order_id = order(shop, hours=1)
        react()
    due_at = Watch.objects.get(order_id=order_id).hand_over_due_at
    assert due_at is not None
    assert timedelta(days=1.5) < PROMISE - due_at < timedelta(days=5)
    assert overdue(shop, due_at - timedelta(minutes=1)) == []
    (alarm,) = overdue(shop, due_at)
    assert (alarm.at, alarm.subject, alarm.data["waiting"]) == (due_at, f"order:{order_id}", 1)
    assert len(overdue(shop, due_at + timedelta(days=9))) == 1


def test_a_printed_label_is_no_hand_over_and_a_scan_is_one() -> None:
    shop = make_shop()
    with clock.fixed(after(25)):
        order_id = order(shop, sent("PL100"))
        react()
        take(shop.id, tracking(report(25, "label_created")))
    due_at = Watch.objects.get(order_id=order_id).hand_over_due_at
    assert due_at is not None
    with clock.fixed(after(30)):
        take(shop.id, tracking(report(26, "accepted")))
        react()
    assert overdue(shop, due_at + timedelta(hours=1)) == []


def test_without_a_promise_opening_hours_after_payment_count() -> None:
    shop = make_shop(hours=(((540, 1020),),) * 5 + ((), ()))
    shops.set_preferences(shop.id, value=DeliveryPreferences(hand_over_hours=16), by=SYSTEM)
    with clock.fixed(after(1)):
        order(shop, hours=1, promised_at=None)
        react()
    # Paid on Monday at 10:00 in Warsaw: seven hours that day, eight on Tuesday, one on Wednesday.
    assert overdue(shop, after(46) + timedelta(minutes=59)) == []
    assert len(overdue(shop, after(48))) == 1


def test_a_cancelled_order_is_not_waited_for() -> None:
    shop = make_shop()
    with clock.fixed(after(1)):
        order(shop, hours=1)
        react()
        order(shop, hours=2, status=OrderStatus.CANCELLED)
        react()
    assert overdue(shop, PROMISE) == []


def test_history_raises_no_alarm() -> None:
    shop = make_shop()
    with clock.fixed(after(24 * 90)):
        order(shop, hours=1)
        react()
    assert overdue(shop, after(24 * 91)) == []


# Orders from several senders


def test_an_order_of_which_a_part_is_missing_after_its_promise() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order_id = order(shop, sent("PL1"), sent("PL2", shipment="s2"))
        react()
        take(shop.id, tracking(*JOURNEY[:1], number="PL1"), tracking(*JOURNEY[:1], number="PL2"))
    with clock.fixed(after(100)):
        take(shop.id, tracking(report(99, "delivered"), number="PL1"))
        react()
        assert "OrderPartlyDelivered" not in told(shop.id)
    with clock.fixed(PROMISE):
        commands.sweep_orders(by=SYSTEM)
        commands.sweep_orders(by=SYSTEM)
    (partly,) = Touchpoint.objects.filter(shop_id=shop.id, kind="OrderPartlyDelivered")
    assert (partly.subject, partly.data["delivered"], partly.data["missing"]) == (f"order:{order_id}", 1, 1)


def test_the_first_part_that_comes_after_the_promise_shows_what_is_missing() -> None:
    shop = make_shop()
    with clock.fixed(after(30)):
        order(shop, sent("PL1"), fulfilment_status=FulfilmentStatus.PARTIAL)
        react()
    with clock.fixed(PROMISE + timedelta(days=1)):
        commands.sweep_orders(by=SYSTEM)
        assert "OrderPartlyDelivered" not in told(shop.id)
        take(shop.id, tracking(report(24 * 8, "delivered"), number="PL1"))
        react()
        assert told(shop.id).count("OrderPartlyDelivered") == 1


def test_the_strip_tells_the_carriers_truth() -> None:
    shop = make_shop()
    with clock.fixed(after(50)):
        order_id = order(shop, sent("PL100", status=ShipmentStatus.DELIVERED, delivered_at=after(49)))
        react()
        take(shop.id, tracking(report(26, "accepted"), report(49, "awaiting_collection")))
        card = orders.order(order_id, shop_ids=[shop.id])
        cards = queries.of_orders([order_id], shop_ids=[shop.id])[order_id]
    assert {dot.step for dot in card.strip if dot.done} == set(Step)  # what the shop believes
    strip = queries.strip(card, cards)
    assert [(dot.step, dot.done, dot.at) for dot in strip[2:]] == [
        (Step.SHIPPED, True, after(26)),
        (Step.OUT, True, None),
        (Step.DELIVERED, False, None),
    ]
    unheard = [replace(each, stage=ParcelStage.UNKNOWN) for each in cards]
    assert queries.strip(card, unheard) == card.strip
