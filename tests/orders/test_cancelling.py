"""A shop's system is asked to cancel: once, step by step, and what it answers is announced once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from opieka.kernel import clock, outbound
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.orders import commands, jobs, queries
from opieka.orders.connectors.base import Context, Refused
from opieka.orders.connectors.changing import Answer, Canceller
from opieka.orders.connectors.memory.client import Shelf
from opieka.orders.connectors.shopify.cancelling import ShopifyOrders
from opieka.orders.connectors.woocommerce.cancelling import WooCommerceOrders
from opieka.orders.models import CancelRequest, Order
from opieka.orders.types import CancelOutcome, RefundState
from opieka.shops.types import ShopCard
from tests.factories import make_shop
from tests.orders.building import facts, report

Reply = Callable[[httpx.Request], httpx.Response]
CANCELLED, TOO_LATE, PERSON = CancelOutcome.CANCELLED, CancelOutcome.TOO_LATE, CancelOutcome.NEEDS_PERSON


def shopify(answer: Reply) -> Canceller:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return ShopifyOrders({"domain": "las", "access_token": "shpat_1"}, Context(), http)


def standing(cancelled: str | None = None, sent: str = "UNFULFILLED", paid: str = "PAID") -> dict[str, Any]:
    """After shopify.dev, GraphQL Admin API 2025-10, object Order."""
    order = {"cancelledAt": cancelled, "displayFulfillmentStatus": sent, "displayFinancialStatus": paid}
    return {"data": {"order": order}}


def begun(*errors: dict[str, str]) -> dict[str, Any]:
    """After shopify.dev, GraphQL Admin API 2025-10, OrderCancelPayload."""
    job = None if errors else {"id": "gid://shopify/Job/7", "done": False}
    return {"data": {"orderCancel": {"job": job, "orderCancelUserErrors": list(errors)}}}


class Script:
    """A Shopify that gives these answers in turn; what it was asked is kept."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers, self.asked = list(answers), list[dict[str, Any]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/admin/api/2025-10/graphql.json"
        assert request.headers["x-shopify-access-token"] == "shpat_1"
        self.asked.append(json.loads(request.content))
        return httpx.Response(200, json=self.answers.pop(0))


def test_shopify_cancels_in_the_background_and_is_asked_again() -> None:
    script = Script(standing(), begun())
    first = shopify(script).cancel("450", reference="")
    assert first == Answer(outcome=None, reference="gid://shopify/Job/7")
    assert "originalPaymentMethodsRefund: true" in script.asked[1]["query"]
    assert script.asked[1]["variables"] == {"id": "gid://shopify/Order/450"}

    working = Script(standing(), {"data": {"job": {"done": False}}})
    assert shopify(working).cancel("450", reference=first.reference) == first
    done = Script(standing(cancelled="2026-11-02T10:00:00Z", paid="REFUNDED"))
    then = shopify(done).cancel("450", reference=first.reference)
    assert (then.outcome, then.refund) == (CANCELLED, RefundState.ON_ITS_WAY)


def test_nobody_pays_by_hand_while_shopify_is_still_paying_back() -> None:
    cancelled = standing(cancelled="2026-11-02T10:00:00Z", paid="PAID")
    at_work = Script(cancelled, {"data": {"job": {"done": False}}})
    assert shopify(at_work).cancel("450", reference="gid://shopify/Job/7").outcome is None
    ended = Script(cancelled, {"data": {"job": {"done": True}}})
    assert shopify(ended).cancel("450", reference="gid://shopify/Job/7").refund is RefundState.BY_HAND


@pytest.mark.parametrize(
    ("answers", "outcome", "refund"),
    [
        ([standing(cancelled="2026-11-02T10:00:00Z", paid="PAID")], CANCELLED, RefundState.BY_HAND),
        ([standing(cancelled="2026-11-02T10:00:00Z", paid="VOIDED")], CANCELLED, RefundState.NOT_DUE),
        ([standing(sent="FULFILLED")], TOO_LATE, RefundState.NOT_DUE),
        ([standing(sent="PARTIALLY_FULFILLED")], TOO_LATE, RefundState.NOT_DUE),
        ([standing(), begun({"code": "INVALID", "message": "has returns"})], PERSON, RefundState.NOT_DUE),
    ],
)
def test_what_shopify_says_of_an_order(
    answers: list[dict[str, Any]], outcome: CancelOutcome, refund: RefundState
) -> None:
    answer = shopify(Script(*answers)).cancel("450", reference="")
    assert (answer.outcome, answer.refund) == (outcome, refund)


def test_a_shopify_job_that_ends_without_cancelling_needs_a_person() -> None:
    script = Script(standing(), {"data": {"job": {"done": True}}}, standing())
    answer = shopify(script).cancel("450", reference="gid://shopify/Job/7")
    assert (answer.outcome, answer.why) == (PERSON, "shop_refused")


@pytest.mark.parametrize(
    ("code", "error", "says"),
    [
        ("THROTTLED", outbound.Busy, "10 s"),
        ("ACCESS_DENIED", Refused, "not_allowed"),
        ("INTERNAL_SERVER_ERROR", Refused, "answer"),
    ],
)
def test_shopify_refuses_the_question_itself(code: str, error: type[Exception], says: str) -> None:
    problem = {"message": "No.", "extensions": {"code": code}}
    with pytest.raises(error, match=says):
        shopify(Script({"errors": [problem]})).cancel("450", reference="")


def woo(answer: Reply) -> Canceller:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    keys = {"url": "sklep.example", "consumer_key": "ck", "consumer_secret": "cs"}
    return WooCommerceOrders(keys, Context(), http)


class Site:
    """A WooCommerce with one order, after its REST documentation (orders, order refunds)."""

    def __init__(self, status: str = "processing", *, paid: bool = True, gateway: int = 201) -> None:
        self.order: dict[str, Any] = {
            "id": 727,
            "status": status,
            "total": "29.35",
            "date_paid": "2026-11-02T10:00:00" if paid else None,
            "refunds": [],
        }
        self.gateway, self.posted = gateway, list[Any]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"].startswith("Basic ")
        if request.method == "POST":
            assert request.url.path == "/wp-json/wc/v3/orders/727/refunds"
            self.posted.append(json.loads(request.content))
            if self.gateway == 0:
                raise httpx.ReadTimeout("lost")
            if self.gateway == 201:
                self.order["refunds"].append({"id": 726, "total": "-29.35"})
            return httpx.Response(self.gateway, json={"id": 726})
        if request.method == "PUT":
            self.order.update(json.loads(request.content))
        return httpx.Response(200, json=self.order)


def twice(site: Site) -> Answer:
    first = woo(site).cancel("727", reference="")
    return first if first.outcome else woo(site).cancel("727", reference=first.reference)


def test_woocommerce_stops_the_order_then_pays_back_once() -> None:
    site = Site()
    first = woo(site).cancel("727", reference="")
    assert (first.outcome, site.order["status"], site.posted) == (None, "cancelled", [])
    for _ in range(2):  # the second time as after a lost answer
        answer = woo(site).cancel("727", reference=first.reference)
        assert (answer.outcome, answer.refund) == (CANCELLED, RefundState.ON_ITS_WAY)
    assert site.posted == [{"amount": "29.35", "api_refund": True}]


@pytest.mark.parametrize(
    ("site", "outcome", "refund"),
    [
        (Site(paid=False), CANCELLED, RefundState.NOT_DUE),
        (Site(gateway=500), CANCELLED, RefundState.BY_HAND),
        (Site(gateway=0), CANCELLED, RefundState.BY_HAND),
        (Site("cancelled"), CANCELLED, RefundState.BY_HAND),  # by the shop, who may have paid back elsewhere
        (Site("refunded"), CANCELLED, RefundState.ON_ITS_WAY),
        (Site("completed"), TOO_LATE, RefundState.NOT_DUE),
        (Site("wc-being-packed"), PERSON, RefundState.NOT_DUE),
    ],
)
def test_what_woocommerce_says_of_an_order(site: Site, outcome: CancelOutcome, refund: RefundState) -> None:
    answer = twice(site)
    assert (answer.outcome, answer.refund) == (outcome, refund)


def an_order(*, connected: bool = True) -> tuple[ShopCard, int]:
    shop = make_shop()
    if connected:
        commands.connect(shop.id, connector="memory", credentials={"shelf": "las"}, by=SYSTEM)
    commands.apply_orders([report()], shop_id=shop.id, source="memory", by=SYSTEM)
    return shop, Order.objects.get(shop_id=shop.id).pk


def answered(shop: ShopCard) -> list[dict[str, Any]]:
    return [data for kind, data in facts(shop.id) if kind == "CancellationAnswered"]


def jobs_waiting() -> int:
    return ProcrastinateJob.objects.filter(task_name="orders.cancel_in_shop", status="todo").count()


@pytest.mark.django_db
def test_the_answer_is_announced_once(shelf: Shelf) -> None:
    shop, order_id = an_order()
    shelf.answers["5501"] = [
        Answer(outcome=None, reference="job 7"),
        Answer(outcome=CANCELLED, refund=RefundState.ON_ITS_WAY),
    ]
    request_id = commands.ask_to_cancel(order_id, shop_id=shop.id, by=SYSTEM)
    assert commands.ask_to_cancel(order_id, shop_id=shop.id, by=SYSTEM) == request_id
    for _ in range(4):
        jobs.cancel_in_shop(request_id=request_id)
    assert [(told["outcome"], told["refund"]) for told in answered(shop)] == [("cancelled", "on_its_way")]
    assert CancelRequest.objects.get(id=request_id).reference == "job 7"


@pytest.mark.django_db
def test_where_nobody_can_be_asked_a_person_is_needed_at_once(shelf: Shelf) -> None:
    shop, order_id = an_order(connected=False)
    commands.ask_to_cancel(order_id, shop_id=shop.id, by=SYSTEM)
    assert [(told["outcome"], told["why"]) for told in answered(shop)] == [("needs_person", "no_connector")]
    with pytest.raises(NotFound):
        commands.ask_to_cancel(order_id, shop_id=make_shop().id, by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "why"), [(Refused("unreachable"), "unreachable"), (outbound.Busy(30), "busy")]
)
def test_a_shop_that_is_down_is_asked_for_some_minutes(shelf: Shelf, trouble: Exception, why: str) -> None:
    shop, order_id = an_order()
    shelf.answers["5501"] = [trouble]
    request_id = commands.ask_to_cancel(order_id, shop_id=shop.id, by=SYSTEM)
    jobs.cancel_in_shop(request_id=request_id)
    assert (answered(shop), jobs_waiting()) == ([], 2)
    with clock.fixed(clock.now() + timedelta(minutes=9)):
        jobs.cancel_in_shop(request_id=request_id)
    assert [(told["outcome"], told["why"]) for told in answered(shop)] == [("needs_person", why)]


@pytest.mark.django_db
def test_keys_that_may_not_write_need_a_person_at_once(shelf: Shelf) -> None:
    shop, order_id = an_order()
    shelf.answers["5501"] = [Refused("not_allowed", "write_orders")]
    jobs.cancel_in_shop(request_id=commands.ask_to_cancel(order_id, shop_id=shop.id, by=SYSTEM))
    assert [(told["outcome"], told["why"]) for told in answered(shop)] == [("needs_person", "not_allowed")]


@pytest.mark.django_db
def test_a_shop_disconnected_meanwhile_needs_a_person(shelf: Shelf) -> None:
    shop, order_id = an_order()
    request_id = commands.ask_to_cancel(order_id, shop_id=shop.id, by=SYSTEM)
    (connection,) = queries.connections([shop.id])
    commands.disconnect(connection.id, shop_id=shop.id, by=SYSTEM)
    jobs.cancel_in_shop(request_id=request_id)
    assert [told["why"] for told in answered(shop)] == ["no_connector"]
