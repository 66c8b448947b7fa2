"""Which messages are one conversation."""

from __future__ import annotations

import random
import threading as threads
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.channels.types import Channel, Incoming
from opieka.conversations import commands
from opieka.conversations.models import Conversation, Message
from opieka.conversations.types import RelatedWhy, Unreadable
from opieka.customers import commands as customers_commands
from opieka.customers import queries as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard
from tests.conversations.mails import MONDAY, mail, one, party, take
from tests.conversations.test_answering import make_account
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


def reply(to: Incoming, sender: str = "anna@example.com", **parts: object) -> Incoming:
    """An answer that names the mail it answers."""
    shop = ShopCard(to.shop_id, 0, "", "", "", "", "", (), "")
    return mail(shop, sender, **({"references": (to.external_id, *to.references)} | parts))


def test_a_mail_opens_a_conversation_and_its_answers_stay_in_it() -> None:
    shop = make_shop()
    first = mail(shop, subject="Parcel 17", text="Where is it?")
    second = reply(first, text="Hello?")
    conversation = one(first, second)
    assert (conversation.subject, conversation.preview, conversation.message_count) == (
        "Parcel 17",
        "Hello?",
        2,
    )
    assert (conversation.opened_at, conversation.last_message_at) == (first.sent_at, second.sent_at)
    assert conversation.waiting_since == first.sent_at


def test_the_same_mail_comes_once_however_often_it_is_fed() -> None:
    shop = make_shop()
    first = mail(shop)
    nameless = mail(shop, external_id="sha256:abc")
    ids = commands.receive_many([first, nameless, first, nameless], by=SYSTEM)
    assert ids == [*ids[:2], *ids[:2]]
    assert commands.receive(replace(first, account_id=2), by=SYSTEM) == ids[0]
    assert Message.objects.count() == 2


def test_two_mails_with_one_message_id_are_both_kept() -> None:
    shop = make_shop()
    first = mail(shop, external_id="1@localhost", text="one")
    take(first, mail(shop, external_id="1@localhost", text="two"))
    assert Message.objects.count() == 2


def test_an_answer_that_comes_before_its_question_is_joined_with_it() -> None:
    shop = make_shop()
    first = mail(shop, subject="A question")
    conversation = one(reply(first, subject="Re: A question"), first)
    assert (conversation.subject, conversation.opened_at) == ("A question", first.sent_at)


def test_a_mail_that_bridges_two_conversations_joins_them() -> None:
    shop = make_shop()
    first, second = mail(shop), mail(shop)
    older, newer = take(first, second)
    assert older.pk != newer.pk
    bridge = reply(first, references=(first.external_id, second.external_id))
    assert one(bridge).pk == older.pk
    newer.refresh_from_db()
    assert newer.joined_into_id == older.pk
    assert Message.objects.filter(conversation=older).count() == 3


def test_a_stranger_who_quotes_a_name_gets_a_conversation_of_his_own_and_a_hint() -> None:
    shop = make_shop()
    newsletter = mail(shop, "anna@example.com")
    annas = one(newsletter)
    for stranger in ("eve@example.com", "jan@example.com"):
        # To name the person on the envelope is not to be known to her.
        conversation = one(reply(newsletter, stranger, cc=(party("anna@example.com"),)))
        assert conversation.pk != annas.pk
        assert (conversation.related_id, conversation.related_why) == (annas.pk, RelatedWhy.REFERENCE)
    assert one(reply(newsletter)).pk == annas.pk


def test_a_number_in_the_subject_is_no_reason() -> None:
    shop = make_shop()
    conversation = one(mail(shop, subject="Order #17"))
    other = one(mail(shop, "eve@example.com", subject=f"Re: Order #17 [conversation:{conversation.pk}]"))
    again = one(mail(shop, subject="Re: Order #17"))
    assert len({conversation.pk, other.pk, again.pk}) == 3


def test_whoever_was_on_the_mail_may_answer_it() -> None:
    shop = make_shop()
    first = mail(shop, cc=(party("Jan@Example.com"),))
    assert one(first, reply(first, "jan@example.com")).customer_id == one(first).customer_id


def test_one_person_with_two_addresses() -> None:
    shop = make_shop()
    first = mail(shop, "anna@example.com")
    annas = one(first)
    other = customers_commands.recognise(
        [ContactPoint(ContactKind.EMAIL, "anna@work.example")], shop_id=shop.id, by=SYSTEM
    )
    before = one(reply(first, "anna@work.example"))
    assert before.pk != annas.pk
    assert annas.customer_id
    customers_commands.merge(annas.customer_id, loser_id=other, shop_id=shop.id, by=SYSTEM)
    assert one(reply(first, "anna@work.example")).pk == annas.pk


def test_other_shops_conversations_are_never_touched() -> None:
    shop = make_shop()
    sister = make_shop(group_id=shop.group_id)
    first = mail(shop)
    conversation = one(first)
    elsewhere = one(mail(sister, references=(first.external_id,)))
    assert elsewhere.pk != conversation.pk
    assert elsewhere.related_id is None


def test_what_no_person_wrote_is_kept_but_asks_for_nothing() -> None:
    shop = make_shop()
    first = mail(shop)
    conversation = one(first)
    commands.resolve(conversation.pk, shop_ids=[shop.id], by=SYSTEM)
    conversation = one(reply(first, automatic=True, text="I am on holiday"))
    assert (conversation.state, conversation.message_count) == ("resolved", 2)
    assert conversation.preview.startswith("Where is my parcel")
    newsletter = one(mail(shop, "news@example.com", automatic=True, bulk=True))
    assert (newsletter.state, newsletter.waiting_since) == ("open", None)


def test_what_the_shops_own_contact_form_sends_is_from_whom_the_answer_is_for() -> None:
    shop = make_shop()
    make_account(shop)
    form = f"help@{shop.slug}.example"
    asked = [
        mail(shop, form.upper(), reply_to=(party(who),)) for who in ("anna@example.com", "jan@example.com")
    ]
    anna, jan = take(*asked)
    assert anna.customer_id != jan.customer_id
    assert anna.waiting_since
    assert Message.objects.get(conversation=anna).sender_value == "anna@example.com"
    assert one(reply(asked[0])).pk == anna.pk
    copy = one(mail(shop, form, subject="New order 17"))
    assert (copy.customer_id, copy.waiting_since, copy.state) == (None, None, "open")


def test_a_resolved_conversation_is_taken_up_again_or_continued_in_a_new_one() -> None:
    shop = make_shop()
    first = mail(shop)
    conversation = one(first)
    commands.resolve(conversation.pk, shop_ids=[shop.id], by=SYSTEM)
    second = reply(first)
    conversation = one(second)
    assert conversation.state == "open"
    commands.resolve(conversation.pk, shop_ids=[shop.id], by=SYSTEM)
    clock.advance(timedelta(days=31))
    later = reply(second)
    continued = one(later)
    assert (continued.related_id, continued.related_why) == (conversation.pk, RelatedWhy.CONTINUES)
    # Both names lead to the new one from now on; the old one is over.
    assert one(reply(later)).pk == continued.pk
    conversation.refresh_from_db()
    assert conversation.state == "resolved"


def test_what_could_not_be_read_is_shown_with_its_source() -> None:
    shop = make_shop()
    found = Unreadable(
        shop_id=shop.id,
        account_id=1,
        channel=Channel.EMAIL,
        external_id="sha256:beef",
        received_at=MONDAY,
        raw_sha256="beef",
        size=17,
        filename="message.eml",
        content_type="message/rfc822",
        reason="too_deep",
    )
    message_id = commands.receive_unreadable(found, by=SYSTEM)
    assert commands.receive_unreadable(found, by=SYSTEM) == message_id
    message = Message.objects.select_related("conversation").get(id=message_id)
    assert (message.kind, message.defects, message.conversation.state) == ("unreadable", ["too_deep"], "open")
    assert message.conversation.has_files


def test_what_one_person_writes_to_a_channel_without_references_is_one_conversation() -> None:
    shop = make_shop()
    written = [
        mail(shop, channel=Channel.WHATSAPP, external_id=f"wamid{number}", subject="") for number in range(3)
    ]
    conversation = one(*written)
    assert one(mail(shop, "jan@example.com", channel=Channel.WHATSAPP)).pk != conversation.pk
    # By another account she goes on with what is going on; what is resolved is another matter.
    assert one(mail(shop, channel=Channel.WHATSAPP, account_id=2)).pk == conversation.pk
    commands.resolve(conversation.pk, shop_ids=[shop.id], by=SYSTEM)
    assert one(mail(shop, channel=Channel.WHATSAPP, account_id=3)).pk != conversation.pk


# The property: conversations do not depend on the order of arrival, on repeats or on who else is at it.

PEOPLE = ["anna@example.com", "jan@example.com", "eve@example.com"]


@dataclass(frozen=True)
class Plan:
    """One mail of a random exchange: who writes, whom to, and which of the earlier ones are named."""

    sender: int
    cc: frozenset[int]
    names: tuple[int, ...]


plans = st.lists(
    st.builds(
        Plan,
        sender=st.integers(0, 2),
        cc=st.frozensets(st.integers(0, 2), max_size=2),
        names=st.lists(st.integers(0, 7), max_size=3).map(tuple),
    ),
    min_size=2,
    max_size=8,
)


def written(shop: ShopCard, exchange: Sequence[Plan]) -> list[Incoming]:
    """The mails of an exchange. Names of mails that never come (7 and above) are fine."""
    return [
        mail(
            shop,
            PEOPLE[plan.sender],
            external_id=f"m{number}@example.com",
            sent_at=MONDAY + timedelta(hours=number),
            received_at=MONDAY + timedelta(days=1),
            subject=f"mail {number}",
            text=f"text {number}",
            cc=tuple(party(PEOPLE[other]) for other in sorted(plan.cc)),
            references=tuple(f"m{name}@example.com" for name in plan.names if name != number),
        )
        for number, plan in enumerate(exchange)
    ]


def outcome(shop: ShopCard) -> dict[frozenset[str], tuple[object, ...]]:
    """Every conversation as the set of its messages, with what it says of itself."""
    people = customers.cards(
        Conversation.objects.filter(shop_id=shop.id).values_list("customer_id", flat=True), shop_ids=[shop.id]
    )
    found: dict[frozenset[str], tuple[object, ...]] = {}
    for row in Conversation.objects.filter(shop_id=shop.id, joined_into=None).exclude(customer=None):
        messages = Message.objects.filter(conversation=row)
        names = frozenset(messages.values_list("external_id", flat=True))
        assert len(names) == messages.count() == row.message_count
        says = (row.subject, row.opened_at, row.last_message_at, row.preview, row.state, row.waiting_since)
        found[names] = (*says, row.last_customer_message_at, people[row.customer_id or 0].title)
    return found


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(exchange=plans, order=st.randoms(use_true_random=False), cut=st.integers(1, 8))
def test_the_order_of_arrival_makes_no_difference(
    exchange: list[Plan], order: random.Random, cut: int
) -> None:
    expected = make_shop()
    for incoming in written(expected, exchange):
        commands.receive(incoming, by=SYSTEM)
    shuffled = make_shop()
    mails = written(shuffled, exchange) * 2
    order.shuffle(mails)
    for start in range(0, len(mails), cut):
        commands.receive_many(mails[start : start + cut], by=SYSTEM)
    assert outcome(shuffled) == outcome(expected)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(6))
def test_two_pollers_at_once_make_no_difference(seed: int) -> None:
    chance = random.Random(seed)
    exchange = [
        Plan(
            chance.randrange(3),
            frozenset(chance.sample(range(3), chance.randrange(3))),
            tuple(chance.sample(range(10), chance.randrange(3))),
        )
        for _ in range(10)
    ]
    expected = make_shop()
    for incoming in written(expected, exchange):
        commands.receive(incoming, by=SYSTEM)
    shop = make_shop()
    together = threads.Barrier(3)
    failed: list[BaseException] = []

    def poll(mails: list[Incoming], size: int) -> None:
        try:
            together.wait(10)
            for start in range(0, len(mails), size):
                commands.receive_many(mails[start : start + size], by=SYSTEM)
        except BaseException as error:  # noqa: BLE001  # shown by the test
            failed.append(error)
        finally:
            connection.close()

    pollers = []
    for size in (1, 3, 4):
        mails = written(shop, exchange)
        chance.shuffle(mails)
        pollers.append(threads.Thread(target=poll, args=(mails, size)))
    for poller in pollers:
        poller.start()
    for poller in pollers:
        poller.join(60)
    assert failed == []
    assert outcome(shop) == outcome(expected)
