"""Every address is in the table, every entry has an address, and each role is let in or kept out as it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from opieka.care import commands as care
from opieka.care import queries as plans
from opieka.care.models import Turn
from opieka.care.types import IncidentKind, Move, Trouble
from opieka.conversations import commands as conversations
from opieka.customers import commands as customers
from opieka.deliveries import commands as deliveries
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import Arrival, ArrivalNews, Choice, ChoiceKind
from opieka.goodwill import commands as goodwill
from opieka.goodwill.types import Gift, GiftReason, GoodwillPreferences
from opieka.inbound import commands as intake
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source
from opieka.kernel import clock, secrets
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.models import Notice
from opieka.project import access_page
from opieka.project.access import VIEWS, Open
from opieka.returns import commands as returns
from opieka.shops import commands as shops
from opieka.shops.models import ApiToken
from opieka.shops.policy import roles_with
from opieka.shops.types import Permission, Role
from opieka.timeline.models import Failure, Touchpoint
from opieka.webhooks import commands as webhooks
from opieka.webhooks.models import Delivery
from opieka.webhooks.types import DeliveryState, Target
from tests.conversations.mails import mail, one
from tests.conversations.texts import make_number
from tests.deliveries.building import report, take, tracking
from tests.desk.conftest import World, answered, make_world, signed_in, tuesday
from tests.factories import make_shop, make_staff

__all__ = ["tuesday"]

DESK = sorted(name for name in VIEWS if name.startswith("desk:"))
# What is posted, so that a view gets as far as asking for its permission; the others are only read.
POSTS: dict[str, dict[str, Any]] = {
    "send": {"mode": "note", "text": "x", "key": "k", "seen": "0"},
    "assign": {"staff": ""},
    "snooze": {"until": "tomorrow"},
    "language": {"language": "en"},
    "replay_webhook": {"hours": "24"},
    "promise_parcel": {"day": "2026-12-01"},
}
POSTED = {
    *("resolve", "reopen", "spam", "part", "looks", "undo", "retry", "merge", "distinct", "unmerge"),
    *("change_customer", "add_point", "say_consent", "copy", "retry_failure", "retry_failures"),
    *("delete_saved_answer", "retry_unread", "retry_all_unread"),
    *("revoke_token", "read_connection", "disconnect", "dismiss_notice", "revoke", "restore"),
    *("rotate_webhook", "activate_webhook", "remove_webhook", "test_webhook", "replay_webhook_sent"),
    *(
        "test_mailbox",
        "rest_mailbox",
        "ask_parcels",
        "test_carrier",
        "disconnect_carrier",
        *("cancel_order", "void_page", "take_back_case", "settle_case", "test_number", "rest_number"),
        *(
            "settle_choice",
            "dismiss_unclear",
            "bring_back_unclear",
            "name_carrier",
            "together",
            "undo_together",
        ),
        *POSTS,
        *("take_plan", "close_plan", "do_step", "skip_step", "undo_text", "use_coupon", "withdraw_coupon"),
        "confirm_coupon",
    ),
}


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    assert set(access_page.patterns()) == set(VIEWS)


def examples(world: World) -> dict[str, Any]:
    """A value for every parameter of an address, all of this shop."""
    shop = world.shop
    joined = one(mail(shop, "anna@example.com", subject="Again", account_id=world.account))
    join = conversations.join(world.conversation, other_id=joined.pk, shop_ids=[shop.id], by=SYSTEM)
    twin = one(mail(shop, "twin@example.com", account_id=world.account)).customer_id
    merge = customers.merge(world.customer, loser_id=twin or 0, shop_id=shop.id, by=SYSTEM)
    shops.issue_token(shop.id, name="x", scopes=[], by=SYSTEM)
    keys = {"domain": "x.myshopify.com", "access_token": "t", "webhook_secret": "w"}
    orders.connect(shop.id, connector="shopify", credentials=keys, by=SYSTEM)
    now = clock.now()
    notice = Notice.objects.create(
        shop_id=shop.id, source="csv", kind="refused", where="w", value="v", first_at=now, last_at=now
    )
    touchpoint = Touchpoint.objects.filter(shop_id=shop.id).latest("id").pk
    failure = Failure.objects.create(
        shop_id=shop.id, reaction="x.y", touchpoint_id=touchpoint, error="E: x", failed_at=now
    )
    agent = world.staff[Role.AGENT]
    return {
        "conversation_id": world.conversation,
        "message_id": world.message,
        "customer_id": world.customer,
        "order_id": world.order,
        "sha256": world.sha256,
        "slug": shop.slug,
        "account_id": world.account,
        "staff_id": agent,
        "role": "agent",
        "signature": secrets.sign("staff restore", f"{shop.id} {agent} agent"),
        "macro_id": conversations.save_macro(shop.id, name="m", texts_by_language={"pl": "x"}, by=SYSTEM),
        "token_id": ApiToken.objects.get(shop_id=shop.id).pk,
        "connector": "shopify",
        "carrier": carrier(shop.id),
        "notice": "ready",
        "coupon_id": given_coupon(world),
        "moment": 0,
        "case_id": returns.ask_cancellation(world.order, shop_ids=[shop.id], by=SYSTEM),
        "deed": "lost",
        **planned(world),
        "incident": "late",
        "notice_id": notice.pk,
        "failure_id": failure.pk,
        **webhook(shop.id),
        "payload_id": unreadable(shop.id, world.account),
        **parcels(world),
        "number_id": make_number(shop),
        "merge_id": merge,
        "export_id": _copy(world),
        "join_id": join,
    }


def webhook(shop_id: int) -> dict[str, int]:
    """An address that is told of facts, and something that was given up there."""
    target = Target("https://erp.example.com/hooks")
    endpoint, _secret = webhooks.add_endpoint(shop_id, target=target, by=SYSTEM)
    delivery = webhooks.send_test(endpoint, shop_id=shop_id, by=SYSTEM)
    Delivery.objects.filter(id=delivery).update(state=DeliveryState.GAVE_UP, next_try_at=None)
    return {"endpoint_id": endpoint, "delivery_id": delivery}


def carrier(shop_id: int) -> str:
    """One the shop is connected to."""
    keys = {"shelf": "access", "webhook_secret": "w"}
    deliveries.connect(shop_id, carrier="memory", credentials=keys, by=SYSTEM)
    return "memory"


def parcels(world: World) -> dict[str, int]:
    """A parcel on its way with what its customer wants, and one of which she told how it arrived."""
    shop_id = world.shop.id
    take(shop_id, tracking(report(0, "in_transit"), number="WAY1"))
    take(shop_id, tracking(report(0, "delivered"), number="HOME1"))
    way, home = Parcel.objects.filter(shop_id=shop_id).order_by("id").values_list("id", flat=True)
    wish = Choice(kind=ChoiceKind.NEIGHBOUR, words="Next door")
    choice = deliveries.choose(way, shop_id=shop_id, choice=wish, key="first", by=SYSTEM)
    news = ArrivalNews(arrival=Arrival.DAMAGED, photos=(world.sha256,))
    deliveries.tell_arrival(home, shop_id=shop_id, news=news, key="first", by=SYSTEM)
    return {"parcel_id": way, "arrived_id": home, "choice_id": choice}


def given_coupon(world: World) -> int:
    """A coupon of a customer."""
    shop_id = world.shop.id
    budget = GoodwillPreferences(per_month=100_000, per_customer=50_000)
    shops.set_preferences(shop_id, value=budget, by=SYSTEM)
    gift = Gift(reason=GiftReason.LATE, amount=1_000, currency="PLN")
    return goodwill.grant(world.customer, gift=gift, key="first", shop_id=shop_id, by=SYSTEM)


def planned(world: World) -> dict[str, int]:
    """A plan for a customer who waits for a part of her order."""
    trouble = Trouble(
        kind=IncidentKind.PARTLY, at=clock.now(), customer_id=world.customer, order_id=world.order
    )
    incident = care.report(trouble, shop_id=world.shop.id, by=SYSTEM)
    plan = plans.plan_of(incident or 0, shop_ids=[world.shop.id])
    return {"plan_id": plan.id, "step_id": plan.steps[-1].id, "turn_id": turned(world)}


def turned(world: World) -> int:
    """A text of a customer's that was acted on."""
    now = clock.now()
    turn = Turn(shop_id=world.shop.id, conversation_id=world.conversation, message_id=1, move=Move.ACTED)
    turn.intent, turn.confidence, turn.at, turn.expires_at = "hold", 0.9, now, now
    turn.save()
    return turn.pk


def unreadable(shop_id: int, account_id: int) -> int:
    """Something that came in and could not be read."""
    intake.accept(NewPayload(shop_id, Source.MAIL, account_id, b"Subject: my vase"))
    payload = Payload.objects.get(shop_id=shop_id)
    intake.fail(payload.pk, error="RuntimeError")
    return payload.pk


def _copy(world: World) -> int:
    """A copy of a customer's data, ready to be fetched."""
    made = customers.request_export(world.customer, shop_ids=[world.shop.id], by=SYSTEM)
    customers.finish_export(made, by=SYSTEM)
    return made


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def status(client: Client, name: str, values: dict[str, Any]) -> int:
    """What a view answers; nothing of it stays."""
    short = name.removeprefix("desk:")
    path = access_page.patterns()[name]
    address = reverse(name, kwargs={key: value for key, value in values.items() if f":{key}>" in path})
    with undone():
        if short in POSTED:
            data = POSTS.get(short, {}) | {"other": values["other"]}
            return client.post(address, data).status_code
        return client.get(address).status_code


@pytest.fixture
def values(world: World) -> dict[str, Any]:
    found = examples(world)
    own = {"undo": answered(world), "retry": answered(world, key="second")}
    return found | {"other": world.other_customer, "own": own}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def given(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values for one view: taking back and repeating are about messages of ours."""
    own: dict[str, int] = values["own"]
    short = name.removeprefix("desk:")
    if short == "parcel_photo":
        return values | {"parcel_id": values["arrived_id"]}
    if short in {"number", "test_number", "rest_number"}:
        return values | {"account_id": values["number_id"]}
    return values | {"message_id": own[short]} if short in own else values


def allowed(role: Role, needed: Permission | Open) -> bool:
    return isinstance(needed, Open) or role in roles_with(needed)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_or_kept_out(world: World, values: dict[str, Any], role: Role) -> None:
    client = world.client(role)
    wrong = []
    for name in DESK:
        got = status(client, name, given(name, values))
        let_in = got not in {403, 404, 405, 500}
        if name == "desk:settings":
            assert let_in == (role is Role.OWNER)
        elif let_in != allowed(role, VIEWS[name]):
            wrong.append((name, got))
    assert wrong == []


def test_nobody_who_is_not_signed_in(world: World, values: dict[str, Any]) -> None:
    wrong = []
    for name in DESK:
        got = status(Client(), name, given(name, values))
        if (got == 302) != (name != "desk:language") and VIEWS[name] is not Open.PUBLIC:
            wrong.append((name, got))
    assert wrong == []


SHARED = {
    *("home", "inbox", "compose", "palette", "me", "language", "customers", "export_customers"),
    *("failures", "retry_failures", "export_failures", "unread", "retry_all_unread", "export_unread"),
    *("parcels", "export_parcels", "ask_parcels", "carriers", "export_carriers"),
    "cases",
    *(
        "upload_parcels",
        "unclear",
        "export_unclear",
        "dismiss_unclear",
        "bring_back_unclear",
        "together",
        "undo_together",
    ),
    *("plans", "effect"),
}


def test_the_owner_of_another_shop_finds_nothing(world: World, values: dict[str, Any]) -> None:
    """Whatever address names something of this shop is answered as if it were not there."""
    stranger = signed_in(make_staff(make_shop(), Role.OWNER))
    wrong = []
    for name in DESK:
        if name.removeprefix("desk:") in SHARED | {"settings"}:
            continue
        got = status(stranger, name, given(name, values))
        if got not in {403, 404} and name != "desk:retry_failure":
            wrong.append((name, got))
    assert wrong == []


def test_lists_hold_nothing_of_other_shops(world: World, values: dict[str, Any]) -> None:
    stranger = signed_in(make_staff(make_shop(), Role.OWNER))
    lists = (
        "/inbox/?view=all",
        "/inbox/?q=vase",
        "/customers/",
        "/customers/?q=anna",
        "/customers/export/",
        "/failures/",
        "/failures/export/",
        "/failures/unread/",
        "/failures/unread/export/",
        "/palette/?q=anna",
    )
    for address in lists:
        html = stranger.get(address, headers={"HX-Request": "true"}).getvalue().decode()
        assert "Kowalska" not in html, address
        assert "my vase" not in html, address


def test_a_stranger_mends_nothing(world: World, values: dict[str, Any]) -> None:
    stranger = signed_in(make_staff(make_shop(), Role.OWNER))
    stranger.post(f"/failures/{values['failure_id']}/retry/")
    stranger.post("/failures/retry/")
    assert Failure.objects.get(id=values["failure_id"]).attempts == 1


def test_htmx_is_sent_to_sign_in_as_a_whole(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?view=mine"}
    answer = Client().get(f"/conversations/{world.conversation}/", headers=headers)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/inbox/%3Fview%3Dmine"
