"""A small shop at work: people of every role, a mailbox, a customer with a conversation and an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from opieka.channels import commands as channels
from opieka.channels.commands import NewFile
from opieka.channels.types import AccountDetails, Sending
from opieka.conversations import commands as conversations
from opieka.conversations.types import Draft
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.orders import commands as orders
from opieka.orders.types import Contact, LineSnapshot, OrderSnapshot, PaymentStatus
from opieka.shops.models import StaffMember
from opieka.shops.types import Role, ShopCard
from tests.conversations.mails import MONDAY, mail, one
from tests.factories import make_shop, make_staff

HTML = (
    '<table><tr><td style="color:red">Hello</td></tr></table><img src="https://spy.example/x.gif">'
    '<img src="cid:pic">'
)


@dataclass
class World:
    """One shop with its people, and ids of what is in it."""

    shop: ShopCard
    staff: dict[Role, int]
    account: int
    conversation: int
    message: int
    customer: int
    order: int
    other_conversation: int
    other_customer: int
    sha256: str

    def client(self, role: Role = Role.AGENT) -> Client:
        """A browser in which somebody of that role is signed in."""
        return signed_in(self.staff[role])

    @property
    def by(self) -> Actor:
        return Actor.staff(self.staff[Role.AGENT])


def signed_in(staff_id: int) -> Client:
    """A browser in which a person is signed in."""
    client = Client()
    person = StaffMember.objects.get(id=staff_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def make_world(**shop: Any) -> World:
    """A shop of a new operator with a bit of everything."""
    made = make_shop(**shop)
    staff = {role: make_staff(made, role, name=f"{role.title()} Nowak") for role in Role}
    details = AccountDetails(f"help@{made.slug}.example", made.name, sending=Sending.MEMORY)
    account = channels.open_account(made.id, details=details, by=SYSTEM)
    picture = channels.store_file(
        NewFile(b"\x89PNG\r\n\x1a\n" + made.slug.encode() * 4000, "image/png", "vase.png", "pic"),
        shop_id=made.id,
    )
    raw = channels.store_file(NewFile(b"Subject: Vase\r\n\r\nHi", "message/rfc822"), shop_id=made.id)
    talk = one(
        mail(
            made,
            "anna@example.com",
            name="Anna Kowalska",
            subject="Vase",
            text="Where is my vase?\n\nAnna\n> You wrote",
            reply_text="Where is my vase?\n\nAnna",
            html=HTML,
            files=(picture,),
            raw_sha256=raw.sha256,
            account_id=account,
        )
    )
    other = one(mail(made, "jan@example.com", name="Jan Wazon", subject="Bowl", account_id=account))
    orders.apply_orders([an_order()], shop_id=made.id, source="csv", by=SYSTEM)
    from opieka.orders.models import Order

    return World(
        shop=made,
        staff=staff,
        account=account,
        conversation=talk.pk,
        message=talk.last_message_id,
        customer=talk.customer_id or 0,
        order=Order.objects.get(shop_id=made.id).pk,
        other_conversation=other.pk,
        other_customer=other.customer_id or 0,
        sha256=picture.sha256,
    )


def an_order(number: str = "1001") -> OrderSnapshot:
    return OrderSnapshot(
        external_id=number,
        number=number,
        placed_at=MONDAY - timedelta(days=3),
        updated_at=MONDAY - timedelta(days=3),
        currency="PLN",
        total=34_900,
        payment_status=PaymentStatus.PAID,
        contact=Contact(name="Anna Kowalska", email="anna@example.com"),
        lines=(LineSnapshot(external_id="1", name="Vase", quantity=1, price=34_900, total=34_900),),
    )


def answered(world: World, text: str = "Tomorrow.", key: str = "answer") -> int:
    """An answer of the agent; its message's id."""
    draft = Draft(text=text, anyway=True)
    return conversations.reply(
        world.conversation, draft=draft, key=key, shop_ids=[world.shop.id], by=world.by
    )


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    cache.clear()
    with clock.fixed(MONDAY + timedelta(days=1)):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def agent(world: World) -> Client:
    return world.client()
