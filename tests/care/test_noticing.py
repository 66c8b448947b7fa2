"""Notices: switched on, true, new, once, in her language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from opieka.care import commands, queries, reactions
from opieka.care.commands.noticing import UnknownPlaceholder
from opieka.care.policy import noticing, wording
from opieka.care.types import NoticePreferences, ParcelNews
from opieka.channels import commands as channels
from opieka.channels.types import AccountDetails, Sending
from opieka.conversations import commands as conversations
from opieka.conversations.models import Message
from opieka.deliveries import commands as deliveries
from opieka.deliveries.facts import ParcelFact
from opieka.deliveries.models import Parcel
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Tracking, TrackingReport
from opieka.kernel import clock, facts
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands as orders
from opieka.orders.models import Order
from opieka.orders.types import Contact, OrderSnapshot
from opieka.shops import commands as shops
from opieka.shops.types import ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Touchpoint
from opieka.timeline.types import Entry
from tests.conversations.texts import make_number, sms
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def shop_with_mail(**changes: Any) -> ShopCard:
    shop = make_shop(**changes)
    details = AccountDetails(f"help@{shop.slug}.example", shop.name, sending=Sending.MEMORY)
    channels.open_account(shop.id, details=details, by=SYSTEM)
    return shop


def ordered(shop: ShopCard, *, language: str = "pl", **changes: Any) -> int:
    """Anna has ordered 1001, promised for the day after tomorrow; it goes by MEM1."""
    now = clock.now()
    told: dict[str, Any] = {
        "external_id": "A1",
        "number": "1001",
        "placed_at": now - 24 * HOUR,
        "updated_at": now - 24 * HOUR,
        "currency": "PLN",
        "total": 10_000,
        "contact": Contact(email=f"anna@{shop.slug}.example", name="Anna Nowak", language=language),
        "promised_at": now + 48 * HOUR,
    } | changes
    order = OrderSnapshot(**told)
    orders.apply_orders([order], shop_id=shop.id, source="csv", by=SYSTEM)
    order_id = Order.objects.get(shop_id=shop.id, external_id=order.external_id).pk
    deliveries.follow({order_id: None}, shop_id=shop.id, by=SYSTEM)
    return order_id


def report(shop: ShopCard, stage: ParcelStage, *, ago: timedelta = HOUR, code: str = "", **more: Any) -> int:
    """The carrier says something of the parcel; returns its id."""
    told = TrackingReport(at=clock.now() - ago, stage=stage, depot="Warszawa 3", **more)
    tracking = Tracking(
        carrier="memory",
        tracking_number="MEM1",
        reports=(told,),
        order_number="1001",
        collect_code=code,
    )
    deliveries.take([tracking], shop_id=shop.id, told_by="memory", by=SYSTEM)
    return Parcel.objects.get(shop_id=shop.id, number="MEM1").pk


def hear(shop: ShopCard) -> None:
    """Let care hear of every parcel's facts, the oldest first."""
    for row in Touchpoint.objects.filter(shop_id=shop.id).order_by("id"):
        fact = facts.load(row.kind, row.data)
        if isinstance(fact, ParcelFact) and type(fact) in reactions.NOTICES:
            reactions.tell_the_customer(
                [Entry(row.pk, shop.id, row.customer_id, row.subject, fact, SYSTEM, row.at)]
            )


def switch_on(shop: ShopCard, *kinds: ParcelNews) -> None:
    shops.set_preferences(shop.id, value=NoticePreferences(on=kinds), by=SYSTEM)


def told(shop: ShopCard) -> list[Message]:
    return list(Message.objects.filter(shop_id=shop.id).order_by("id"))


def test_a_customer_is_told_once_in_her_language(noon: datetime) -> None:
    shop = shop_with_mail()
    switch_on(shop, *ParcelNews)
    ordered(shop)
    report(shop, ParcelStage.ACCEPTED)
    hear(shop)
    hear(shop)
    [message] = told(shop)
    assert message.kind == "automatic"
    assert "1001" in message.subject
    assert "środa" in message.text or "25 listopada 2026" in message.text
    assert "{{" not in message.text


def test_nothing_is_told_until_it_is_switched_on(noon: datetime) -> None:
    shop = shop_with_mail()
    ordered(shop)
    report(shop, ParcelStage.OUT_FOR_DELIVERY)
    hear(shop)
    assert told(shop) == []


def test_what_is_no_longer_so_is_not_told(noon: datetime) -> None:
    """The van's report is heard after the delivery's: only the delivery is told."""
    shop = shop_with_mail()
    switch_on(shop, *ParcelNews)
    ordered(shop)
    report(shop, ParcelStage.OUT_FOR_DELIVERY, ago=4 * HOUR)
    report(shop, ParcelStage.DELIVERED)
    hear(shop)
    assert len(told(shop)) == 1
    assert (
        told(shop)[0].subject
        == wording.letter(
            queries.notice_text(ParcelNews.DELIVERED, language="pl", preferences=NoticePreferences()),
            {"order": "1001", "carrier": "x", "shop": "y"},
        ).subject
    )


def test_a_shops_own_words_are_used_and_checked(noon: datetime) -> None:
    shop = shop_with_mail()
    texts = {"pl": "Paczka {{ order }} czeka\nTutaj: {{ place }}\nDo: {{ until }}"}
    commands.save_notice(shop.id, kind=ParcelNews.READY, on=True, texts_by_language=texts, by=SYSTEM)
    ordered(shop, promised_at=None)
    report(shop, ParcelStage.AWAITING_COLLECTION)
    hear(shop)
    [message] = told(shop)
    assert (message.subject, message.text) == ("Paczka 1001 czeka", "Tutaj: Warszawa 3")
    with pytest.raises(UnknownPlaceholder):
        commands.save_notice(
            shop.id, kind=ParcelNews.READY, on=True, texts_by_language={"pl": "{{ kod }}"}, by=SYSTEM
        )


def test_the_hour_is_told_when_the_carrier_knows_it(noon: datetime) -> None:
    shop = shop_with_mail(languages=("en",))
    switch_on(shop, ParcelNews.OUT_FOR_DELIVERY)
    ordered(shop, language="el")
    report(shop, ParcelStage.OUT_FOR_DELIVERY, expected_from=noon + 2 * HOUR, expected_to=noon + 4 * HOUR)
    hear(shop)
    [message] = told(shop)
    assert "Expect it between 15:00 and 17:00." in message.text


@pytest.mark.parametrize("kind", list(ParcelNews))
def test_old_news_is_no_news(kind: ParcelNews, noon: datetime) -> None:
    worth = noticing.WORTH[kind]
    for stage in ParcelStage:
        for ago, leg in (
            (timedelta(0), Leg.OUTBOUND),
            (timedelta(days=4), Leg.OUTBOUND),
            (timedelta(0), Leg.CUSTOMER_RETURN),
        ):
            found = noticing.is_worth(kind, stage=stage, leg=leg, happened_at=noon - ago, now=noon)
            assert found == (stage in worth.stages and not ago and leg is Leg.OUTBOUND)


@pytest.mark.parametrize("language", ["pl", "ru", "el", "en"])
@pytest.mark.parametrize("kind", list(ParcelNews))
def test_every_notice_can_be_filled_in_in_every_language(kind: ParcelNews, language: str) -> None:
    text = queries.notice_text(kind, language=language, preferences=NoticePreferences())
    assert wording.unknown(text) == []
    letter = wording.letter(text, dict.fromkeys(wording.PLACEHOLDERS, "x"))
    assert letter.subject
    assert letter.text
    assert "{{" not in letter.subject + letter.text


def test_what_is_told_of_today_leaves_today_or_by_mail(noon: datetime) -> None:
    """In the quiet hours a text would leave tomorrow: where it is not true then, a mail leaves now, or nothing."""
    shop = shop_with_mail()
    account = make_number(shop)
    switch_on(shop, *ParcelNews)
    ordered(shop, contact=Contact(email=f"anna@{shop.slug}.example", phone="+48601234567", language="pl"))
    conversations.receive(sms(shop, account, "Dzień dobry"), by=SYSTEM)
    with clock.fixed(noon + 9 * HOUR):  # ten in the evening in Warsaw
        report(shop, ParcelStage.OUT_FOR_DELIVERY)
        hear(shop)
    assert [message.channel for message in told(shop)] == ["sms", "email"]
    with clock.fixed(noon + 10 * HOUR):
        report(shop, ParcelStage.AWAITING_COLLECTION, ago=timedelta(minutes=1))
        hear(shop)
    assert [message.channel for message in told(shop)] == ["sms", "email", "sms"], (
        "what is true tomorrow waits"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", list(ParcelNews))
def test_each_notice_is_told_through_the_worker(kind: ParcelNews, noon: datetime) -> None:
    stages = {
        ParcelNews.ACCEPTED: ParcelStage.ACCEPTED,
        ParcelNews.OUT_FOR_DELIVERY: ParcelStage.OUT_FOR_DELIVERY,
        ParcelNews.READY: ParcelStage.AWAITING_COLLECTION,
        ParcelNews.ATTEMPTED: ParcelStage.ATTEMPT_FAILED,
        ParcelNews.DELIVERED: ParcelStage.DELIVERED,
    }
    reacting.begin()
    shop = shop_with_mail(languages=("en",))
    switch_on(shop, kind)
    ordered(shop)
    report(shop, stages[kind], handed_to=HandedTo.NEIGHBOUR, code="4711")
    while reacting.run_all():
        pass
    [message] = told(shop)
    usual = queries.notice_text(kind, language="en", preferences=NoticePreferences()).partition("\n")[0]
    assert message.subject == usual.replace("{{ order }}", "1001")
    assert ("handed to a neighbour" in message.text) == (kind is ParcelNews.DELIVERED)
    assert ("The code to open it: 4711 (as a QR code: http" in message.text) == (kind is ParcelNews.READY)
