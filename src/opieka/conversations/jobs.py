"""Timed work: bringing back what was snoozed, learning the words customers use, forgetting what is old."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.channels import commands as channels
from opieka.conversations import commands, queries
from opieka.conversations.policy import states
from opieka.conversations.types import InboxPreferences
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops


@app.periodic(cron="* * * * *")
@app.task(name="conversations.wake", queueing_lock="conversations.wake", pass_context=False)
def wake(timestamp: int) -> None:
    """Each minute: snoozed conversations whose time has come."""
    for conversation_id, shop_id in queries.due_snoozed(clock.now(), limit=1000):
        commands.wake(conversation_id, shop_id=shop_id, by=SYSTEM)


@app.periodic(cron="*/5 * * * *")
@app.task(name="conversations.learn_words", queueing_lock="conversations.learn_words", pass_context=False)
def learn_words(timestamp: int) -> None:
    """Every five minutes: new words, so that mistyped ones are understood."""
    for shop in shops.shops():
        while commands.learn_words(shop.id, by=SYSTEM):
            pass


@app.periodic(cron="40 2 * * *")
@app.task(name="conversations.forget_old", queueing_lock="conversations.forget_old", pass_context=False)
def forget_old(timestamp: int) -> None:
    """Each night: what a shop does not want to keep any longer, some at a time."""
    now = clock.now()
    for shop in shops.shops():
        wishes = shops.preferences(shop.id, InboxPreferences)
        sources, spam = (
            states.months_ago(now, n) for n in (wishes.keep_sources_months, wishes.keep_spam_months)
        )
        while sources and commands.forget_old_sources(shop.id, before=sources, by=SYSTEM):
            pass
        while sources and channels.forget_old_mail(shop.id, before=sources, by=SYSTEM):
            pass
        while spam and commands.forget_old_spam(shop.id, before=spam, by=SYSTEM):
            pass
