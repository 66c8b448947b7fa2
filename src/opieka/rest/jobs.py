"""Timed work of the API."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.rest import commands


@app.periodic(cron="17 * * * *")
@app.task(name="rest.forget", queueing_lock="rest.forget")
def forget(timestamp: int) -> None:
    """Drop remembered answers that nobody will ask for again."""
    commands.forget_old()
