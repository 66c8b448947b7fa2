"""Timed work of the clocks: the one sweeper."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.clocks import commands
from opieka.kernel.actor import SYSTEM


@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", queueing_lock="clocks.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Announce every clock that is due or due soon."""
    while commands.sweep(commands.BATCH, by=SYSTEM) == commands.BATCH:
        pass
