"""Anna and all a shop has of her: mails with files, orders, calls of other systems, a phone call, notes, consents."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from opieka.channels.types import AccountDetails, Sending
from opieka.conversations import commands as conversations
from opieka.conversations.models import Conversation, Message
from opieka.conversations.types import Draft
from opieka.customers import commands as customers
from opieka.customers.types import Consent, ConsentChannel, ConsentSource, ContactKind, ContactPoint, Purpose
from opieka.inbound import commands as inbound
from opieka.inbound import jobs as inbound_jobs
from opieka.inbound.models import Payload
from opieka.inbound.types import NewPayload, Source, State
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM, Actor
from opieka.orders import commands as orders
from opieka.orders.models import Order
from opieka.orders.types import (
    Address,
    Contact,
    LineSnapshot,
    OrderSnapshot,
    PaymentStatus,
    RefundSnapshot,
    ShipmentSnapshot,
    ShipmentStatus,
)
from opieka.rest.models import Answer
from opieka.shops.models import ApiToken
from opieka.shops.types import Permission, Role, ShopCard
from opieka.timeline import reacting
from opieka.timeline.models import Failure, Touchpoint
from tests.factories import make_staff

from opieka.channels import commands as channels  # isort: skip
from opieka.shops import commands as shops  # isort: skip

NAME, EMAIL, WORK, PHONE = (
    "Żaneta Zielińska",
    "zaneta.z@poczta.example",
    "zaneta@praca.example",
    "+48512345678",
)
NEEDLES = (
    "żaneta", "zaneta", "zielińska", "zielinska", "poczta.example", "praca.example", "512345678", "512 345 678",
    "malachitowy", "malachit", "dzbanek", "kukułcza", "kukulcza", "smarkata", "zaproszenie.txt",
    "00-345", "ogryzek",
)  # fmt: skip
"""What must be nowhere: her name, addresses and numbers, folded too, and the words she and others wrote of her."""


@dataclass
class Kept:
    """One shop and what is Anna's in it."""

    shop: ShopCard
    account: int
    agent: int
    customer: int
    caller: int
    order: int
    conversation: int
    shared: int
    jan: int


def letter(number: str, sender: str, text: str, **headers: str) -> bytes:
    """A mail as it comes."""
    lines = {
        "From": sender,
        "To": "sklep@las.example",
        "Subject": "Malachitowy dzbanek",
        "Date": "Mon, 23 Nov 2026 12:00:00 +0100",
        "Message-ID": f"<{number}@{sender.strip('>').partition('@')[2]}>",
        "MIME-Version": "1.0",
        "Content-Type": "multipart/mixed; boundary=x",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "\r\n".join(f"{name}: {value}" for name, value in lines.items())
    file = (
        "--x\r\nContent-Type: text/plain; name=zaproszenie.txt\r\n"
        "Content-Disposition: attachment; filename=zaproszenie.txt\r\n\r\n"
        f"Zaproszenie {number} na ulice Kukulcza\r\n"
    )
    body = f"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    return f"{head}\r\n\r\n{body}{file if NAME in sender else ''}--x--\r\n".encode()


def feed(shop: ShopCard, account: int, raw: bytes, **headers: object) -> None:
    """Take a mail in, as the listener and the worker do."""
    inbound.accept(NewPayload(shop.id, Source.MAIL, account, raw, headers=dict(headers)))
    while inbound_jobs.read_batch():
        pass


def order(number: str = "1001", **changes: object) -> OrderSnapshot:
    """An order of hers as the shop reports it."""
    at = clock.now() - timedelta(days=3)
    address = Address(name=NAME, street="Kukułcza 7", postcode="00-345", city="Warszawa", country="PL")
    told: dict[str, object] = {
        "external_id": number,
        "number": number,
        "placed_at": at,
        "updated_at": at,
        "currency": "PLN",
        "total": 34_900,
        "payment_status": PaymentStatus.PAID,
        "contact": Contact(name=NAME, email=EMAIL, phone=PHONE),
        "shipping_address": address,
        "billing_address": address,
        "note": "Dzwonić, gdy ogryzek zje kot",
        "lines": (LineSnapshot(external_id="1", name="Vase", quantity=1, price=34_900, total=34_900),),
        "refunds": (
            RefundSnapshot(
                external_id="r1", amount=100, currency="PLN", issued_at=at, reason="Ogryzek u Żanety"
            ),
        ),
        "shipments": (
            ShipmentSnapshot(
                external_id="s1",
                status=ShipmentStatus.SHIPPED,
                carrier="inpost",
                tracking_numbers=("620000099887766",),
                tracking_url="https://t.example/?email=zaneta.z@poczta.example",
            ),
        ),
    }
    return OrderSnapshot(**(told | changes))  # type: ignore[arg-type]  # test data


def settle() -> None:
    """Let every reaction catch up, and throw away what erasures needed."""
    reacting.run_all()
    customers.settle_erasures(by=SYSTEM)


def fill(shop: ShopCard) -> Kept:
    """Everything a shop may have of her."""
    address = f"sklep@{shop.slug}.example"
    details = AccountDetails(address, shop.name, sending=Sending.MEMORY)
    account = channels.open_account(shop.id, details=details, by=SYSTEM)
    agent = make_staff(shop, Role.OWNER)
    feed(
        shop, account, letter("one", f"{NAME} <{EMAIL}>", "Gdzie jest mój malachitowy dzbanek?"),
        mail_from=EMAIL, rcpt_to=[address],
    )  # fmt: skip
    message = Message.objects.filter(shop_id=shop.id).latest("id")
    customer = message.customer_id or 0
    answered(shop, message.conversation_id, f"Droga Żaneto, dzbanek jedzie na {EMAIL}.", agent)
    shared, jan = _shared(shop, account)
    orders.apply_orders([order()], shop_id=shop.id, source="woocommerce", by=SYSTEM)
    _calls(shop)
    caller = customers.recognise(
        [ContactPoint(ContactKind.PHONE, "600 100 200"), ContactPoint(ContactKind.EMAIL, WORK)],
        shop_id=shop.id, name="Ż. Zielińska", by=SYSTEM,
    )  # fmt: skip
    with suppress(customers.SamePerson):  # in a second shop of one operator
        customers.merge(customer, loser_id=caller, shop_id=shop.id, by=Actor.staff(agent))
    consent = Consent(Purpose.MARKETING, ConsentChannel.EMAIL, True, ConsentSource.FORM, "newsletter/3")
    customers.record_consent(customer, consent=consent, shop_id=shop.id, by=SYSTEM)
    _by_the_way(shop, customer)
    conversations.learn_words(shop.id, by=SYSTEM)
    return Kept(
        shop, account, agent, customer, caller,
        Order.objects.get(shop_id=shop.id).pk, message.conversation_id, shared, jan,
    )  # fmt: skip


def answered(shop: ShopCard, conversation_id: int, text: str, agent: int) -> int:
    """An agent answers, and leaves a note."""
    by = Actor.staff(agent)
    conversations.note(conversation_id, text="Smarkata Żaneta znów dzwoni", shop_ids=[shop.id], by=by)
    draft = Draft(text, anyway=True)
    return conversations.reply(
        conversation_id, draft=draft, key=f"a{conversation_id}", shop_ids=[shop.id], by=by
    )


def _shared(shop: ShopCard, account: int) -> tuple[int, int]:
    """A conversation of Jan's in which she wrote too, and which he quoted."""
    ours = f"sklep@{shop.slug}.example"
    feed(
        shop,
        account,
        letter("jan", "Jan <jan@inni.example>", "Kupuje z kolega.", To=ours, Cc=EMAIL, Subject="Wazon"),
    )
    refers = {"In_Reply_To": "<jan@inni.example>", "Subject": "Re: Wazon"}
    feed(
        shop,
        account,
        letter(
            "two",
            f"{NAME} <{EMAIL}>",
            "Ja wole malachitowy dzbanek.",
            To=ours,
            Cc="jan@inni.example",
            **refers,
        ),
    )
    quoting = (
        f"Zgoda, pisze {NAME}.\r\n\r\nOn Mon, 23 Nov 2026, {NAME} wrote:\r\n> Ja wole malachitowy dzbanek."
    )
    refers["In_Reply_To"] = "<two@poczta.example>"
    feed(shop, account, letter("three", "Jan <jan@inni.example>", quoting, To=ours, Cc=EMAIL, **refers))
    last = Message.objects.filter(shop_id=shop.id).latest("id")
    conversation = Conversation.objects.get(id=last.conversation_id)
    assert conversation.message_count == 3
    assert last.customer_id
    return conversation.pk, last.customer_id


def _calls(shop: ShopCard) -> None:
    """What her shop's and mail systems have sent, as raw bytes."""
    bodies = [
        json.dumps({"billing": {"email": EMAIL, "first_name": "Żaneta", "last_name": "Zielińska"}}),
        json.dumps({"phone": "512 345 678", "id": 5, "note": "ogryzek"}),
        json.dumps({"billing": {"email": "jan@inni.example"}}),
    ]
    for body in bodies:
        inbound.accept(
            NewPayload(
                shop.id,
                Source.ORDERS,
                1,
                f"{shop.id} {body}".encode(),
                "application/json",
                headers={"topic": "x"},
            )
        )
    Payload.objects.filter(shop_id=shop.id, source=Source.ORDERS).update(state=State.DONE)


def _by_the_way(shop: ShopCard, customer: int) -> None:
    """Where words of hers can get without anybody meaning it."""
    touchpoint = Touchpoint.objects.filter(shop_id=shop.id, customer_id=customer).earliest("id")
    Failure.objects.create(
        shop_id=shop.id, reaction="x.y", touchpoint_id=touchpoint.pk, failed_at=clock.now(),
        error=f"ValueError: {EMAIL} has no malachit",
    )  # fmt: skip
    shops.issue_token(shop.id, name="Shop", scopes=[Permission.READ], by=SYSTEM)
    Answer.objects.create(
        token=ApiToken.objects.get(shop_id=shop.id), key="k", request_digest="", status=201,
        location="/api/v1/customers/1", body=json.dumps({"name": NAME}).encode(), created_at=clock.now(),
    )  # fmt: skip
