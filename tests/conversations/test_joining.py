"""Joining conversations, and parting them again exactly."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opieka.channels.types import Incoming
from opieka.conversations import commands, queries
from opieka.conversations.commands.joining import AlreadyParted, JoinedSince, JoinedWithItself
from opieka.conversations.models import Conversation, Join, Message, Note
from opieka.conversations.types import EventItem, MessageItem, View
from opieka.kernel.actor import SYSTEM, Actor
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard
from tests.conversations.mails import mail, one, take
from tests.factories import make_shop, make_staff

pytestmark = pytest.mark.django_db


def picture(shop: ShopCard) -> list[dict[str, Any]]:
    """Everything there is to see of a shop's conversations."""
    rows: list[dict[str, Any]] = []
    for model in (Conversation, Message, Note):
        found: Any = model.objects.filter(shop_id=shop.id)
        rows += found.order_by("id").values()
    return rows


def join(shop: ShopCard, one_id: int, other_id: int) -> int:
    return commands.join(one_id, other_id=other_id, shop_ids=[shop.id], by=SYSTEM)


def test_joined_they_are_one_and_parted_they_are_as_before() -> None:
    shop = make_shop()
    older, newer = take(mail(shop, subject="A"), mail(shop, "jan@example.com", subject="B", text="Later"))
    commands.note(newer.pk, text="Hm", shop_ids=[shop.id], by=SYSTEM)
    commands.resolve(older.pk, shop_ids=[shop.id], by=SYSTEM)
    before = picture(shop)
    join_id = join(shop, newer.pk, older.pk)
    (row,) = queries.inbox([shop.id], view=View.ALL).rows
    assert (row.id, row.subject, row.preview, row.message_count, row.state) == (
        older.pk,
        "A",
        "Later",
        2,
        "open",
    )
    thread = queries.thread(newer.pk, shop_ids=[shop.id])
    assert (thread.id, thread.joined_ids) == (older.pk, (newer.pk,))
    assert len([item for item in thread.items if isinstance(item, MessageItem)]) == 2
    assert "ConversationsJoined" in {item.kind for item in thread.items if isinstance(item, EventItem)}
    commands.part(join_id, shop_ids=[shop.id], by=SYSTEM)
    assert picture(shop) == before
    with pytest.raises(AlreadyParted):
        commands.part(join_id, shop_ids=[shop.id], by=SYSTEM)


def test_what_people_have_parted_is_not_joined_again_by_a_mail() -> None:
    shop = make_shop()
    first, second = mail(shop), mail(shop)
    older, newer = take(first, second)
    bridge = mail(shop, references=(second.external_id, first.external_id))
    assert one(bridge).pk == older.pk
    join_id = Join.objects.get(shop_id=shop.id).pk
    commands.part(join_id, shop_ids=[shop.id], by=SYSTEM)
    again = mail(shop, references=(second.external_id, first.external_id))
    assert one(again).pk == newer.pk
    assert Conversation.objects.filter(shop_id=shop.id, joined_into=None).count() == 2


def test_a_command_on_a_joined_conversation_is_one_on_where_it_went() -> None:
    shop = make_shop()
    older, newer = take(mail(shop), mail(shop, "jan@example.com"))
    join(shop, older.pk, newer.pk)
    commands.resolve(newer.pk, shop_ids=[shop.id], by=SYSTEM)
    older.refresh_from_db()
    assert older.state == "resolved"


def test_joins_are_undone_the_last_first() -> None:
    shop = make_shop()
    first, second, third = take(*(mail(shop, f"c{number}@example.com") for number in range(3)))
    lower = join(shop, second.pk, third.pk)
    upper = join(shop, first.pk, second.pk)
    with pytest.raises(JoinedSince):
        commands.part(lower, shop_ids=[shop.id], by=SYSTEM)
    commands.part(upper, shop_ids=[shop.id], by=SYSTEM)
    commands.part(lower, shop_ids=[shop.id], by=SYSTEM)
    assert len(queries.inbox([shop.id], view=View.OPEN).rows) == 3


def test_only_two_conversations_of_one_shop_are_joined() -> None:
    shop = make_shop()
    sister = make_shop(group_id=shop.group_id)
    mine, theirs = one(mail(shop)), one(mail(sister))
    with pytest.raises(JoinedWithItself):
        join(shop, mine.pk, mine.pk)
    for shop_ids in ([shop.id], [shop.id, sister.id]):
        with pytest.raises(NotFound):
            commands.join(mine.pk, other_id=theirs.pk, shop_ids=shop_ids, by=SYSTEM)


def test_what_happened_since_a_join_outlives_its_undoing() -> None:
    shop = make_shop()
    first = mail(shop)
    older, newer = take(first, mail(shop, "jan@example.com"))
    join_id = join(shop, older.pk, newer.pk)
    commands.take(older.pk, shop_ids=[shop.id], by=Actor.staff(make_staff(shop)))
    one(mail(shop, references=(first.external_id,), text="More"))
    commands.part(join_id, shop_ids=[shop.id], by=SYSTEM)
    older.refresh_from_db()
    assert (older.message_count, older.preview, older.assignee_id is None) == (2, "More", False)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    owners=st.lists(st.integers(0, 3), min_size=2, max_size=6),
    resolved=st.sets(st.integers(0, 1)),
)
def test_any_two_conversations_survive_a_join_and_its_undoing(owners: list[int], resolved: set[int]) -> None:
    shop = make_shop()
    sides: list[list[Any]] = [[], []]
    for owner in owners:
        side = sides[owner % 2]
        references = (side[0].external_id,) if side else ()
        side.append(mail(shop, f"c{owner % 2}@example.com", references=references))
    conversations = [one(*side) for side in sides if side]
    if len(conversations) < 2:
        return
    for place in resolved:
        commands.resolve(conversations[place].pk, shop_ids=[shop.id], by=SYSTEM)
    before = picture(shop)
    join_id = join(shop, conversations[0].pk, conversations[1].pk)
    commands.part(join_id, shop_ids=[shop.id], by=SYSTEM)
    assert picture(shop) == before


def at_once(*jobs: tuple[Callable[[Incoming], object], Sequence[Incoming]]) -> list[Exception]:
    """Each job in a thread of its own; what went wrong."""
    failed: list[Exception] = []

    def work(act: Callable[[Incoming], object], mails: Sequence[Incoming]) -> None:
        try:
            for incoming in mails:
                act(incoming)
        except Exception as error:  # noqa: BLE001  # shown by the test
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=job) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return failed


@pytest.mark.django_db(transaction=True)
def test_mails_that_come_while_conversations_are_joined_find_where_they_went() -> None:
    shop = make_shop()
    firsts = [mail(shop) for _ in range(6)]
    conversations = take(*firsts)
    chance = random.Random(3)
    bridges = [
        mail(shop, references=tuple(m.external_id for m in chance.sample(firsts, 2))) for _ in range(12)
    ]
    replies = [mail(shop, references=(chance.choice(firsts).external_id,)) for _ in range(12)]

    def note(incoming: Incoming) -> None:
        where = chance.choice(conversations).pk
        commands.note(where, text=incoming.subject, shop_ids=[shop.id], by=SYSTEM)

    def receive(incoming: Incoming) -> None:
        commands.receive(incoming, by=SYSTEM)

    assert at_once((receive, bridges), (receive, replies), (note, replies)) == []
    gone = Conversation.objects.filter(shop_id=shop.id, joined_into__isnull=False)
    assert not Message.objects.filter(conversation__in=gone).exists()
    assert not Note.objects.filter(conversation__in=gone).exists()
    for row in Conversation.objects.filter(shop_id=shop.id, joined_into=None):
        assert row.message_count == Message.objects.filter(conversation=row).count()
