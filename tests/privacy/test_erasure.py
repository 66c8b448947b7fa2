"""After an erasure nothing in the whole database, nor in the log, tells of her; and nobody else lost anything."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from opieka.channels import jobs as channel_jobs
from opieka.channels.adapters.memory import client as memory
from opieka.channels.models import Dispatch
from opieka.channels.types import DispatchState
from opieka.conversations import queries as conversations
from opieka.conversations.models import Conversation, Message
from opieka.customers import commands, queries
from opieka.customers.types import ContactKind, ContactPoint
from opieka.inbound.models import Payload
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import DomainError, NotFound
from opieka.orders import commands as order_commands
from opieka.orders import queries as orders
from opieka.orders.models import Order
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from tests.customers.test_commands import in_threads
from tests.factories import make_shop
from tests.privacy import scan, world
from tests.privacy.world import EMAIL, NEEDLES, Kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ready() -> Iterator[None]:
    reacting.begin()
    yield
    memory.outbox.clear()


@pytest.fixture
def kept() -> Kept:
    return world.fill(make_shop())


def erase(kept: Kept) -> None:
    commands.erase(kept.customer, shop_id=kept.shop.id, by=SYSTEM)
    world.settle()


def test_nothing_tells_of_her_afterwards(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.settle()
    before = scan.found(NEEDLES)
    assert {place.partition(":")[0] for place in before} >= {
        "customers_customer.name",
        "customers_contact.value",
        "customers_customer.search",
        "conversations_message.text",
        "conversations_message.people",
        "conversations_note.text",
        "conversations_searchentry.keys",
        "conversations_word.key",
        "conversations_conversation.preview",
        "conversations_attachment.filename",
        "channels_storedfile.body",
        "channels_dispatch.recipients",
        "inbound_payload.headers",
        "orders_order.contact",
        "orders_order.note",
        "orders_refund.reason",
        "orders_shipment.tracking_url",
        "rest_answer.body",
        "timeline_failure.error",
    }, "the scan finds her where she is"
    erase(kept)
    assert scan.found(NEEDLES) == []
    assert not [needle for needle in NEEDLES if needle in caplog.text.casefold()]


def test_what_the_books_need_stays(kept: Kept) -> None:
    erase(kept)
    (card,) = orders.of_customers([kept.customer], shop_ids=[kept.shop.id])
    assert (card.number, card.total, card.currency, card.contact.name) == ("1001", 34_900, "PLN", "")
    assert [(line.name, line.total) for line in card.lines] == [("Vase", 34_900)]
    assert [refund.amount for refund in card.refunds] == [100]
    person = queries.card(kept.caller, shop_ids=[kept.shop.id])
    assert (person.erased, person.title, person.points) == (True, "", ())
    assert person.lineage == (kept.customer, kept.caller)


def test_others_keep_their_own_words(kept: Kept) -> None:
    erase(kept)
    thread = conversations.thread(kept.shared, shop_ids=[kept.shop.id])
    texts = [
        "".join(part.text for part in item.segments) for item in thread.items if hasattr(item, "segments")
    ]
    assert [text.strip() for text in texts] == ["Kupuje z kolega.", "", "Zgoda, pisze […]."]
    assert (thread.subject, thread.customer_id) == ("Wazon", kept.jan)
    assert not conversations.search("kolega", shop_ids=[kept.shop.id]).read_as
    assert conversations.search("kolega", shop_ids=[kept.shop.id]).found
    assert not conversations.search("dzbanek", shop_ids=[kept.shop.id]).found
    own = conversations.thread(kept.conversation, shop_ids=[kept.shop.id])
    assert (own.subject, own.state) == ("", "resolved")


def everything(shop: ShopCard) -> list[Any]:
    """All rows of a shop."""
    return [
        list(model.objects.filter(shop_id=shop.id).order_by("pk").values())  # type: ignore[attr-defined]  # every model has one
        for model in apps.get_models()
        if any(field.attname == "shop_id" for field in model._meta.concrete_fields)
        and model.__module__.startswith("opieka.")
    ]


def test_another_operator_with_the_same_customer_loses_nothing(kept: Kept) -> None:
    stranger = world.fill(make_shop())
    sister = world.fill(make_shop(group_id=kept.shop.group_id))
    reacting.run_all()
    before = everything(stranger.shop)
    card = queries.card(stranger.customer, shop_ids=[stranger.shop.id])
    erase(kept)
    assert everything(stranger.shop) == before
    assert queries.card(stranger.customer, shop_ids=[stranger.shop.id]) == card
    assert conversations.original(
        Message.objects.filter(shop_id=stranger.shop.id).latest("id").pk, shop_ids=[stranger.shop.id]
    )
    assert not Message.objects.filter(shop_id=sister.shop.id, text__contains="malachit").exists()
    with pytest.raises(NotFound):
        commands.erase(stranger.customer, shop_id=kept.shop.id, by=SYSTEM)


def test_a_mail_afterwards_is_a_new_person_and_the_old_mail_does_not_come_again(kept: Kept) -> None:
    erase(kept)
    count = Message.objects.filter(shop_id=kept.shop.id).count()
    payloads = Payload.objects.count()
    again = world.letter("one", f"{world.NAME} <{EMAIL}>", "Gdzie jest mój malachitowy dzbanek?")
    world.feed(kept.shop, kept.account, again)
    assert Message.objects.filter(shop_id=kept.shop.id).count() == count, "the same mail fed once more"
    assert Payload.objects.count() == payloads
    new = world.letter("new", f"{world.NAME} <{EMAIL}>", "Dzień dobry", In_Reply_To="<one@poczta.example>")
    world.feed(kept.shop, kept.account, new)
    message = Message.objects.filter(shop_id=kept.shop.id).latest("id")
    assert message.customer_id not in {kept.customer, kept.caller, None}
    assert message.conversation_id not in {kept.conversation, kept.shared}
    world.settle()
    assert Message.objects.get(id=message.pk).text.strip() == "Dzień dobry"


def test_a_mail_between_the_erasure_and_its_reactions_stays(kept: Kept) -> None:
    commands.erase(kept.customer, shop_id=kept.shop.id, by=SYSTEM)
    new = world.letter("new", f"{world.NAME} <{EMAIL}>", "Jestem tu nowa", In_Reply_To="<one@poczta.example>")
    world.feed(kept.shop, kept.account, new)
    message = Message.objects.filter(shop_id=kept.shop.id).latest("id")
    world.settle()
    message.refresh_from_db()
    assert message.text.strip() == "Jestem tu nowa"
    assert Conversation.objects.get(id=message.conversation_id).customer_id == message.customer_id


def test_later_reports_of_her_order_bring_nothing_back(kept: Kept) -> None:
    erase(kept)
    later = world.order(updated_at=clock.now(), total=40_000)
    order_commands.apply_orders([later], shop_id=kept.shop.id, source="woocommerce", by=SYSTEM)
    assert Order.objects.get(id=kept.order).total == 40_000
    assert scan.found(NEEDLES) == []


def test_what_was_to_be_sent_is_not_and_what_is_under_way_ends_quietly(kept: Kept) -> None:
    row = Dispatch.objects.filter(shop_id=kept.shop.id).latest("id")
    Dispatch.objects.filter(id=row.pk).update(next_try_at=clock.now())
    from opieka.channels import commands as channels
    from opieka.channels.adapters.base import ChannelError
    from opieka.channels.types import Trouble

    work = channels.claim(row.pk)
    assert work
    erase(kept)
    channels.mark_failed(work, error=ChannelError(Trouble.BUSY, f"{EMAIL} is busy"))
    row.refresh_from_db()
    assert (row.state, row.raw_id, row.recipients, row.detail) == (DispatchState.FAILED, None, [], "")
    channel_jobs.deliver(row.pk)
    assert memory.outbox == []
    world.settle()
    assert scan.found(NEEDLES) == []


def test_two_agents_erase_at_once(kept: Kept) -> None:
    def erasing(_number: int) -> None:
        commands.erase(kept.customer, shop_id=kept.shop.id, by=SYSTEM)

    wrong = in_threads(erasing, 2)
    assert len(wrong) == 1
    assert isinstance(wrong[0], DomainError)


def test_nothing_can_be_done_to_her_any_more(kept: Kept) -> None:
    erase(kept)
    shop, point = kept.shop.id, ContactPoint(ContactKind.EMAIL, "new@example.com")
    with pytest.raises(commands.ErasedAlready):
        commands.erase(kept.customer, shop_id=shop, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.change(kept.customer, name="Anna", shop_id=shop, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.add_contact_point(kept.customer, point=point, shop_id=shop, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.merge(kept.jan, loser_id=kept.customer, shop_id=shop, by=SYSTEM)
    with pytest.raises(NotFound):
        commands.hold(kept.customer, shop_id=shop)


def test_whoever_is_recognised_in_that_moment_is_erased_with_what_she_brings(kept: Kept) -> None:
    """The intake holds her; the erasure waits for it, and takes what it brought along."""
    from django.db import transaction

    recognised, go_on = threading.Event(), threading.Event()

    def intake() -> None:
        with transaction.atomic():
            point = ContactPoint(ContactKind.EMAIL, EMAIL)
            more = ContactPoint(ContactKind.EMAIL, "zaneta.nowa@poczta.example")
            commands.recognise([point, more], shop_id=kept.shop.id, by=SYSTEM)
            recognised.set()
            assert go_on.wait(10)
        connection.close()

    def erasing() -> None:
        erase(kept)
        connection.close()

    first, second = threading.Thread(target=intake), threading.Thread(target=erasing)
    first.start()
    assert recognised.wait(10)
    second.start()
    second.join(0.5)
    assert second.is_alive(), "it waits"
    go_on.set()
    first.join(10)
    second.join(20)
    world.settle()
    assert scan.found(NEEDLES) == []
