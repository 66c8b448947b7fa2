"""Discount codes: written into the shop's system once, taken out, learned of when an order was paid with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from opieka.kernel import clock, outbound
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands, jobs, queries
from opieka.orders.connectors.base import Context, Refused
from opieka.orders.connectors.changing import CodeAnswer, Discounter
from opieka.orders.connectors.memory.client import SHELVES, Shelf
from opieka.orders.connectors.shopify.discounting import ShopifyDiscounts
from opieka.orders.connectors.woocommerce.discounting import WooCommerceDiscounts
from opieka.orders.models import DiscountRequest, Order
from opieka.orders.types import Discount
from opieka.shops.types import ShopCard
from opieka.timeline.models import Touchpoint
from tests.factories import make_shop
from tests.orders.building import facts, report

UNTIL = datetime(2027, 2, 1, 11, tzinfo=UTC)
TWENTY = Discount(code="7KQX-B2MR-TD9W", amount=2_000, per_cent=0, currency="PLN", valid_until=UNTIL)
BUSY = CodeAnswer(outcome=None, why="busy")
TENTH = Discount(code="8KQX-B2MR-TD9W", amount=0, per_cent=10, currency="PLN", valid_until=UNTIL)


class Shopify:
    """A Shopify with its codes, after shopify.dev, GraphQL Admin API 2025-10."""

    def __init__(self) -> None:
        self.codes, self.made = dict[str, str](), list[dict[str, Any]]()
        self.refusal: dict[str, str] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/admin/api/2025-10/graphql.json"
        asked = json.loads(request.content)
        return httpx.Response(200, json={"data": self._answer(asked["query"], asked["variables"])})

    def _answer(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        if "codeDiscountNodeByCode" in query:
            node = self.codes.get(given["code"])
            return {"codeDiscountNodeByCode": {"id": node} if node else None}
        if "discountCodeDelete" in query:
            self.codes = {code: node for code, node in self.codes.items() if node != given["id"]}
            return {"discountCodeDelete": {"deletedCodeDiscountId": given["id"], "userErrors": []}}
        errors = [self.refusal] if self.refusal else []
        if not errors:
            self.made.append(given["given"])
            self.codes[given["given"]["code"]] = f"gid://shopify/DiscountCodeNode/{len(self.made)}"
        return {"discountCodeBasicCreate": {"codeDiscountNode": None, "userErrors": errors}}

    def discounter(self) -> Discounter:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return ShopifyDiscounts({"domain": "las", "access_token": "shpat_1"}, Context(), http)


class Woo:
    """A WooCommerce with its coupons, after its REST documentation; it keeps codes in lower case."""

    def __init__(self) -> None:
        self.codes, self.made = dict[str, int](), list[dict[str, Any]]()
        self.lost = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"].startswith("Basic ")
        if request.method == "DELETE":
            assert request.url.params["force"] == "true"
            number = int(request.url.path.rpartition("/")[2])
            self.codes = {code: pk for code, pk in self.codes.items() if pk != number}
            return httpx.Response(200, json={"id": number})
        if request.method == "POST":
            given = json.loads(request.content)
            self.made.append(given)
            self.codes[given["code"].lower()] = 700 + len(self.made)
            if self.lost:
                raise httpx.ReadTimeout("lost")
            return httpx.Response(201, json={"id": 701})
        code = request.url.params["code"].lower()
        found = [{"id": self.codes[code], "code": code}] if code in self.codes else []
        return httpx.Response(200, json=found)

    def discounter(self) -> Discounter:
        http = httpx.Client(transport=httpx.MockTransport(self))
        keys = {"url": "sklep.example", "consumer_key": "ck", "consumer_secret": "cs"}
        return WooCommerceDiscounts(keys, Context(), http)


class Memory:
    """The shop in this process."""

    def __init__(self) -> None:
        self.shelf = Shelf()

    @property
    def codes(self) -> dict[str, Discount]:
        return self.shelf.discounts

    def discounter(self) -> Discounter:
        from opieka.orders.connectors.memory.client import Memory as Client

        SHELVES["codes"] = self.shelf
        return Client({"shelf": "codes"}, Context(), httpx.Client())


@pytest.mark.parametrize("kind", [Shopify, Woo, Memory])
def test_every_source_has_a_code_once_and_forgets_it(kind: Callable[[], Any]) -> None:
    shop = kind()
    for _ in range(2):  # the second time as after a lost answer, or a killed job
        shop.discounter().write(TWENTY)
        shop.discounter().write(TENTH)
    assert len(shop.codes) == 2
    assert len(getattr(shop, "made", shop.codes)) == 2
    for _ in range(2):
        shop.discounter().remove(TWENTY.code)
    assert [code.upper() for code in shop.codes] == [TENTH.code]


def test_what_the_sources_are_told(noon: datetime) -> None:
    shopify, woo = Shopify(), Woo()
    for discount in (TWENTY, TENTH):
        shopify.discounter().write(discount)
        woo.discounter().write(discount)
    first, second = shopify.made
    assert first["customerGets"]["value"] == {
        "discountAmount": {"amount": "20.00", "appliesOnEachItem": False}
    }
    assert second["customerGets"]["value"] == {"percentage": 0.1}
    assert (first["usageLimit"], first["endsAt"], first["startsAt"]) == (
        1, "2027-02-01T11:00:00+00:00", noon.isoformat(),
    )  # fmt: skip
    assert [(one["discount_type"], one["amount"], one["usage_limit"]) for one in woo.made] == [
        ("fixed_cart", "20.00", 1),
        ("percent", "10", 1),
    ]
    assert woo.made[0]["date_expires_gmt"] == "2027-02-01T11:00:00"


def test_who_asks_at_the_same_moment_and_what_is_refused() -> None:
    shopify, woo = Shopify(), Woo()
    shopify.refusal = {"code": "TAKEN", "message": "Code must be unique."}
    shopify.discounter().write(TWENTY)
    shopify.refusal = {"code": "INVALID", "message": "No."}
    with pytest.raises(Refused, match="shop_refused"):
        shopify.discounter().write(TWENTY)
    woo.lost = True
    woo.discounter().write(TWENTY)
    assert len(woo.made) == 1


def selling(*, connected: bool = True) -> ShopCard:
    shop = make_shop()
    if connected:
        commands.connect(shop.id, connector="memory", credentials={"shelf": "las"}, by=SYSTEM)
    return shop


def honour(shop: ShopCard) -> int:
    commands.ask_to_honour(TWENTY, about="coupon:5", shop_id=shop.id, by=SYSTEM)
    return DiscountRequest.objects.get(shop_id=shop.id).pk


def answers(shop: ShopCard) -> list[tuple[str, bool, str]]:
    told = Touchpoint.objects.filter(shop_id=shop.id, kind="DiscountAnswered", subject="coupon:5")
    found = told.order_by("id").values_list("data", flat=True)
    return [(one["outcome"], one["removing"], one["why"]) for one in found]


@pytest.mark.django_db
def test_a_code_is_written_and_taken_out_and_each_is_announced_once(shelf: Shelf) -> None:
    shop = selling()
    request_id = honour(shop)
    assert honour(shop) == request_id
    for _ in range(2):
        jobs.write_code(request_id=request_id)
    assert list(shelf.discounts) == [TWENTY.code]
    for _ in range(2):
        commands.ask_to_forget(TWENTY.code, shop_id=shop.id, by=SYSTEM)
        jobs.write_code(request_id=request_id)
    assert (list(shelf.discounts), answers(shop)) == ([], [("written", False, ""), ("removed", True, "")])


@pytest.mark.django_db
def test_an_answer_to_a_wish_that_was_taken_back_is_none(shelf: Shelf) -> None:
    shop = selling()
    request_id = honour(shop)
    commands.ask_to_forget(TWENTY.code, shop_id=shop.id, by=SYSTEM)
    commands.note_discount(request_id, removing=False, answer=BUSY, by=SYSTEM)
    assert answers(shop) == []
    jobs.write_code(request_id=request_id)
    assert answers(shop) == [("removed", True, "")]
    commands.ask_to_forget("NO SUCH CODE", shop_id=shop.id, by=SYSTEM)


@pytest.mark.django_db
def test_what_cannot_be_written_is_left_to_a_person(shelf: Shelf) -> None:
    nobody = selling(connected=False)
    honour(nobody)
    assert answers(nobody) == [("needs_person", False, "no_connector")]
    shop = selling()
    shelf.trouble = Refused("not_allowed", "write_discounts")
    jobs.write_code(request_id=honour(shop))
    assert answers(shop) == [("needs_person", False, "not_allowed")]
    parted = selling()
    request_id = honour(parted)
    (connection,) = queries.connections([parted.id])
    commands.disconnect(connection.id, shop_id=parted.id, by=SYSTEM)
    jobs.write_code(request_id=request_id)
    assert answers(parted) == [("needs_person", False, "no_connector")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "why"), [(Refused("unreachable"), "unreachable"), (outbound.Busy(30), "busy")]
)
def test_a_shop_that_is_down_is_asked_for_an_hour(shelf: Shelf, trouble: Exception, why: str) -> None:
    shop = selling()
    shelf.trouble = trouble
    request_id = honour(shop)
    jobs.write_code(request_id=request_id)
    assert answers(shop) == []
    with clock.fixed(clock.now() + timedelta(minutes=61)):
        jobs.write_code(request_id=request_id)
    assert answers(shop) == [("needs_person", False, why)]


@pytest.mark.django_db
def test_codes_an_order_was_paid_with_are_announced_when_they_are_new() -> None:
    shop = make_shop()

    def told(hours: float, *codes: str) -> int:
        snapshot = report(hours, discount_codes=codes)
        commands.apply_orders([snapshot], shop_id=shop.id, source="shopify", by=SYSTEM)
        return sum(kind == "OrderDiscounted" for kind, _data in facts(shop.id))

    assert [told(0), told(1, "A"), told(1, "A"), told(2, "A"), told(3, "A", "B"), told(1.5, "C")] == [
        0,
        1,
        1,
        1,
        2,
        2,
    ]
    order_id = Order.objects.get(shop_id=shop.id).pk
    assert queries.discount_codes(order_id, shop_id=shop.id) == ["A", "B"]
    assert queries.order(order_id, shop_ids=[shop.id]).discount_codes == ("A", "B")
