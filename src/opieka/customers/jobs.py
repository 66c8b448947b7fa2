"""Timed work: throwing away what was needed for a while only."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.customers import commands
from opieka.kernel.actor import SYSTEM


@app.periodic(cron="* * * * *")
@app.task(name="customers.settle_erasures", queueing_lock="customers.settle_erasures", pass_context=False)
def settle_erasures(timestamp: int) -> None:
    """Each minute: of people whom everybody has forgotten nothing stays."""
    commands.settle_erasures(by=SYSTEM)


@app.periodic(cron="23 * * * *")
@app.task(name="customers.drop_exports", queueing_lock="customers.drop_exports", pass_context=False)
def drop_exports(timestamp: int) -> None:
    """Each hour: copies of people's data whose time is over."""
    commands.drop_exports()
