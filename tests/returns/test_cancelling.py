"""A cancellation from the wish to the money: by the shop's system, by a person, too late, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from opieka.channels import commands as channels
from opieka.channels.types import AccountDetails, Sending
from opieka.clocks import queries as clocks
from opieka.clocks.types import Status
from opieka.conversations.models import Message
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.orders import commands as orders
from opieka.orders import jobs as order_jobs
from opieka.orders.connectors.changing import Answer
from opieka.orders.connectors.memory.client import Shelf
from opieka.orders.models import CancelRequest, Order
from opieka.orders.types import (
    CancelOutcome,
    FulfilmentStatus,
    OrderStatus,
    PaymentStatus,
    RefundState,
    ShipmentStatus,
)
from opieka.returns import commands, queries
from opieka.returns import jobs as case_jobs
from opieka.returns.types import CaseCard, CaseStatus, Chance, NextBest, ReturnsPreferences
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Failure, Touchpoint
from tests.factories import make_shop, make_staff
from tests.orders.building import after, refund, report, shipment

pytestmark = pytest.mark.django_db(transaction=True)
ANNA = Actor.customer(1)


@pytest.fixture(autouse=True)
def _reactions() -> None:
    reacting.begin()


def react() -> None:
    while reacting.run_all():
        pass
    assert not Failure.objects.exists()


def report_again(shop: ShopCard, hours: float = 1, **changes: Any) -> None:
    orders.apply_orders([report(hours, **changes)], shop_id=shop.id, source="memory", by=SYSTEM)
    react()


def an_order(*, connected: bool = True, **changes: Any) -> tuple[ShopCard, int]:
    shop = make_shop()
    details = AccountDetails(f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY)
    channels.open_account(shop.id, details=details, by=SYSTEM)
    if connected:
        orders.connect(shop.id, connector="memory", credentials={"shelf": "las"}, by=SYSTEM)
    report_again(shop, 0, **changes)
    return shop, Order.objects.get(shop_id=shop.id).pk


def ask(shop: ShopCard, order_id: int, by: Actor = ANNA) -> int:
    case_id = commands.ask_cancellation(order_id, shop_ids=[shop.id], by=by)
    react()
    return case_id


def let_the_shop_answer(*answers: Answer, shelf: Shelf) -> None:
    shelf.answers["5501"] = list(answers)
    order_jobs.cancel_in_shop(request_id=CancelRequest.objects.latest("id").pk)
    react()


def again(shop: ShopCard, case_id: int) -> CaseCard:
    return queries.case(case_id, shop_ids=[shop.id])


def told(shop: ShopCard) -> list[str]:
    return list(Message.objects.filter(shop_id=shop.id).order_by("id").values_list("text", flat=True))


def kinds(shop: ShopCard) -> list[str]:
    rows = Touchpoint.objects.filter(shop_id=shop.id, subject__startswith="case:").order_by("id")
    return list(rows.values_list("kind", flat=True))


def clock_of(shop: ShopCard, case_id: int) -> dict[str, Status]:
    return {one.kind: one.status for one in clocks.history(shop.id, f"case:{case_id}")}


def test_a_customer_cancels_and_gets_her_money(shelf: Shelf) -> None:
    shop, order_id = an_order()
    assert queries.cancellable(order_id, shop_ids=[shop.id]).chance is Chance.NOW
    case_id = ask(shop, order_id)
    assert again(shop, case_id).status is CaseStatus.WITH_SHOP
    assert ask(shop, order_id) == case_id

    done = Answer(outcome=CancelOutcome.CANCELLED, refund=RefundState.ON_ITS_WAY)
    let_the_shop_answer(Answer(outcome=None, reference="7"), done, shelf=shelf)
    let_the_shop_answer(done, shelf=shelf)
    card = again(shop, case_id)
    assert (card.status, card.refund, card.refunded_at) == (
        CaseStatus.CANCELLED,
        RefundState.ON_ITS_WAY,
        None,
    )
    (text,) = told(shop)
    assert "#1042" in text
    assert card.conversation_id is not None
    assert clock_of(shop, case_id) == {
        "cancellation_answer": Status.SATISFIED,
        "cancellation_refund": Status.RUNNING,
    }

    report_again(shop, 2, status=OrderStatus.CANCELLED, cancelled_at=after(2))
    with pytest.raises(commands.AlreadyCancelled):
        ask(shop, order_id)
    report_again(shop, 3, refunds=(refund(4500),))
    assert again(shop, case_id).refunded_at is None
    report_again(shop, 4, refunds=(refund(4500), refund(21480, external_id="r2")))
    assert again(shop, case_id).refunded_at is not None
    assert clock_of(shop, case_id)["cancellation_refund"] is Status.SATISFIED
    assert kinds(shop) == ["CancellationAsked", "CancellationGranted", "CancellationRefunded"]
    assert len(told(shop)) == 1


def test_what_has_left_is_answered_at_once(shelf: Shelf) -> None:
    shop, order_id = an_order(fulfilment_status=FulfilmentStatus.FULFILLED, shipments=(shipment(),))
    found = queries.cancellable(order_id, shop_ids=[shop.id])
    assert (found.chance, found.next_best[0]) == (Chance.TOO_LATE, NextBest.REFUSE_AT_DOOR)
    card = again(shop, ask(shop, order_id))
    assert card.status is CaseStatus.TOO_LATE
    assert NextBest.RETURN in card.next_best
    assert not CancelRequest.objects.exists()
    assert len(told(shop)) == 1


def test_what_has_partly_left_is_for_a_person(shelf: Shelf) -> None:
    shop, order_id = an_order(fulfilment_status=FulfilmentStatus.PARTIAL, shipments=(shipment(),))
    case_id = ask(shop, order_id)
    assert (again(shop, case_id).status, again(shop, case_id).why) == (CaseStatus.WITH_PERSON, "partly_sent")
    assert queries.waiting([shop.id]) == 1
    commands.settle(case_id, cancelled=True, refund=RefundState.BY_HAND, shop_ids=[shop.id], by=SYSTEM)
    react()
    assert again(shop, case_id).status is CaseStatus.CANCELLED
    with pytest.raises(commands.CaseMovedOn):
        commands.settle(case_id, cancelled=False, shop_ids=[shop.id], by=SYSTEM)
    assert len(told(shop)) == 2  # that somebody looks, and what came of it


def test_after_the_shops_own_hour_a_person_decides(shelf: Shelf) -> None:
    shop, order_id = an_order()
    shops.set_preferences(shop.id, value=ReturnsPreferences(cancel_hours=1), by=SYSTEM)
    with clock.fixed(after(2)):
        case_id = ask(shop, order_id)
    assert again(shop, case_id).why == "after_cut_off"
    commands.settle(case_id, cancelled=False, shop_ids=[shop.id], by=SYSTEM)
    assert again(shop, case_id).status is CaseStatus.TOO_LATE


def test_without_a_system_to_ask_a_person_decides() -> None:
    shop, order_id = an_order(connected=False)
    case_id = ask(shop, order_id)
    assert (again(shop, case_id).status, again(shop, case_id).why) == (CaseStatus.WITH_PERSON, "no_connector")


def test_the_shop_says_it_is_too_late(shelf: Shelf) -> None:
    shop, order_id = an_order()
    case_id = ask(shop, order_id)
    let_the_shop_answer(Answer(outcome=CancelOutcome.TOO_LATE), shelf=shelf)
    card = again(shop, case_id)
    assert (card.status, card.next_best[0]) == (CaseStatus.TOO_LATE, NextBest.REFUSE_AT_DOOR)


def test_staff_can_take_it_back_for_some_seconds(shelf: Shelf) -> None:
    shop, order_id = an_order()
    agent = Actor.staff(make_staff(shop))
    case_id = ask(shop, order_id, by=agent)
    assert again(shop, case_id).status is CaseStatus.ASKED
    (job,) = ProcrastinateJob.objects.filter(task_name="returns.ask_shop")
    assert job.scheduled_at > clock.now()
    commands.take_back(case_id, shop_ids=[shop.id], by=agent)
    case_jobs.ask_shop(case_id=case_id, shop_id=shop.id)
    assert again(shop, case_id).status is CaseStatus.TAKEN_BACK
    assert not CancelRequest.objects.exists()

    second = ask(shop, order_id, by=agent)
    case_jobs.ask_shop(case_id=second, shop_id=shop.id)
    assert again(shop, second).status is CaseStatus.WITH_SHOP
    with pytest.raises(commands.CaseMovedOn):
        commands.take_back(second, shop_ids=[shop.id], by=agent)


def test_it_leaves_while_the_wish_waits(shelf: Shelf) -> None:
    shop, order_id = an_order()
    case_id = ask(shop, order_id, by=Actor.staff(make_staff(shop)))
    report_again(shop, 1, fulfilment_status=FulfilmentStatus.FULFILLED, shipments=(shipment(),))
    assert again(shop, case_id).status is CaseStatus.TOO_LATE
    case_jobs.ask_shop(case_id=case_id, shop_id=shop.id)
    assert not CancelRequest.objects.exists()


def test_the_shop_cancels_by_itself_meanwhile(shelf: Shelf) -> None:
    shop, order_id = an_order(total=0, payments=(), payment_status=PaymentStatus.PENDING, connected=False)
    case_id = ask(shop, order_id)
    unpaid: dict[str, Any] = {"total": 0, "payments": (), "payment_status": PaymentStatus.PENDING}
    report_again(shop, 1, status=OrderStatus.CANCELLED, cancelled_at=after(1), **unpaid)
    card = again(shop, case_id)
    assert (card.status, card.refund) == (CaseStatus.CANCELLED, RefundState.NOT_DUE)
    assert "cancellation_refund" not in clock_of(shop, case_id)


def test_a_pending_shipment_has_not_left(shelf: Shelf) -> None:
    shop, order_id = an_order(shipments=(shipment(ShipmentStatus.PENDING, shipped_at=None),))
    assert queries.cancellable(order_id, shop_ids=[shop.id]).chance is Chance.NOW


def test_cases_belong_to_their_shop(shelf: Shelf) -> None:
    shop, order_id = an_order()
    other = make_shop()
    with pytest.raises(NotFound):
        commands.ask_cancellation(order_id, shop_ids=[other.id], by=ANNA)
    case_id = ask(shop, order_id)
    with pytest.raises(NotFound):
        queries.case(case_id, shop_ids=[other.id])
    with pytest.raises(NotFound):
        commands.take_back(case_id, shop_ids=[other.id], by=ANNA)
    assert queries.cases([other.id], limit=10) == []


def test_one_open_case_however_many_ask(shelf: Shelf) -> None:
    shop, order_id = an_order()
    assert len({ask(shop, order_id) for _ in range(3)}) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM returns_case")
        assert cursor.fetchone() == (1,)


def test_nobody_answers_and_the_clock_says_so(shelf: Shelf) -> None:
    from opieka.clocks import commands as ticking

    shop, order_id = an_order()
    case_id = ask(shop, order_id)
    with clock.fixed(clock.now() + timedelta(minutes=20)):
        ticking.sweep()
    assert clock_of(shop, case_id)["cancellation_answer"] is Status.BREACHED


def test_the_shops_word_on_the_money_is_waited_for(shelf: Shelf) -> None:
    """Its webhook is often faster than its answer to us, and knows nothing of the refund yet."""
    shop, order_id = an_order()
    case_id = ask(shop, order_id)
    report_again(shop, 1, status=OrderStatus.CANCELLED, cancelled_at=after(1))
    assert again(shop, case_id).status is CaseStatus.WITH_SHOP
    done = Answer(outcome=CancelOutcome.CANCELLED, refund=RefundState.ON_ITS_WAY)
    let_the_shop_answer(done, shelf=shelf)
    assert again(shop, case_id).refund is RefundState.ON_ITS_WAY
    assert len(told(shop)) == 1


def test_whose_language_is_not_known_is_written_to_in_the_shops(shelf: Shelf) -> None:
    shop, order_id = an_order()
    ask(shop, order_id)
    let_the_shop_answer(Answer(outcome=CancelOutcome.CANCELLED), shelf=shelf)
    assert "zamówienie" in told(shop)[0].casefold()
