"""Lists and threads: what they show, to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from opieka.channels.types import Channel, MessageFile
from opieka.conversations import commands, queries
from opieka.conversations.types import Direction, EventItem, Filters, MessageItem, NoteItem, Place, View
from opieka.customers import commands as customers
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from tests.conversations.mails import MONDAY, mail, one, take
from tests.factories import make_shop, make_staff

pytestmark = pytest.mark.django_db


def test_a_row_shows_who_what_and_whether_it_is_read() -> None:
    shop = make_shop()
    ola = make_staff(shop)
    file = MessageFile("ab", "photo.jpg", "image/jpeg", 3)
    conversation = one(
        mail(shop, name="Anna Nowak", subject="Broken vase", text="It came\n broken.", files=(file,))
    )
    commands.take(conversation.pk, shop_ids=[shop.id], by=Actor.staff(ola))
    page = queries.inbox([shop.id], view=View.MINE, staff_id=ola)
    (row,) = page.rows
    assert (row.customer, row.subject, row.preview) == ("Anna Nowak", "Broken vase", "It came broken.")
    assert (row.assignee, row.unread, row.has_files, page.next) == ("Ola Nowak", True, True, None)
    assert row.preview_direction is Direction.IN
    commands.mark_read(
        row.id, message_id=conversation.last_message_id, shop_ids=[shop.id], by=Actor.staff(ola)
    )
    assert not queries.inbox([shop.id], view=View.OPEN, staff_id=ola).rows[0].unread
    assert queries.inbox([shop.id], view=View.OPEN, staff_id=make_staff(shop)).rows[0].unread


def test_what_no_person_wrote_is_unread_where_nothing_else_is() -> None:
    shop = make_shop()
    ola = make_staff(shop)
    first = mail(shop)
    one(mail(shop, "news@example.com", automatic=True))
    conversation = one(first)
    commands.mark_read(
        conversation.pk, message_id=conversation.last_message_id, shop_ids=[shop.id], by=Actor.staff(ola)
    )
    one(mail(shop, references=(first.external_id,), automatic=True))
    rows = queries.inbox([shop.id], view=View.OPEN, staff_id=ola).rows
    assert {row.id == conversation.pk: row.unread for row in rows} == {True: False, False: True}


def test_pages_go_on_where_the_last_one_ended_over_several_shops() -> None:
    shops = [make_shop(), make_shop()]
    conversations = [one(mail(shops[number % 2], f"c{number}@example.com")) for number in range(7)]
    ids, after = [], None
    for _ in range(4):
        page = queries.inbox([shop.id for shop in shops], view=View.OPEN, after=after, limit=2)
        ids += [row.id for row in page.rows]
        after = Place.parse(str(page.next)) if page.next else None
    assert ids == [conversation.pk for conversation in reversed(conversations)]
    assert after is None


def test_rows_of_one_moment_are_not_lost_between_pages() -> None:
    shop = make_shop()
    ids = {one(mail(shop, f"c{number}@example.com", sent_at=MONDAY)).pk for number in range(5)}
    first = queries.inbox([shop.id], view=View.ALL, limit=3)
    second = queries.inbox([shop.id], view=View.ALL, limit=3, after=first.next)
    assert {row.id for row in first.rows + second.rows} == ids


def test_views_filters_and_counts() -> None:
    shop = make_shop()
    ola = make_staff(shop)
    by, shop_ids = Actor.staff(ola), [shop.id]
    opened, taken, resolved, spam, snoozed = take(
        *(mail(shop, f"c{number}@example.com") for number in range(5))
    )
    commands.take(taken.pk, shop_ids=shop_ids, by=by)
    commands.resolve(resolved.pk, shop_ids=shop_ids, by=by)
    commands.mark_spam(spam.pk, shop_ids=shop_ids, by=by)
    commands.snooze(snoozed.pk, until=MONDAY + timedelta(days=400), shop_ids=shop_ids, by=by)
    shown = {view: {row.id for row in queries.inbox(shop_ids, view=view, staff_id=ola).rows} for view in View}
    assert shown[View.MINE] == {taken.pk}
    assert shown[View.UNASSIGNED] == {opened.pk}
    assert shown[View.OPEN] == {opened.pk, taken.pk}
    assert (shown[View.RESOLVED], shown[View.SPAM], shown[View.SNOOZED]) == (
        {resolved.pk},
        {spam.pk},
        {snoozed.pk},
    )
    assert len(shown[View.ALL]) == 5
    counted = queries.counts(shop_ids, staff_id=ola)
    assert {view: counted[view] for view in counted} == {view: len(shown[view]) for view in counted}
    narrow = Filters(customer_id=taken.customer_id, channel=Channel.EMAIL)
    assert [row.id for row in queries.inbox(shop_ids, view=View.ALL, filters=narrow).rows] == [taken.pk]


def test_counts_stop_at_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opieka.conversations.queries.lists.FULL", 2)
    shop = make_shop()
    take(*(mail(shop, f"c{number}@example.com") for number in range(4)))
    assert queries.counts([shop.id], staff_id=None)[View.OPEN] == 2


def test_a_thread_shows_what_was_said_noted_and_done() -> None:
    shop = make_shop()
    ola = make_staff(shop)
    by, shop_ids = Actor.staff(ola), [shop.id]
    text = "Thank you.\n\nOn Monday Ola wrote:\n> Tomorrow."
    conversation = one(mail(shop, text=text, reply_text="Thank you.", html="<p>Thank you.</p>"))
    commands.note(conversation.pk, text="Careful.", shop_ids=shop_ids, by=by)
    commands.take(conversation.pk, shop_ids=shop_ids, by=by)
    thread = queries.thread(conversation.pk, shop_ids=shop_ids)
    message, note, event = thread.items
    assert isinstance(message, MessageItem)
    assert isinstance(note, NoteItem)
    assert isinstance(event, EventItem)
    assert [(segment.text, segment.folded) for segment in message.segments] == [
        ("Thank you.\n\n", False), ("On Monday Ola wrote:\n> Tomorrow.", True)
    ]  # fmt: skip
    assert (note.text, note.author, message.has_html) == ("Careful.", "Ola Nowak", True)
    assert (event.kind, event.data["staff"], event.actor) == (
        "ConversationAssigned",
        "Ola Nowak",
        "Ola Nowak",
    )
    assert (thread.assignee, thread.last_message_id, thread.earlier) == ("Ola Nowak", message.id, None)


def test_a_long_thread_is_read_in_pages() -> None:
    shop = make_shop()
    first = mail(shop)
    conversation = one(first, *(mail(shop, references=(first.external_id,)) for _ in range(6)))
    seen: list[int] = []
    before = None
    while True:
        thread = queries.thread(conversation.pk, shop_ids=[shop.id], before=before, limit=3)
        seen = [item.id for item in thread.items if isinstance(item, MessageItem)] + seen
        before = thread.earlier
        if before is None:
            break
    assert len(seen) == 7
    assert seen == sorted(seen)


def test_other_shops_see_nothing() -> None:
    shop, other = make_shop(), make_shop()
    conversation = one(mail(shop))
    assert queries.inbox([other.id], view=View.ALL).rows == ()
    assert queries.rows([conversation.pk], shop_ids=[other.id]) == []
    assert set(queries.counts([other.id], staff_id=None).values()) == {0}
    with pytest.raises(NotFound):
        queries.thread(conversation.pk, shop_ids=[other.id])
    for command in (commands.resolve, commands.take, commands.mark_spam):
        with pytest.raises(NotFound):
            command(conversation.pk, shop_ids=[other.id], by=SYSTEM)
    with pytest.raises(NotFound):
        commands.note(conversation.pk, text="Hm", shop_ids=[other.id], by=SYSTEM)


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    shop = make_shop()
    ola = make_staff(shop)
    conversations = take(*(mail(shop, f"c{number}@example.com", name=f"C{number}") for number in range(12)))
    for conversation in conversations:
        commands.assign(conversation.pk, staff_id=ola, shop_ids=[shop.id], by=SYSTEM)
    with django_assert_num_queries(4):
        queries.inbox([shop.id], view=View.MINE, staff_id=ola)
    with django_assert_num_queries(6):
        queries.thread(conversations[0].pk, shop_ids=[shop.id])
    with django_assert_num_queries(1):
        queries.counts([shop.id], staff_id=ola)


@pytest.mark.parametrize(
    ("known", "subject", "text", "language"),
    [
        ("el", "1001", "ok", "el"),
        ("ru", "1001", "da", "ru"),
        ("pl", "super", "Super!", "pl"),
        ("pl", "Re: Zamówienie 1001", "Thanks a lot", "en"),
        ("pl", "Odp: Your order 1001", "Dziękuję", "pl"),
        ("el", "Re: Your order 1001", "12", "el"),
    ],
)
def test_a_conversation_is_in_the_language_its_customer_writes_or_is_known_to_speak(
    known: str, subject: str, text: str, language: str
) -> None:
    shop = make_shop()
    first = one(mail(shop))
    assert first.customer_id
    customers.change(first.customer_id, language=known, shop_id=shop.id, by=SYSTEM)
    assert one(mail(shop, subject=subject, text=text)).language == language
