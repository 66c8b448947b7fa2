"""Timed work: bringing back what was snoozed, and learning the words customers use."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.conversations import commands, queries
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
