"""What holds for every connector, and what each asks of the network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.kernel import outbound
from opieka.orders.connectors import CONNECTORS
from opieka.orders.connectors.base import Context, Refused, Unreadable, signature_holds
from opieka.orders.connectors.shopify.client import Shopify, pause
from opieka.orders.connectors.woocommerce.client import WooCommerce
from tests.orders.shapes import shopify_order, woocommerce_order

CONTEXT = Context(currency="PLN")
SHOPIFY = {"domain": "las", "access_token": "shpat_1", "webhook_secret": "s"}
WOO = {
    "url": "https://sklep.example/shop/",
    "consumer_key": "ck",
    "consumer_secret": "cs",
    "webhook_secret": "s",
}
Answer = Callable[[httpx.Request], httpx.Response]

TOPICS = ["orders/create", "refunds/create", "fulfillments/update", "products/update", "order.updated"]
KEYS = [
    "id",
    "currency",
    "created_at",
    "date_created",
    "line_items",
    "customer",
    "billing",
    "refunds",
    "fulfillments",
    "transactions",
    "total_price",
    "total",
    "meta_data",
    "status",
    "quantity",
    "updated_at",
    "variants",
    "title",
    "name",
    "order_id",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda connector: connector.name)
class TestEveryConnector:
    def test_does_what_it_says(self, connector: Any) -> None:
        can = connector.capabilities
        assert can.webhooks is (connector.read is not None)
        assert can.backfill is (connector.connect is not None)
        assert can.files is (connector.open is not None)
        assert can.webhooks is bool(can.signature_header and can.topic_header and can.delivery_header)
        assert can.webhooks is ("webhook_secret" in can.credentials)

    @given(
        topic=st.sampled_from(["orders/create", "order.updated", "products/update", "x", ""]), raw=st.binary()
    )
    def test_never_breaks_on_what_it_reads(self, connector: Any, topic: str, raw: bytes) -> None:
        if connector.read:
            with suppress(Unreadable):
                connector.read(topic, raw, CONTEXT)

    @given(document=DOCUMENTS)
    def test_never_breaks_on_what_is_json(self, connector: Any, document: Any) -> None:
        raw = json.dumps(document).encode()
        for topic in TOPICS:
            if connector.read:
                with suppress(Unreadable):
                    connector.read(topic, raw, CONTEXT)


def signed(raw: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def test_a_signature_vector() -> None:
    # printf '{"id":1}' | openssl dgst -sha256 -hmac hush -binary | base64
    assert signature_holds("VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=", b'{"id":1}', "hush")


@given(raw=st.binary(), secret=st.text(min_size=1))
def test_signatures(raw: bytes, secret: str) -> None:
    header = signed(raw, secret)
    assert signature_holds(header, raw, secret)
    assert not signature_holds(header, raw + b" ", secret)
    assert not signature_holds(header, raw, secret + "x")
    assert not signature_holds("", raw, secret)
    assert not signature_holds(header, raw, "")
    assert not signature_holds("not base64 ł", raw, secret)


def http(answer: Answer) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited; nothing really waits."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_shopify_follows_the_link_header(naps: list[float]) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path.endswith("count.json"):
            return httpx.Response(200, json={"count": 3})
        if "page_info" in request.url.params:
            return httpx.Response(200, json={"orders": [shopify_order(id=3)]})
        link = '<https://las.myshopify.com/admin/api/x/orders.json?limit=250&page_info=abc>; rel="next"'
        return httpx.Response(
            200,
            json={"orders": [shopify_order(id=1), {"id": 2}]},
            headers={"Link": link, "X-Shopify-Shop-Api-Call-Limit": "36/40"},
        )

    shop = Shopify(SHOPIFY, CONTEXT, http(answer))
    page = shop.orders("", since=datetime(2026, 11, 1, tzinfo=UTC))
    assert (page.total, page.cursor) == (3, "abc")
    assert [order.external_id for order in page.reading.orders] == ["1"]
    assert len(page.reading.notices) == 1  # the second had nothing an order needs
    last = shop.orders(page.cursor, since=datetime(2026, 11, 1, tzinfo=UTC))
    assert (last.total, last.cursor) == (None, "")
    count, first, second = asked
    assert (
        count.url.params["updated_at_min"]
        == first.url.params["updated_at_min"]
        == "2026-11-01T00:00:00+00:00"
    )
    assert (first.url.host, first.url.params["status"]) == ("las.myshopify.com", "any")
    assert first.headers["x-shopify-access-token"] == "shpat_1"
    assert dict(second.url.params) == {"limit": "250", "page_info": "abc"}
    assert naps == [pytest.approx(2.0)]


@pytest.mark.parametrize(
    ("told", "seconds"), [("1/40", 0), ("32/40", 0), ("40/40", 4), ("400/400", 4), ("", 0), ("x/0", 0)]
)
def test_the_bucket_is_left_a_fifth_empty(told: str, seconds: float) -> None:
    assert pause(told) == pytest.approx(seconds)


def test_a_forgotten_cursor_has_its_own_name() -> None:
    shop = Shopify(SHOPIFY, CONTEXT, http(lambda request: httpx.Response(400, text="page_info")))
    with pytest.raises(Refused) as refused:
        shop.orders("abc", since=None)
    assert refused.value.reason == "cursor_expired"


def test_waits_as_long_as_it_is_told(naps: list[float]) -> None:
    answers = iter([
        httpx.Response(429, headers={"Retry-After": "2.0"}),
        httpx.Response(503),
        httpx.Response(200, json={"products": []}),
    ])  # fmt: skip
    assert Shopify(SHOPIFY, CONTEXT, http(lambda request: next(answers))).products("").cursor == ""
    assert naps == [2.0, 2.0]


def test_does_not_wait_for_an_hour(naps: list[float]) -> None:
    client = http(lambda request: httpx.Response(429, headers={"Retry-After": "3600"}))
    with pytest.raises(outbound.Busy) as busy:
        Shopify(SHOPIFY, CONTEXT, client).products("")
    assert (busy.value.seconds, naps) == (3600, [])


def test_woocommerce_counts_its_pages() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        number = int(request.url.params["page"])
        headers = {"X-WP-Total": "2", "X-WP-TotalPages": "2"}
        return httpx.Response(200, json=[woocommerce_order(id=number)], headers=headers)

    site = WooCommerce(WOO, CONTEXT, http(answer))
    page = site.orders("", since=datetime(2026, 11, 1, tzinfo=UTC))
    assert (page.cursor, page.total) == ("2", 2)
    last = site.orders(page.cursor, since=None)
    assert last.cursor == ""
    assert [o.external_id for o in (*page.reading.orders, *last.reading.orders)] == ["1", "2"]
    first = asked[0]
    assert first.url.path == "/shop/wp-json/wc/v3/orders"
    assert first.url.params["modified_after"] == "2026-11-01T00:00:00"
    assert first.headers["authorization"] == "Basic " + base64.b64encode(b"ck:cs").decode()


def test_woocommerce_asks_for_the_variations_of_a_variable_product() -> None:
    product = {"id": 9, "name": "Koc", "type": "variable", "date_modified_gmt": "2026-11-01T00:00:00"}

    def answer(request: httpx.Request) -> httpx.Response:
        variations = request.url.path.endswith("/products/9/variations")
        return httpx.Response(200, json=[{"id": 10, "price": "5"}] if variations else [product])

    (found,) = WooCommerce(WOO, CONTEXT, http(answer)).products("").reading.products
    assert [variant.external_id for variant in found.variants or ()] == ["10"]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (httpx.Response(401), "bad_credentials"),
        (httpx.Response(403), "not_allowed"),
        (httpx.Response(404), "not_found"),
        (httpx.Response(301, headers={"Location": "http://10.0.0.1/"}), "moved"),
        (httpx.Response(500), "answer"),
        (httpx.Response(200, text="<html>Log in</html>"), "not_json"),
        (httpx.Response(200, json={"code": "oops"}), "not_json"),
    ],
)
def test_why_there_is_no_answer(response: httpx.Response, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        WooCommerce(WOO, CONTEXT, http(lambda request: response)).orders("", since=None)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("http://sklep.example", "needs_https"), ("ftp://sklep.example", "bad_address"), ("", "bad_address")],
)
def test_addresses_that_are_not_asked(typed: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        WooCommerce(WOO | {"url": typed}, CONTEXT, http(lambda request: httpx.Response(200)))
    assert refused.value.reason == reason


class Site(BaseHTTPRequestHandler):
    """A WooCommerce site of 250 orders, busy at the first request."""

    busy = 1

    def do_GET(self) -> None:
        cls = type(self)
        if cls.busy:
            cls.busy -= 1
            self.send_response(503)
            self.send_header("Retry-After", "0")
            self.end_headers()
            return
        page = int(dict(parse_qsl(urlsplit(self.path).query))["page"])
        ids = range(1, 251)[(page - 1) * 100 : page * 100]
        body = json.dumps([woocommerce_order(id=number) for number in ids]).encode()
        self.send_response(200)
        self.send_header("X-WP-Total", "250")
        self.send_header("X-WP-TotalPages", "3")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.busy = 1
    with HTTPServer(("127.0.0.1", 0), Site) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_over_a_real_connection(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="needs_https"):
        WooCommerce(WOO | {"url": site}, CONTEXT, outbound.client())
    monkeypatch.setattr(outbound, "internal", lambda host: host == "127.0.0.1")
    with outbound.client(allow={"127.0.0.1"}) as client:
        shop = WooCommerce(WOO | {"url": site}, CONTEXT, client)
        found, cursor = [], ""
        while True:
            page = shop.orders(cursor, since=None)
            found += [order.external_id for order in page.reading.orders]
            cursor = page.cursor
            if not cursor:
                break
    assert found == [str(number) for number in range(1, 251)]
