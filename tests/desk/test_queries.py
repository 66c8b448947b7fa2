"""How often a page asks the database: a bounded number of times, whatever lies behind it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opieka.care import commands as care
from opieka.care import queries as plans
from opieka.care.types import IncidentKind, Trouble
from opieka.customers import commands as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.shops.types import Role
from tests.conversations.mails import mail, take
from tests.conversations.texts import ANNA, make_number, sms
from tests.desk.conftest import World, an_order, answered

MOST = 15
# Those that show all there is about a person, a plan, an order.
MORE = {"beside as htmx": 16, "customer": 21, "plan": 17, "order": 18}
HTMX = {"HX-Request": "true"}
PAGES = {
    "inbox": "/inbox/",
    "inbox as htmx": "/inbox/",
    "search": "/inbox/?q=vase",
    "conversation": "/conversations/{conversation}/",
    "conversation as htmx": "/conversations/{conversation}/",
    "items as htmx": "/conversations/{conversation}/items/",
    "head as htmx": "/conversations/{conversation}/head/",
    "beside as htmx": "/conversations/{conversation}/beside/",
    "macros as htmx": "/conversations/{conversation}/macros/",
    "join": "/conversations/{conversation}/join/",
    "move": "/conversations/{conversation}/customer/?q=jan",
    "compose": "/inbox/new/",
    "customers": "/customers/",
    "customers found": "/customers/?q=a",
    "customer": "/customers/{customer}/",
    "balance": "/customers/{customer}/balance/",
    "coupons": "/customers/{customer}/coupons/",
    "order": "/orders/{order}/",
    "cases": "/cases/",
    "all cases": "/cases/?all",
    "palette as htmx": "/palette/?q=1001",
    "plans": "/care/",
    "plan": "/care/{plan}/",
    "effect": "/care/effect/",
    "failures": "/failures/",
    "unread": "/failures/unread/",
    "me": "/me/",
    "shop": "/settings/{slug}/",
    "mailboxes": "/settings/{slug}/mailboxes/",
    "mailbox": "/settings/{slug}/mailboxes/{account}/",
    "numbers": "/settings/{slug}/numbers/",
    "staff": "/settings/{slug}/staff/",
    "answers": "/settings/{slug}/answers/",
    "goodwill": "/settings/{slug}/goodwill/",
    "playbooks": "/settings/{slug}/playbooks/",
    "playbook": "/settings/{slug}/playbooks/late/",
    "notices": "/settings/{slug}/notices/",
    "notice": "/settings/{slug}/notices/ready/",
    "keys": "/settings/{slug}/keys/",
    "orders": "/settings/{slug}/orders/",
    "cancelling": "/settings/{slug}/cancelling/",
    "pages": "/settings/{slug}/pages/",
    "carriers": "/settings/{slug}/carriers/",
    "carrier": "/settings/{slug}/carriers/boxnow/",
    "html": "/messages/{message}/html/",
    "file": "/messages/{message}/files/{sha256}/",
}


@pytest.fixture
def owner(world: World) -> Client:
    client = world.client(Role.OWNER)
    client.get("/me/")  # its session is in the cache from now on
    return client


def planned(world: World) -> int:
    """The plan of a customer who waits for a part of her order."""
    partly = Trouble(
        kind=IncidentKind.PARTLY, at=clock.now(), customer_id=world.customer, order_id=world.order
    )
    return plans.plan_of(
        care.report(partly, shop_id=world.shop.id, by=SYSTEM) or 0, shop_ids=[world.shop.id]
    ).id


def filled(address: str, world: World) -> str:
    return address.format(
        conversation=world.conversation,
        plan=planned(world),
        customer=world.customer,
        order=world.order,
        slug=world.shop.slug,
        account=world.account,
        message=world.message,
        sha256=world.sha256,
    )


def asked(client: Client, name: str, world: World) -> list[str]:
    """The queries of one page."""
    headers = HTMX if name.endswith("as htmx") else {}
    address = filled(PAGES[name], world)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers=headers)
    assert answer.status_code == 200, name
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_no_page_asks_more_than_fifteen_times(owner: Client, world: World) -> None:
    answered(world)
    for name in PAGES:  # whatever is read for the first time is written down then
        asked(owner, name, world)
    counts = {name: len(asked(owner, name, world)) for name in PAGES}
    assert {name: count for name, count in counts.items() if count > MORE.get(name, MOST)} == {}


def test_a_customer_with_mail_and_phone_costs_no_more(owner: Client, world: World) -> None:
    number = make_number(world.shop)
    phone = ContactPoint(ContactKind.PHONE, ANNA)
    customers.add_contact_point(world.customer, point=phone, shop_id=world.shop.id, by=SYSTEM)
    answered(world)
    for offered in (True, False):
        for name in ("conversation", "conversation as htmx"):
            asked(owner, name, world)
            assert len(asked(owner, name, world)) <= MOST
        page = owner.get(filled(PAGES["conversation"], world)).content.decode()
        assert ('<option value="sms"' in page) is offered
        take(sms(world.shop, number, "STOP"))


def test_the_number_does_not_grow_with_what_is_there(owner: Client, world: World) -> None:
    answered(world)
    names = ("inbox", "conversation as htmx", "beside as htmx", "customers", "customer", "search")
    for name in names:
        asked(owner, name, world)
    before = {name: len(asked(owner, name, world)) for name in names}
    take(
        *(mail(world.shop, f"more{n}@example.com", name=f"N{n}", account_id=world.account) for n in range(12))
    )
    take(
        *(mail(world.shop, "anna@example.com", text=f"vase {n}", account_id=world.account) for n in range(5))
    )
    many = [an_order(str(2000 + n)) for n in range(8)]
    orders.apply_orders(many, shop_id=world.shop.id, source="csv", by=SYSTEM)
    for name in names:
        asked(owner, name, world)
    assert {name: len(asked(owner, name, world)) for name in names} == before
