"""A shop is connected, read page by page, kept up to date, and hears webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from opieka.catalogue import queries as catalogue
from opieka.catalogue.types import Applied, ProductSnapshot, VariantSnapshot, Wanted
from opieka.kernel import clock, outbound
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.orders import commands, jobs, queries
from opieka.orders.connectors.base import Page, Reading
from opieka.orders.connectors.memory.client import SHELVES, Shelf
from opieka.orders.models import Connection, Order
from opieka.orders.types import ConnectionCard, NoticeKind, Place
from tests.factories import make_shop
from tests.orders.building import START, after, kinds, report
from tests.orders.shapes import shopify_order, woocommerce_order

pytestmark = pytest.mark.django_db
SHOPIFY = {"domain": "las", "access_token": "shpat_1", "webhook_secret": "hush"}
WOO = {"url": "sklep.example", "consumer_key": "ck", "consumer_secret": "cs", "webhook_secret": "hush"}
MUG = ProductSnapshot(
    external_id="900",
    name="Kubek lniany",
    updated_at=START,
    currency="PLN",
    variants=(VariantSnapshot(external_id="901", sku="KUB", price=4990),),
)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A shop in memory with 120 orders and one product."""
    orders = [report(number, external_id=str(number), number=str(number)) for number in range(120)]
    SHELVES["las"] = Shelf(orders=orders, products=[MUG])
    yield SHELVES["las"]
    del SHELVES["las"]


def connected(connector: str = "memory", **credentials: str) -> ConnectionCard:
    shop = make_shop()
    connection_id = commands.connect(
        shop.id, connector=connector, credentials=credentials or {"shelf": "las"}, by=SYSTEM
    )
    return queries.connection(connection_id, shop_ids=[shop.id])


def again(card: ConnectionCard) -> ConnectionCard:
    return queries.connection(card.id, shop_ids=[card.shop_id])


def waiting() -> list[dict[str, Any]]:
    rows = ProcrastinateJob.objects.filter(task_name="orders.read", status="todo").order_by("id")
    return [{"args": row.args, "lock": row.lock, "scheduled_at": row.scheduled_at} for row in rows]


def test_connecting_asks_for_all_it_needs() -> None:
    shop = make_shop()
    with pytest.raises(commands.MissingCredentials, match="Admin API access token, Webhook secret"):
        commands.connect(shop.id, connector="shopify", credentials={"domain": "las"}, by=SYSTEM)
    for name in ("csv", "nothing"):
        with pytest.raises(commands.UnknownConnector, match=name):
            commands.connect(shop.id, connector=name, credentials={}, by=SYSTEM)


def test_keys_are_stored_encrypted_and_forgotten() -> None:
    card = connected("shopify", **SHOPIFY)
    stored = Connection.objects.get(id=card.id).credentials
    assert "shpat_1" not in stored
    again_id = commands.connect(card.shop_id, connector="shopify", credentials=SHOPIFY, by=SYSTEM)
    assert again_id == card.id
    commands.disconnect(card.id, shop_id=card.shop_id, by=SYSTEM)
    assert Connection.objects.get(id=card.id).credentials == ""
    assert not again(card).active
    with pytest.raises(NotFound):
        commands.disconnect(card.id, shop_id=make_shop().id, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.begin_reading(card.id, everything=True, by=SYSTEM)


def test_a_whole_shop_is_read(shelf: Shelf, noon: datetime) -> None:
    card = connected()
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    assert waiting() == [
        {"args": {"connection_id": card.id}, "lock": f"orders.read:{card.id}", "scheduled_at": None}
    ]
    jobs.read(connection_id=card.id)
    assert Order.objects.filter(shop_id=card.shop_id).count() == 120
    assert catalogue.search(Wanted(text="kubek"), shop_id=card.shop_id).total == 1
    done = again(card)
    assert (done.phase, done.done, done.total, done.caught_up_to) == ("", 120, 120, noon)
    jobs.read(connection_id=card.id)  # at rest: nothing
    assert len(waiting()) == 1


def test_reading_stops_anywhere_and_goes_on_there(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    card = connected()
    monkeypatch.setattr(jobs, "TURN", -1)
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    seen = []
    while again(card).phase:
        jobs.read(connection_id=card.id)
        seen.append((again(card).phase, again(card).done))
    assert seen == [("orders", 0), ("orders", 50), ("orders", 100), ("", 120)]
    assert len(waiting()) == 5  # the first, and one at the end of each turn


def test_reconciling_asks_only_for_what_changed(shelf: Shelf, noon: datetime) -> None:
    card = connected()
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    jobs.read(connection_id=card.id)
    clock.advance(timedelta(hours=2))
    jobs.reconcile(timestamp=0)
    here, _ = queries.place(card.id) or pytest.fail("nothing to read")
    assert here == Place(
        connector="memory",
        shop_id=card.shop_id,
        phase="orders",
        cursor="",
        since=noon - timedelta(minutes=30),
    )
    before = len(waiting())
    jobs.reconcile(timestamp=0)  # it is being read
    assert len(waiting()) == before


def test_of_two_readers_one_goes_on(shelf: Shelf) -> None:
    card = connected()
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    here, _ = queries.place(card.id) or pytest.fail("nothing to read")
    page = Page(reading=Reading())
    assert commands.take_page(card.id, page=page, at=here, by=SYSTEM)
    assert not commands.take_page(card.id, page=page, at=here, by=SYSTEM)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx.Request], httpx.Response]) -> None:
    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(outbound, "client", lambda: httpx.Client(transport=transport))


def test_a_wrong_key_stops_the_reading_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    card = connected("shopify", **SHOPIFY)
    answering(monkeypatch, lambda request: httpx.Response(401, text="[API] Invalid API key"))
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    jobs.read(connection_id=card.id)
    failed = again(card)
    assert (failed.failure, failed.failure_detail, failed.phase) == (
        "bad_credentials",
        "[API] Invalid API key",
        "",
    )


def test_a_shop_that_is_down_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    card = connected("shopify", **SHOPIFY)
    answering(monkeypatch, lambda request: httpx.Response(500))
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    with pytest.raises(jobs.Unanswered):
        jobs.read(connection_id=card.id)
    assert (again(card).failure, again(card).phase) == ("answer", "products")
    before = len(waiting())
    with clock.fixed(clock.now() + timedelta(hours=2)):
        jobs.reconcile(timestamp=0)  # procrastinate gave up long ago
    assert len(waiting()) == before + 1


def test_a_busy_shop_is_asked_when_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    card = connected("shopify", **SHOPIFY)
    answering(monkeypatch, lambda request: httpx.Response(429, headers={"Retry-After": "600"}))
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    jobs.read(connection_id=card.id)
    assert waiting()[-1]["scheduled_at"] is not None


def test_a_forgotten_cursor_begins_the_phase_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    card = connected("shopify", **SHOPIFY)
    Connection.objects.filter(id=card.id).update(phase="orders", cursor="long ago", done=500)
    answering(monkeypatch, lambda request: httpx.Response(400))
    jobs.read(connection_id=card.id)
    here, _ = queries.place(card.id) or pytest.fail("nothing to read")
    assert (here.cursor, again(card).done, again(card).failure) == ("", 0, "")


def signed(raw: bytes, secret: str = "hush") -> str:
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def test_a_webhook_is_known_by_its_headers() -> None:
    card = connected("shopify", **SHOPIFY)
    raw = b'{"id": 1}'
    headers = {
        "x-shopify-hmac-sha256": signed(raw),
        "X-SHOPIFY-TOPIC": "orders/create",
        "X-Shopify-Webhook-Id": "b54557e4",
    }
    hook = queries.webhook(card.id, headers=headers, raw=raw)
    assert (hook.shop_id, hook.topic, hook.delivery_id) == (card.shop_id, "orders/create", "b54557e4")
    assert hook.authentic
    assert not hook.ping
    assert not queries.webhook(card.id, headers=headers, raw=raw + b" ").authentic
    assert not queries.webhook(card.id, headers={}, raw=raw).authentic
    commands.disconnect(card.id, shop_id=card.shop_id, by=SYSTEM)
    with pytest.raises(NotFound):
        queries.webhook(card.id, headers=headers, raw=raw)


def test_woocommerce_tries_the_address_first() -> None:
    card = connected("woocommerce", **WOO)
    hook = queries.webhook(card.id, headers={}, raw=b"webhook_id=7")
    assert hook.ping
    assert not hook.authentic


def test_a_webhook_brings_an_order() -> None:
    card = connected("shopify", **SHOPIFY)
    raw = json.dumps(shopify_order()).encode()
    receipt = commands.receive(card.id, topic="orders/create", raw=raw, by=SYSTEM)
    assert receipt.applied == Applied(new=1)
    assert commands.receive(card.id, topic="orders/paid", raw=raw, by=SYSTEM).applied == Applied(unchanged=1)
    assert kinds(card.shop_id) == ["OrderPlaced", "OrderPaid", "OrderShipped", "RefundIssued"]
    assert again(card).heard_at is not None


def test_a_webhook_and_the_back_fill_tell_of_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    card = connected("woocommerce", **WOO)
    order = woocommerce_order()
    commands.receive(card.id, topic="order.created", raw=json.dumps(order).encode(), by=SYSTEM)
    answering(
        monkeypatch, lambda request: httpx.Response(200, json=[order] if "orders" in request.url.path else [])
    )
    commands.begin_reading(card.id, everything=True, by=SYSTEM)
    jobs.read(connection_id=card.id)
    assert Order.objects.filter(shop_id=card.shop_id).count() == 1
    assert kinds(card.shop_id).count("OrderPlaced") == 1


@pytest.mark.parametrize(
    ("topic", "raw", "kind"),
    [
        ("themes/publish", b"{}", NoticeKind.UNKNOWN_TOPIC),
        ("", b"\x00\xff", NoticeKind.UNKNOWN_TOPIC),
        ("orders/create", b"not json", NoticeKind.UNREADABLE),
        ("orders/create", b'{"id": 5}', NoticeKind.UNREADABLE),
        ("orders/create", b'{"id": "\\u0000"}', NoticeKind.UNREADABLE),
        ("customers/redact", b"{}", NoticeKind.PRIVACY_REQUEST),
    ],
)
def test_what_cannot_be_taken_over_is_seen(topic: str, raw: bytes, kind: NoticeKind) -> None:
    card = connected("shopify", **SHOPIFY)
    for _ in range(2):
        receipt = commands.receive(card.id, topic=topic, raw=raw, by=SYSTEM)
        assert [notice.kind for notice in receipt.notices] == [kind]
    (notice,) = queries.notices([card.shop_id])
    assert (notice.kind, notice.times) == (kind, 2)
    assert list(queries.notices([make_shop().id])) == []
    commands.dismiss_notice(notice.pk, shop_id=card.shop_id, by=SYSTEM)
    assert list(queries.notices([card.shop_id])) == []
    commands.receive(card.id, topic=topic, raw=raw, by=SYSTEM)
    assert [row.times for row in queries.notices([card.shop_id])] == [3]


def test_an_uninstalled_app_ends_the_connection() -> None:
    card = connected("shopify", **SHOPIFY)
    commands.receive(card.id, topic="app/uninstalled", raw=b"{}", by=SYSTEM)
    assert not again(card).active
    assert [row.kind for row in queries.notices([card.shop_id])] == ["disconnected"]


def test_products_come_by_webhook_too() -> None:
    card = connected("woocommerce", **WOO)
    product = {
        "id": 9,
        "name": "Koc",
        "type": "simple",
        "price": "160",
        "date_modified_gmt": after(0).isoformat(),
    }
    commands.receive(card.id, topic="product.updated", raw=json.dumps(product).encode(), by=SYSTEM)
    assert catalogue.search(Wanted(text="koc"), shop_id=card.shop_id).total == 1
    commands.receive(card.id, topic="product.deleted", raw=b'{"id": 9}', by=SYSTEM)
    assert catalogue.search(Wanted(text="koc"), shop_id=card.shop_id).total == 0
