"""Sending codes, and forgetting who asked for them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.kernel.actor import SYSTEM
from opieka.portal import commands


@app.task(name="portal.send_code", retry=3)
def send_code(entry_id: int) -> None:
    """Look for the order somebody asked for, and send its buyer a code."""
    commands.issue_code(entry_id, by=SYSTEM)


@app.periodic(cron="41 * * * *")
@app.task(name="portal.forget", queueing_lock="portal.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Each hour: nothing is kept of attempts a day old."""
    commands.forget_old()
