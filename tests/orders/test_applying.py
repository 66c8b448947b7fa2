"""However often and in whatever order reports come, the order and its facts are the same."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.catalogue.types import Applied
from opieka.customers.models import Customer
from opieka.orders import queries
from opieka.orders.models import Order, OrderLine, Refund, Shipment
from opieka.orders.types import (
    Contact,
    FulfilmentStatus,
    OrderPart,
    OrderSnapshot,
    OrderStatus,
    PaymentStatus,
    ShipmentStatus,
)
from opieka.timeline.models import Touchpoint
from tests.factories import make_shop
from tests.orders.building import (
    MUG,
    RUG,
    START,
    after,
    announced,
    apply,
    facts,
    kinds,
    part,
    refund,
    report,
    shipment,
    stored,
)

pytestmark = pytest.mark.django_db


def test_a_new_order() -> None:
    shop = make_shop()
    assert apply(shop.id, report(1)) == Applied(new=1)
    (card,) = queries.latest(shop_ids=[shop.id])
    assert (card.number, card.total, card.status) == ("#1042", 25980, OrderStatus.OPEN)
    assert [(line.name, line.quantity, line.total) for line in card.lines] == [
        ("Kubek", 2, 9980),
        ("Koc", 1, 16000),
    ]
    assert [payment.method for payment in card.payments] == ["blik"]
    assert card.contact.email == "anna@example.pl"
    assert kinds(shop.id) == ["OrderPlaced", "OrderPaid"]
    placed, paid = Touchpoint.objects.filter(shop_id=shop.id, subject=f"order:{card.id}").order_by("id")
    assert (placed.at, paid.at) == (START, START)  # never seen unpaid: dated with the order
    assert placed.data == {"order_id": card.id, "total": 25980, "currency": "PLN", "pieces": 3}
    assert placed.customer_id == card.customer_id == Customer.objects.get(group_id=shop.group_id).pk


def test_the_same_again_is_nothing() -> None:
    shop = make_shop()
    everything = report(4, refunds=(refund(),), shipments=(shipment(),))
    apply(shop.id, everything)
    before, said = stored(shop.id), facts(shop.id)
    assert apply(shop.id, everything) == Applied(unchanged=1)
    assert apply(shop.id, everything, everything) == Applied(unchanged=1)
    assert (stored(shop.id), facts(shop.id)) == (before, said)


def test_a_later_report_of_the_same_content_is_no_update() -> None:
    shop = make_shop()
    apply(shop.id, report(1))
    assert apply(shop.id, report(9)) == Applied(unchanged=1)
    assert apply(shop.id, report(5, note="from between")) == Applied(unchanged=1)
    assert queries.latest(shop_ids=[shop.id])[0].note == ""


def test_an_older_report_never_overwrites_a_newer_one() -> None:
    shop = make_shop()
    apply(shop.id, report(5, note="new"))
    assert apply(shop.id, report(2, note="old", total=1)) == Applied(unchanged=1)
    (card,) = queries.latest(shop_ids=[shop.id])
    assert (card.note, card.total) == ("new", 25980)


def test_a_newer_report_says_what_has_changed() -> None:
    shop = make_shop()
    apply(shop.id, report(1))
    changed = report(2, lines=(MUG,), total=9980, promised_at=after(48))
    assert apply(shop.id, changed) == Applied(updated=1)
    assert facts(shop.id)[-1][0] == "OrderChanged"
    assert facts(shop.id)[-1][1]["what"] == ["lines", "promise", "total"]


def test_a_line_taken_out_stays_with_nothing_left_of_it() -> None:
    shop = make_shop()
    apply(shop.id, report(1))
    lines = dict(OrderLine.objects.filter(shop_id=shop.id).values_list("external_id", "id"))
    apply(shop.id, report(2, lines=(RUG,)))
    assert dict(OrderLine.objects.filter(shop_id=shop.id).values_list("external_id", "id")) == lines
    assert OrderLine.objects.get(id=lines["1"]).quantity == 0
    apply(shop.id, report(3, lines=(MUG, RUG)))
    assert OrderLine.objects.get(id=lines["1"]).quantity == 2


def test_two_lines_of_one_id_are_two_lines() -> None:
    shop = make_shop()
    apply(shop.id, report(1, lines=(MUG, replace(RUG, external_id="1"))))
    assert OrderLine.objects.filter(shop_id=shop.id).count() == 2


def test_of_two_reports_in_one_second_the_one_further_on_counts() -> None:
    paid, pending = report(1), report(1, payment_status=PaymentStatus.PENDING, payments=())
    for reports in ([paid, pending], [pending, paid]):
        shop = make_shop()
        for one in reports:
            apply(shop.id, one)
        assert queries.latest(shop_ids=[shop.id])[0].payment_status is PaymentStatus.PAID


def test_a_payment_seen_later_is_dated_with_its_report() -> None:
    shop = make_shop()
    apply(shop.id, report(0, payment_status=PaymentStatus.PENDING))
    apply(shop.id, report(30))
    assert Touchpoint.objects.get(shop_id=shop.id, kind="OrderPaid").at == after(30)


def test_pieces_that_come_before_their_order_wait_for_it() -> None:
    shop = make_shop()
    assert apply(shop.id, part(6, refunds=(refund(),), shipments=(shipment(),))) == Applied(updated=1)
    assert queries.latest(shop_ids=[shop.id]) == []
    assert facts(shop.id) == []
    assert apply(shop.id, report(1)) == Applied(new=1)
    assert kinds(shop.id) == ["OrderPlaced", "OrderPaid", "OrderShipped", "RefundIssued"]
    (card,) = queries.latest(shop_ids=[shop.id])
    assert [piece.amount for piece in card.refunds] == [4500]


def test_a_refund_is_announced_when_the_money_is_really_on_its_way() -> None:
    shop = make_shop()
    apply(shop.id, report(1), part(5, refunds=(refund(0),)))
    assert "RefundIssued" not in kinds(shop.id)
    apply(shop.id, report(6, refunds=(refund(4500),)))
    apply(shop.id, part(5, refunds=(refund(0),)))
    assert kinds(shop.id).count("RefundIssued") == 1
    assert Refund.objects.get(shop_id=shop.id).amount == 4500


def test_a_refund_without_a_currency_has_its_orders() -> None:
    shop = make_shop()
    apply(shop.id, part(5, refunds=(refund(0, currency=""),)))
    apply(shop.id, report(6))
    assert queries.latest(shop_ids=[shop.id])[0].refunds[0].currency == "PLN"


def test_what_a_shipment_reached_stays_reached() -> None:
    shop = make_shop()
    delivered = shipment(ShipmentStatus.DELIVERED, updated_at=after(9), delivered_at=after(8))
    apply(shop.id, report(1), part(9, shipments=(delivered,)))
    apply(shop.id, part(10, shipments=(shipment(ShipmentStatus.FAILED, updated_at=after(10)),)))
    apply(shop.id, part(4, shipments=(shipment(updated_at=after(4)),)))
    row = Shipment.objects.get(shop_id=shop.id)
    assert (row.status, row.shipped_at, row.delivered_at) == ("failed", after(3), after(8))
    assert kinds(shop.id) == ["OrderPlaced", "OrderPaid", "OrderShipped", "OrderDelivered"]


def test_cancelled_after_all_and_the_buyer_is_somebody_else() -> None:
    shop = make_shop()
    apply(shop.id, report(1))
    first = queries.latest(shop_ids=[shop.id])[0].customer_id
    other = Contact(name="Jan", email="jan@example.pl")
    apply(shop.id, report(2, status=OrderStatus.CANCELLED, contact=other))
    (card,) = queries.latest(shop_ids=[shop.id])
    assert card.customer_id not in {first, None}
    assert kinds(shop.id)[2:] == ["OrderCancelled", "OrderChanged"]


def test_an_order_of_nobody_known() -> None:
    shop = make_shop()
    apply(shop.id, report(1, contact=Contact(name="A guest")))
    assert queries.latest(shop_ids=[shop.id])[0].customer_id is None


def test_many_orders_of_one_person_in_one_batch() -> None:
    shop = make_shop()
    orders = [report(1, external_id=str(number)) for number in range(120)]
    assert apply(shop.id, *orders) == Applied(new=120)
    assert Customer.objects.filter(group_id=shop.group_id).count() == 1
    assert apply(shop.id, *orders) == Applied(unchanged=120)
    again = [replace(order, updated_at=after(2), note="x") for order in orders]
    assert apply(shop.id, *again) == Applied(updated=120)


def test_odd_but_possible_values() -> None:
    shop = make_shop()
    apply(shop.id, report(1, external_id="9" * 300, number="N" * 300, lines=(replace(MUG, name="M" * 2000),)))
    assert apply(shop.id, report(2, external_id="9" * 300, number="N" * 300)) == Applied(updated=1)


def test_shops_do_not_see_each_other() -> None:
    one, two = make_shop(), make_shop()
    apply(one.id, report(1))
    apply(two.id, report(1, note="two", refunds=(refund(),)))
    apply(two.id, report(2, note="two again"))
    (card,) = queries.latest(shop_ids=[one.id])
    assert (card.note, card.refunds) == ("", ())
    assert queries.by_number("1042", shop_ids=[one.id])[0].id == card.id
    assert queries.orders([card.id], shop_ids=[two.id]) == {}
    assert queries.search("1042", shop_ids=[]) == []
    assert Order.objects.filter(shop_id=two.id).count() == 1


HISTORY: list[OrderSnapshot | OrderPart] = [
    report(0, payment_status=PaymentStatus.PENDING, payments=()),
    report(1),
    report(1, payment_status=PaymentStatus.AUTHORISED),
    report(2, note="please ring"),
    part(3, shipments=(shipment(updated_at=after(3)),)),
    report(3, fulfilment_status=FulfilmentStatus.FULFILLED, shipments=(shipment(updated_at=after(3)),)),
    part(5, refunds=(refund(0),)),
    report(6, lines=(RUG,), refunds=(refund(),), shipments=(shipment(ShipmentStatus.OUT_FOR_DELIVERY),)),
    part(8, shipments=(shipment(ShipmentStatus.DELIVERED, updated_at=after(8), delivered_at=after(7.5)),)),
    report(9, status=OrderStatus.CANCELLED, payment_status=PaymentStatus.VOIDED, cancelled_at=after(9)),
    report(10, payment_status=PaymentStatus.REFUNDED, refunds=(refund(), refund(99, external_id="r2"))),
    report(11, paid_at=after(0.5), shipped_at=after(2.5)),
]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(st.sampled_from(range(len(HISTORY))), max_size=8).flatmap(
        lambda repeated: st.permutations([*range(len(HISTORY)), *repeated])
    ),
    size=st.integers(1, 20),
)
def test_any_order_and_repetition_of_reports(order: list[int], size: int) -> None:
    straight, shuffled = make_shop(), make_shop()
    for one in HISTORY:
        apply(straight.id, one)
    for at in range(0, len(order), size):
        apply(shuffled.id, *(HISTORY[number] for number in order[at : at + size]))
    assert stored(shuffled.id) == stored(straight.id)
    assert announced(shuffled.id) == announced(straight.id)
    assert max(announced(shuffled.id).values()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_with_the_same_orders_take_turns() -> None:
    shop = make_shop()
    orders = [
        report(1, external_id=str(number), contact=Contact(email=f"{number % 7}@example.pl"))
        for number in range(80)
    ]
    results: list[Applied] = []
    start = threading.Barrier(3)

    def bring(mine: list[OrderSnapshot]) -> None:
        try:
            start.wait(10)
            results.append(apply(shop.id, *mine))
        finally:
            connection.close()

    batches = (orders, orders[::-1], orders[20:60])
    threads = [threading.Thread(target=bring, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum((result.new for result in results), 0) == 80
    assert len(results) == 3
    assert Order.objects.filter(shop_id=shop.id).count() == 80
    assert Customer.objects.filter(group_id=shop.group_id).count() == 7
    assert kinds(shop.id).count("OrderPlaced") == 80
