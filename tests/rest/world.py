"""A shop with one of everything, and a program that calls its API."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from opieka.care import commands as care
from opieka.care import queries as plans
from opieka.care.models import Turn
from opieka.care.types import IncidentKind, Trouble
from opieka.channels import commands as channels
from opieka.channels.commands import NewFile
from opieka.channels.models import Dispatch
from opieka.channels.types import AccountDetails, Sending, TextDetails
from opieka.conversations import commands as conversations
from opieka.conversations.models import Message
from opieka.conversations.types import Draft
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.deliveries import commands as deliveries
from opieka.deliveries.models import Notice as ParcelNotice
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import Choice, ChoiceKind, ParcelStage, Tracking, TrackingReport
from opieka.deliveries.types import Notice as ParcelNoticed
from opieka.deliveries.types import NoticeKind as ParcelNoticeKind
from opieka.goodwill import commands as goodwill
from opieka.goodwill.types import Gift, GiftReason, GoodwillPreferences
from opieka.inbound import commands as inbound
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.models import Notice, Order
from opieka.orders.types import Notice as Noticed
from opieka.orders.types import NoticeKind
from opieka.returns import commands as cases
from opieka.shops import commands as shops
from opieka.shops import queries
from opieka.shops.types import Permission, Role, ShopCard
from opieka.timeline.models import Failure
from opieka.webhooks import commands as webhooks
from opieka.webhooks.models import Delivery
from opieka.webhooks.types import DeliveryState, Target
from tests.conversations.mails import mail
from tests.factories import make_shop, make_staff


def issue(shop: ShopCard, scopes: Collection[Permission] = frozenset(Permission)) -> str:
    """A token of a shop, with every scope unless told otherwise."""
    return shops.issue_token(shop.id, name=f"Program of {shop.slug}", scopes=scopes, by=SYSTEM)


@dataclass
class Program:
    """Something that calls the API with a token."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __call__(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key is not None:
            sent["Idempotency-Key"] = key
        data = b"" if body is None else json.dumps(body).encode()
        answer: Any = self.client.generic(
            method.upper(),
            path if path.startswith("/api/") else f"/api/v1{path}",
            data,
            content_type="application/json" if data else "",
            headers=sent | headers,
        )
        if isinstance(answer, StreamingHttpResponse):
            whole = b"".join(cast("Iterator[bytes]", answer.streaming_content))
            answer = HttpResponse(whole, status=answer.status_code, headers=dict(answer.headers))
        assert isinstance(answer, HttpResponse)
        return answer

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self("get", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        return self("post", path, body, **options)


def said(answer: HttpResponse, status: int = 200) -> Any:
    """What an answer says, once its status is the one expected."""
    assert answer.status_code == status, (answer.status_code, answer.content[:2000])
    return json.loads(answer.content) if answer.content else None


@dataclass
class World:
    """A shop with one of everything; `ids` by the names they have in the API's addresses."""

    shop: ShopCard
    program: Program
    ids: dict[str, Any]

    def fill(self, path: str, **renamed: str) -> str:
        """An operation's address, with this shop's own things; some of them by another name."""
        other = {name: self.ids[thing] for name, thing in renamed.items()}
        return "/api/v1" + path.format(**self.ids | other)


def make_world(**changes: Any) -> World:
    """A shop of an operator of its own, with one of everything. Every text in it names the shop."""
    shop = make_shop(**changes)
    owner, agent = make_staff(shop, Role.OWNER, name=f"Ola {shop.slug}"), make_staff(shop, name=shop.slug)
    program = Program(issue(shop))
    anna, beata, celina = (_customer(shop, name) for name in ("anna", "beata", "celina"))
    merge_id = customers.merge(beata, loser_id=celina, shop_id=shop.id, by=SYSTEM)
    mailbox_id = channels.open_account(
        shop.id,
        details=AccountDetails(
            f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY, provider="postmark"
        ),
        by=SYSTEM,
    )
    file = channels.store_file(NewFile(f"file of {shop.slug}".encode(), "text/plain"), shop_id=shop.id)
    ids: dict[str, Any] = {
        "staff_id": agent,
        "owner_id": owner,
        "customer_id": anna,
        "other_id": beata,
        "merge_id": merge_id,
        "export_id": _copy(shop, anna),
        "mailbox_id": mailbox_id,
        "number_id": channels.open_number(
            shop.id, details=TextDetails("+48500100200", shop.name, sending=Sending.MEMORY), by=SYSTEM
        ),
        "sha256": file.sha256,
        "token_id": queries.tokens(shop.id)[0].pk,
    }
    world = World(shop, program, ids)
    _talk(world)
    _sell(world)
    _send(world)
    _stumble(world)
    _care(world)
    return world


def _customer(shop: ShopCard, name: str) -> int:
    point = ContactPoint(ContactKind.EMAIL, f"{name}@{shop.slug}.example")
    return customers.recognise([point], name=f"{name} {shop.slug}", shop_id=shop.id, by=SYSTEM)


def _copy(shop: ShopCard, customer_id: int) -> int:
    """A copy of a customer's data, ready to be fetched."""
    made = customers.request_export(customer_id, shop_ids=[shop.id], by=SYSTEM)
    customers.save_part(made, number=0, body=shop.slug.encode())
    customers.finish_export(made, by=SYSTEM)
    return made


def _talk(world: World) -> None:
    shop = world.shop
    raw = channels.store_file(NewFile(f"Raw of {shop.slug}".encode()), shop_id=shop.id).sha256
    told = {
        "account_id": world.ids["mailbox_id"],
        "subject": f"About {shop.slug}",
        "html": f"<p>Hello {shop.slug}",
        "raw_sha256": raw,
    }
    messages = [
        conversations.receive(
            mail(shop, f"{name}@{shop.slug}.example", text=f"{name} asks {shop.slug}", **told), by=SYSTEM
        )
        for name in ("anna", "beata", "anna", "beata")
    ]
    threads = [Message.objects.get(id=message_id).conversation_id for message_id in messages]
    conversations.note(threads[0], text=f"note of {shop.slug}", shop_ids=[shop.id], by=SYSTEM)
    draft = Draft(f"Answer of {shop.slug}", anyway=True)
    sent, failed = (
        conversations.reply(
            threads[0], draft=draft, key=f"{shop.slug}{number}", shop_ids=[shop.id], by=SYSTEM
        )
        for number in (1, 2)
    )
    Dispatch.objects.filter(message=f"message:{failed}").update(state="failed", next_try_at=None)
    world.ids |= {
        "message_id": messages[0],
        "conversation_id": threads[0],
        "third_id": threads[1],
        "sent_id": sent,
        "failed_id": failed,
        "macro_id": conversations.save_macro(
            shop.id,
            name=f"Hello from {shop.slug}",
            texts_by_language={"en": "Hello {{ customer.name }}"},
            by=SYSTEM,
        ),
        "join_id": conversations.join(threads[2], other_id=threads[3], shop_ids=[shop.id], by=SYSTEM),
    }


def order(shop: ShopCard, external_id: str = "A1", **changes: Any) -> dict[str, Any]:
    """An order as a program reports it."""
    money = {"amount": 1250, "currency": "PLN"}
    line = {"external_id": "1", "name": f"Lamp of {shop.slug}", "quantity": 1, "price": money, "total": money}
    return {
        "external_id": external_id,
        "number": f"#{external_id}",
        "placed_at": "2026-11-20T10:00:00Z",
        "updated_at": "2026-11-20T10:00:00Z",
        "total": money,
        "contact": {"email": f"anna@{shop.slug}.example", "name": f"anna {shop.slug}"},
        "lines": [line],
    } | changes


def product(shop: ShopCard, external_id: str = "P1", **changes: Any) -> dict[str, Any]:
    """A product as a program reports it."""
    price = {"amount": 1250, "currency": "PLN"}
    return {
        "external_id": external_id,
        "name": f"Lamp of {shop.slug}",
        "updated_at": "2026-11-20T10:00:00Z",
        "currency": "PLN",
        "category": "Lamps",
        "variants": [{"external_id": "V1", "price": price, "stock": 3}],
    } | changes


def _sell(world: World) -> None:
    shop, call = world.shop, world.program
    said(call.post("/orders/batch", {"orders": [order(shop)]}))
    said(call.post("/products/batch", {"products": [product(shop)]}))
    # Half of it has left: whether the rest can be stopped is for a person to say.
    sent = [{"external_id": "s", "status": "shipped", "shipped_at": "2026-11-21T10:00:00Z"}]
    half = order(shop, "A3", fulfilment_status="partial", shipments=sent)
    said(call.post("/orders/batch", {"orders": [half]}))
    order_id, half_id = Order.objects.filter(shop_id=shop.id).order_by("id").values_list("id", flat=True)
    world.ids |= {
        "order_id": order_id,
        "case_id": cases.ask_cancellation(half_id, shop_ids=[shop.id], by=SYSTEM),
        "product_id": said(call.get("/products"))["items"][0]["id"],
        "connection_id": orders.connect(
            shop.id, connector="memory", credentials={"shelf": shop.slug}, by=SYSTEM
        ),
    }


def _send(world: World) -> None:
    shop = world.shop
    told = TrackingReport(at=clock.now() - timedelta(hours=5), stage=ParcelStage.ACCEPTED, depot=shop.slug)
    parcel = Tracking(carrier="memory", tracking_number="MEM1", reports=(told,), reference=shop.slug)
    deliveries.take([parcel], shop_id=shop.id, told_by="memory", by=SYSTEM)
    notice = ParcelNoticed(kind=ParcelNoticeKind.MALFORMED, where="at", value=shop.slug)
    deliveries.keep_notices([notice], shop_id=shop.id, carrier="memory")
    keys = {"shelf": shop.slug, "webhook_secret": "s"}
    world.ids |= {
        "parcel_id": Parcel.objects.get(shop_id=shop.id).pk,
        "parcel_notice_id": ParcelNotice.objects.get(shop_id=shop.id).pk,
        "choice_id": _choice(shop),
        "carrier_connection_id": deliveries.connect(shop.id, carrier="memory", credentials=keys, by=SYSTEM),
    }


def _care(world: World) -> None:
    shop = world.shop
    budget = GoodwillPreferences(per_month=100_000, per_customer=50_000)
    shops.set_preferences(shop.id, value=budget, by=SYSTEM)
    gift = Gift(reason=GiftReason.LATE, amount=1_000, currency="PLN")
    world.ids["coupon_id"] = goodwill.grant(
        world.ids["customer_id"], gift=gift, key="first", shop_id=shop.id, by=SYSTEM
    )
    trouble = Trouble(
        kind=IncidentKind.PARTLY,
        at=clock.now(),
        customer_id=world.ids["customer_id"],
        order_id=world.ids["order_id"],
    )
    incident = care.report(trouble, shop_id=shop.id, by=SYSTEM)
    plan = plans.plan_of(incident or 0, shop_ids=[shop.id])
    world.ids |= {"plan_id": plan.id, "step_id": plan.steps[-1].id, "turn_id": _turn(world)}


def _turn(world: World) -> int:
    """A text by which the choice was made."""
    ids, now = world.ids, clock.now()
    turn = Turn(
        shop_id=world.shop.id,
        customer_id=ids["customer_id"],
        conversation_id=ids["conversation_id"],
        message_id=Message.objects.filter(conversation_id=ids["conversation_id"], direction="in")
        .latest("id")
        .pk,
        parcel_id=ids["parcel_id"],
        order_id=ids["order_id"],
        intent="neighbour",
        confidence=0.9,
        move="acted",
        choice_ids=[ids["choice_id"]],
        at=now,
        expires_at=now,
    )
    turn.save()
    return turn.pk


def _choice(shop: ShopCard) -> int:
    parcel = Parcel.objects.get(shop_id=shop.id)
    wish = Choice(kind=ChoiceKind.NEIGHBOUR, words=f"Next door of {shop.slug}")
    return deliveries.choose(parcel.pk, shop_id=shop.id, choice=wish, key="1", by=SYSTEM)


def _stumble(world: World) -> None:
    shop = world.shop
    notice = Noticed(kind=NoticeKind.UNKNOWN_WORD, where="status", value=shop.slug)
    orders.keep_notices([notice], shop_id=shop.id, source="api")
    failure = Failure.objects.create(
        shop_id=shop.id,
        reaction="tests.none",
        touchpoint_id=shop.id,
        error=f"ValueError: {shop.slug}",
        failed_at=clock.now() - timedelta(hours=1),
    )
    target = Target("https://erp.example.com/hooks", f"ERP of {shop.slug}")
    webhook, _secret = webhooks.add_endpoint(shop.id, target=target, by=SYSTEM)
    delivery = webhooks.send_test(webhook, shop_id=shop.id, by=SYSTEM)
    Delivery.objects.filter(id=delivery).update(state=DeliveryState.GAVE_UP, next_try_at=None)
    world.ids |= {"webhook_id": webhook, "delivery_id": delivery}
    sent = NewPayload(
        shop.id, Source.MAIL, world.ids["mailbox_id"], f"Unreadable {shop.slug}".encode(), "message/rfc822"
    )
    inbound.accept(sent)
    payload = Payload.objects.get(shop_id=shop.id)
    inbound.fail(payload.pk, error=f"ValueError: {shop.slug}")
    world.ids |= {"unread_id": payload.pk}
    world.ids |= {"notice_id": Notice.objects.get(shop_id=shop.id).pk, "failure_id": failure.pk}
