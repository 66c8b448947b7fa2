"""The demo's content holds together: numbers add up, moments follow one another, mails are real mails."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise

import phonenumbers
import pytest

from opieka.channels.adapters.email import mapping
from opieka.project.demo import moments
from opieka.project.demo.content import Conversation, Demo, Order
from opieka.project.demo.mail import letters, source
from opieka.project.demo.reading import asset, read
from opieka.project.demo.snapshots import snapshot

MOMENTS = {
    "working morning": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    "Monday after midnight": datetime(2026, 3, 2, 0, 5, tzinfo=UTC),
    "Sunday night": datetime(2027, 2, 28, 23, 55, tzinfo=UTC),
    "after the clocks changed": datetime(2026, 10, 26, 6, 0, tzinfo=UTC),
    "first of the month": datetime(2026, 7, 1, 15, 0, tzinfo=UTC),
}
ORDER_NUMBER = re.compile(r"\b(?:PL|GR|OI)-\d{4,5}\b")
FICTITIOUS = re.compile(r"\.example$|(?:^|\.)example\.(?:com|org|net)$")
ADDRESS = re.compile(r"[\w.+-]+@([\w.-]+\w)")
TOPICS = {
    "late parcel", "wrong size", "missing part", "damaged", "invoice for a company", "change of address",
    "cancellation", "withdrawal", "warranty claim", "where is my refund", "product question",
    "pickup point full", "customs", "gift wrap", "praise",
}  # fmt: skip


@pytest.fixture(scope="module", params=list(MOMENTS.values()), ids=list(MOMENTS))
def now(request: pytest.FixtureRequest) -> datetime:
    moment: datetime = request.param
    return moment


@pytest.fixture(scope="module")
def demo(now: datetime) -> Demo:
    return read(now)


@pytest.fixture(scope="module")
def today() -> Demo:
    return read(MOMENTS["working morning"])


def mails(demo: Demo) -> list[tuple[Conversation, int, EmailMessage]]:
    found = []
    for conversation in demo.conversations:
        for index in range(len(conversation.messages)):
            made = message_from_bytes(source(demo, conversation, index), policy=policy.default)
            assert isinstance(made, EmailMessage)
            found.append((conversation, index, made))
    return found


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    assert part is not None
    content: str = part.get_content()
    return content


def texts(demo: Demo) -> list[str]:
    spoken = [
        text for each in demo.conversations for text in (each.subject, *(m.text for m in each.messages))
    ]
    notes = [*(c.notes for c in demo.conversations), *(c.notes for c in demo.customers)]
    return spoken + [note.text for each in notes for note in each]


@pytest.mark.parametrize(
    ("offset", "today", "expected"),
    [
        (-1, "2026-11-24", "2026-11-23"),
        (-2, "2026-11-24", "2026-11-20"),
        (-5, "2026-11-24", "2026-11-17"),
        (0, "2026-11-22", "2026-11-23"),
        (-1, "2026-11-22", "2026-11-20"),
        (1, "2026-11-20", "2026-11-23"),
        (2, "2026-11-21", "2026-11-25"),
        (-10, "2026-11-21", "2026-11-09"),
    ],
)
def test_offsets_count_working_days(offset: int, today: str, expected: str) -> None:
    assert moments.working_day(offset, date.fromisoformat(today)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "spoken"),
    [
        ("2026-11-24", ("we wtorek", "во вторник", "την Τρίτη", "on Tuesday")),
        ("2026-11-25", ("w środę", "в среду", "την Τετάρτη", "on Wednesday")),
    ],
)
def test_weekdays_are_declined(day: str, spoken: tuple[str, ...]) -> None:
    assert (
        tuple(moments.on_weekday(date.fromisoformat(day), tag) for tag in ("pl", "ru", "el", "en")) == spoken
    )


def test_dates_are_declined() -> None:
    first, other = date(2026, 7, 1), date(2026, 7, 14)
    assert [moments.on_day(day, "el") for day in (first, other)] == ["την 1η Ιουλίου", "στις 14 Ιουλίου"]
    assert [moments.on_day(other, tag) for tag in ("pl", "ru", "en")] == ["14 lipca", "14 июля", "on 14 July"]


def test_it_is_as_large_as_promised(today: Demo) -> None:
    assert len(today.groups) == 2
    assert 40 <= len(today.products) <= 45
    assert len(today.customers) >= 45
    assert len(today.orders) >= 90
    assert len(today.conversations) >= 40
    assert {each.status for each in today.conversations} == {"open", "assigned", "waiting", "resolved"}
    assert {each.topic for each in today.conversations} >= TOPICS


def test_every_language_has_its_share(today: Demo) -> None:
    count = Counter(each.language for each in today.conversations)
    assert set(count) == {"pl", "ru", "el", "en"}
    assert min(count.values()) >= 0.18 * len(today.conversations)


def test_goods_have_names_and_prices(today: Demo) -> None:
    skus = [variant.sku for product in today.products for variant in product.variants]
    assert len(skus) == len(set(skus))
    for product in today.products:
        for names in (product.names, *(variant.names for variant in product.variants if variant.names)):
            assert set(names) == {"pl", "ru", "el", "en"}, product.key
        assert all(price > 0 for price in product.prices.values())
        assert set(product.prices) <= set(today.shop)


def test_staff_belong_to_one_operator(today: Demo) -> None:
    groups = [set(group.shops) for group in today.groups]
    for member in today.staff:
        assert any(set(member.roles) <= shops for shops in groups), member.key
    assert all("owner" in {m.roles.get(shop.slug) for m in today.staff} for shop in today.shops)


def test_no_two_people_share_a_contact_point(today: Demo) -> None:
    for group in today.groups:
        people = [customer for customer in today.customers if customer.group == group.slug]
        points = [
            (
                point.kind,
                "".join(point.value.lower().split())[-9:] if point.kind != "email" else point.value.lower(),
            )
            for customer in people
            for point in customer.contact_points
        ]
        assert [point for point, times in Counter(points).items() if times > 1] == []


def test_one_person_is_known_to_both_operators(today: Demo) -> None:
    seen = Counter(customer.email for customer in today.customers)
    assert [address for address, times in seen.items() if times > 1] == ["james.oconnell@example.com"]


def test_phone_numbers_are_valid_where_their_owners_live(today: Demo) -> None:
    for customer in today.customers:
        for point in customer.contact_points:
            if point.kind != "email":
                number = phonenumbers.parse(point.value, customer.country)
                assert phonenumbers.is_valid_number(number), (customer.key, point.value)
    for shop in today.shops:
        assert phonenumbers.is_valid_number(phonenumbers.parse(shop.phone)), shop.slug


def test_addresses_are_fictitious(today: Demo) -> None:
    points = [p.value for customer in today.customers for p in customer.contact_points if p.kind == "email"]
    written = [*points, *(shop.mail for shop in today.shops), *(m.email for m in today.staff), *texts(today)]
    domains = {found for text in written for found in ADDRESS.findall(text)}
    assert [domain for domain in domains if not FICTITIOUS.search(domain)] == []


def test_orders_add_up(today: Demo) -> None:
    assert len(today.order) == len(today.orders)
    for order in today.orders:
        goods = sum(line.quantity * line.price for line in order.lines)
        assert order.total == goods + order.shipping.price, order.number
        assert all(payment.amount == order.total for payment in order.payments), order.number
        paid, refunded = (sum(each.amount for each in rows) for rows in (order.payments, order.refunds))
        assert refunded <= paid, order.number
        assert bool(order.payments) == (order.status != "placed"), order.number
        for line in order.lines:
            assert line.price == today.product[line.sku].prices[order.shop], (order.number, line.sku)


def test_refunds_are_for_what_was_bought(today: Demo) -> None:
    for order in today.orders:
        for refund in order.refunds:
            if refund.skus and order.status != "cancelled":
                bought = sum(line.quantity * line.price for line in order.lines if line.sku in refund.skus)
                assert refund.amount == bought, order.number
            assert (refund.at is not None) == (refund.status == "done"), order.number


def test_orders_belong_to_a_customer_of_their_operator(today: Demo) -> None:
    group = {slug: group.slug for group in today.groups for slug in group.shops}
    for order in today.orders:
        assert today.customer[order.customer].group == group[order.shop], order.number
        assert order.number.startswith(today.shop[order.shop].order_prefix + "-")
        assert order.address or order.shipping.pickup_point, order.number
        if order.address:
            assert order.address.country in today.shop[order.shop].countries, order.number


def life(order: Order) -> list[datetime]:
    moments_known = (order.placed, *(each.at for each in order.payments[:1]), order.shipped, order.delivered)
    return [moment for moment in moments_known if moment is not None]


def test_an_order_lives_forwards(demo: Demo, now: datetime) -> None:
    for order in demo.orders:
        for earlier, later in pairwise([*life(order), now]):
            assert earlier <= later, order.number
        for parcel in order.parcels:
            seen = [step.at for step in parcel.steps]
            assert seen == sorted(seen), (order.number, parcel.tracking)
            assert order.placed < seen[0] <= seen[-1] < now, order.number
        assert all(order.placed < each.at <= now for each in order.refunds if each.at), order.number


def test_parcels_tell_what_the_order_says(today: Demo) -> None:
    numbers = [parcel.tracking for order in today.orders for parcel in order.parcels]
    assert len(numbers) == len(set(numbers))
    for order in today.orders:
        reached = {parcel.steps[-1].stage for parcel in order.parcels}
        assert bool(reached) == (order.status in {"shipped", "delivered"}), order.number
        assert (reached == {"delivered"}) == (order.status == "delivered"), order.number
        assert (order.delivered is not None) == (order.status == "delivered"), order.number


def test_order_numbers_in_mails_exist_and_are_the_writers(today: Demo) -> None:
    for conversation in today.conversations:
        spoken = " ".join([conversation.subject, *(message.text for message in conversation.messages)])
        for number in ORDER_NUMBER.findall(spoken):
            order = today.order[number]
            assert order.shop == conversation.shop, (conversation.name, number)
            assert conversation.sender or order.customer == conversation.customer, (conversation.name, number)


def test_numbers_in_notes_exist(today: Demo) -> None:
    numbers = {number for text in texts(today) for number in ORDER_NUMBER.findall(text)}
    assert numbers <= set(today.order)


def test_a_conversation_runs_forwards(demo: Demo, now: datetime) -> None:
    for conversation in demo.conversations:
        assert 1 <= len(conversation.messages) <= 7
        said = [message.at for message in conversation.messages]
        assert said == sorted(set(said)), conversation.name
        assert said[-1] <= now, conversation.name
        assert all(said[0] < note.at <= now for note in conversation.notes), conversation.name
        for number in ORDER_NUMBER.findall(conversation.messages[-1].text):
            assert demo.order[number].placed < said[-1], conversation.name


def test_people_write_about_orders_already_placed(demo: Demo) -> None:
    for conversation in demo.conversations:
        for message in conversation.messages:
            for number in ORDER_NUMBER.findall(message.text):
                assert demo.order[number].placed < message.at, (conversation.name, number)


def test_answers_come_from_staff_of_the_shop_in_a_language_it_speaks(today: Demo) -> None:
    for conversation in today.conversations:
        shop = today.shop[conversation.shop]
        assert conversation.language in shop.languages, conversation.name
        if conversation.customer:
            assert today.customer[conversation.customer].language == conversation.language, conversation.name
        authors = {message.by for message in conversation.messages if not message.inbound}
        for key in {*authors, *(note.by for note in conversation.notes), conversation.assignee} - {None}:
            assert shop.slug in today.member[key or ""].roles, (conversation.name, key)
        assert conversation.status != "open" or conversation.assignee is None, conversation.name
        assert conversation.status == "open" or conversation.assignee, conversation.name
        if conversation.status == "waiting":
            assert not [m for m in conversation.messages if m.kind == "mail"][-1].inbound, conversation.name


def test_nothing_is_filler_or_left_unfilled(today: Demo) -> None:
    for text in texts(today):
        assert "{" not in text, text
        assert "lorem" not in text.lower(), text
        assert unicodedata.is_normalized("NFC", text), text


def test_no_text_mixes_alphabets_inside_a_word(today: Demo) -> None:
    """A Latin `o` inside a Russian or Greek word looks right and is found by no search."""
    for text in (*texts(today), *(name for product in today.products for name in product.names.values())):
        for word in re.findall(r"[^\W\d_]+", text):
            scripts = {unicodedata.name(letter).split()[0] for letter in word} - {"MICRO", "MASCULINE"}
            assert len(scripts) == 1, word


def test_mails_are_well_formed(today: Demo) -> None:
    ids = set()
    for conversation, index, mail in mails(today):
        where = (conversation.name, index)
        assert [part.defects for part in mail.walk() if part.defects] == [], where
        message = conversation.messages[index]
        assert mail["Date"].datetime == message.at, where
        assert mail["Message-ID"] not in ids, where
        ids.add(mail["Message-ID"])
        shop = today.shop[conversation.shop].mail
        assert shop == mail["To" if message.inbound else "From"].addresses[0].addr_spec, where
        if message.kind != "bounce" and conversation.program != "yandex":
            said = re.sub(r"\s+", "", message.text)
            assert re.sub(r"\s+", "", body(mail)).startswith(said), where


def test_replies_name_the_mail_they_answer(today: Demo) -> None:
    for conversation in today.conversations:
        thread = letters(today, conversation)
        for index, letter in enumerate(thread[1:], 1):
            mail = message_from_bytes(source(today, conversation, index), policy=policy.default)
            assert letter.answers is not None
            assert mail["In-Reply-To"] == letter.answers.id
            assert str(mail["References"]).split()[0] in {thread[0].id, getattr(thread[0].answers, "id", "")}


def test_answers_can_carry_the_ids_they_really_went_out_with(today: Demo) -> None:
    conversation = next(each for each in today.conversations if each.name == "pl-late-hammock")
    mail = message_from_bytes(
        source(today, conversation, 2, {1: "<sent@polana.example>"}), policy=policy.default
    )
    assert mail["In-Reply-To"] == "<sent@polana.example>"
    assert "<sent@polana.example>" in mail["References"]


def test_the_same_moment_makes_the_same_bytes(today: Demo) -> None:
    again = read(MOMENTS["working morning"])
    for ours, theirs in zip(today.conversations, again.conversations, strict=True):
        assert [source(today, ours, i) for i in range(len(ours.messages))] == [
            source(again, theirs, i) for i in range(len(theirs.messages))
        ]


def test_automatic_mails_say_so(today: Demo) -> None:
    automatic = [(c.messages[i].kind, mail) for c, i, mail in mails(today) if c.messages[i].kind != "mail"]
    assert {kind for kind, _ in automatic} == {"autoreply", "bounce"}
    assert all(mail["Auto-Submitted"] == "auto-replied" for _, mail in automatic)
    bounce = next(mail for kind, mail in automatic if kind == "bounce")
    assert bounce.get_content_type() == "multipart/report"
    status = next(part for part in bounce.walk() if part.get_content_type() == "message/delivery-status")
    assert "5.2.2" in status.as_string()


def test_replies_quote_as_their_programs_do(today: Demo) -> None:
    quotes = {
        conversation.program: body(mail)
        for conversation, index, mail in mails(today)
        if index and conversation.messages[index].inbound and conversation.messages[index].kind == "mail"
    }
    for program in ("gmail", "iphone", "apple-mail", "wp", "onet"):
        assert re.search(r"(?m)^> \S", quotes[program]), program
    assert re.search(r"(?m)^>\S", quotes["mailru"])
    assert "<blockquote>" in quotes["yandex"]
    assert re.search(r"(?m)^(Temat|Тема|Θέμα|Subject): ", quotes["outlook"])


def test_attachments_are_what_they_claim(today: Demo) -> None:
    magic = {"image/jpeg": b"\xff\xd8", "image/png": b"\x89PNG", "application/pdf": b"%PDF-"}
    carried = [part for _, _, mail in mails(today) for part in mail.iter_attachments() if part.get_filename()]
    assert {part.get_content_type() for part in carried} == set(magic)
    for part in carried:
        assert part.get_content().startswith(magic[part.get_content_type()]), part.get_filename()
        assert len(part.get_content()) < 60_000


def test_every_asset_is_used(today: Demo) -> None:
    used = {a.file for c in today.conversations for m in c.messages for a in m.attachments if a.file}
    assert len(used) == 6
    assert all(asset(name) for name in used)


def test_orders_read_as_a_connector_would_report_them(today: Demo) -> None:
    for order in today.orders:
        made = snapshot(today, order)
        assert sum(line.total for line in made.lines) + order.shipping.price == made.total
        assert made.updated_at >= max(life(order))
        assert {each.status == "delivered" for each in made.shipments} <= {order.status == "delivered"}
    states = {snapshot(today, order).payment_status for order in today.orders}
    assert states == {"pending", "paid", "partially_refunded", "refunded"}


def test_lines_are_named_in_the_language_of_their_buyer(today: Demo) -> None:
    assert snapshot(today, today.order["PL-10276"]).lines[0].name == "Шерстяной плед 130 × 180, терракотовый"


def test_the_desk_reads_what_they_wrote(today: Demo) -> None:
    """Our own parser finds the new part of every mail: all of it, or all but what stands below the name."""
    for conversation in today.conversations:
        for index, message in enumerate(conversation.messages):
            if message.kind != "mail":
                continue
            parsed = mapping.parse(source(today, conversation, index))
            written, read_back = (re.sub(r"\s+", "", text) for text in (message.text, parsed.reply_text))
            assert read_back, (conversation.name, index)
            assert written.startswith(read_back), (conversation.name, index)
            assert len(read_back) > 0.5 * len(written), (conversation.name, index)


def test_the_desk_knows_automatic_mails(today: Demo) -> None:
    read_back = {
        message.kind: mapping.parse(source(today, conversation, index))
        for conversation in today.conversations
        for index, message in enumerate(conversation.messages)
    }
    assert read_back["autoreply"].auto_reply
    assert read_back["bounce"].bounce
    assert read_back["bounce"].bounce.recipient == today.customer["weber"].email
    assert not read_back["mail"].auto_reply
