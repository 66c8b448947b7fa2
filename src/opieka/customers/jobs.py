"""Timed work: throwing away what an erasure needed while it was under way."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.customers import commands
from opieka.kernel.actor import SYSTEM


@app.periodic(cron="* * * * *")
@app.task(name="customers.settle_erasures", queueing_lock="customers.settle_erasures", pass_context=False)
def settle_erasures(timestamp: int) -> None:
    """Each minute: of people whom everybody has forgotten nothing stays."""
    commands.settle_erasures(by=SYSTEM)
