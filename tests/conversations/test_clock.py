"""The clock of the first answer: when it runs, rests and ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from opieka.clocks import queries as clocks
from opieka.clocks.types import Status
from opieka.conversations import commands, jobs, queries, reactions
from opieka.conversations.models import Conversation
from opieka.conversations.types import Draft, InboxPreferences, View
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import commands as shops
from opieka.timeline import queries as timeline
from opieka.timeline import reacting
from tests.conversations.mails import MONDAY, mail, one
from tests.conversations.test_answering import make_account
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
HEARD = next(
    reaction.kinds or frozenset()
    for reaction in reacting.reactions()
    if reaction.name.endswith("keep_the_clock_of_the_first_answer")
)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Just after the mails, in opening time."""
    with clock.fixed(MONDAY + timedelta(hours=1)):
        yield


def statuses(conversation: Conversation) -> list[Status]:
    """The clocks of a conversation after all that was announced of it. Telling it again changes nothing."""
    subject = f"conversation:{conversation.pk}"
    told = [
        entry
        for entry in timeline.of_subject(subject, shop_id=conversation.shop_id)
        if entry.fact.kind in HEARD
    ]
    for entry in [*told[-1:], *told[-1:]]:
        reactions.keep_the_clock_of_the_first_answer(entry)
    return [card.status for card in clocks.history(conversation.shop_id, subject)]


def test_it_runs_until_somebody_answers() -> None:
    shop = make_shop()
    first = mail(shop, account_id=make_account(shop), sent_at=MONDAY, received_at=MONDAY)
    conversation = one(first)
    assert statuses(conversation) == [Status.RUNNING]
    (row,) = queries.inbox([shop.id], view=View.OPEN).rows
    assert row.clock
    assert row.clock.starts_at == first.received_at
    one(mail(shop, account_id=first.account_id, references=(first.external_id,)))
    assert statuses(conversation) == [Status.RUNNING]
    draft = Draft("Soon.", anyway=True)
    message = commands.reply(conversation.pk, draft=draft, key="k", shop_ids=[shop.id], by=SYSTEM)
    assert statuses(conversation) == [Status.SATISFIED]
    commands.undo_reply(message, shop_ids=[shop.id], by=SYSTEM)
    assert statuses(conversation) == [Status.SATISFIED, Status.RUNNING]
    thread = queries.thread(conversation.pk, shop_ids=[shop.id])
    assert thread.clock
    assert thread.clock.starts_at == MONDAY


def test_it_rests_while_snoozed_and_ends_with_the_conversation() -> None:
    shop = make_shop()
    conversation = one(mail(shop, sent_at=MONDAY, received_at=MONDAY))
    until = clock.now() + timedelta(minutes=10)
    commands.snooze(conversation.pk, until=until, shop_ids=[shop.id], by=SYSTEM)
    assert statuses(conversation) == [Status.PAUSED]
    clock.advance(timedelta(minutes=10))
    jobs.wake(0)
    assert statuses(conversation) == [Status.RUNNING]
    commands.resolve(conversation.pk, shop_ids=[shop.id], by=SYSTEM)
    assert statuses(conversation) == [Status.CANCELLED]


def test_no_person_no_target_no_clock() -> None:
    shop = make_shop()
    assert statuses(one(mail(shop, automatic=True))) == []
    shops.set_preferences(shop.id, value=InboxPreferences(first_response_minutes=0), by=SYSTEM)
    assert statuses(one(mail(shop))) == []
