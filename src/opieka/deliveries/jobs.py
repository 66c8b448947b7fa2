"""Timed work: looking at parcels whose time has come."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.deliveries import commands
from opieka.deliveries.commands.sweeping import BATCH
from opieka.kernel.actor import SYSTEM


@app.periodic(cron="* * * * *")
@app.task(name="deliveries.sweep", queueing_lock="deliveries.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Each minute: parcels that may be late, stale or lost, and orders whose promise has passed."""
    while commands.sweep(BATCH, by=SYSTEM) == BATCH:
        pass
    while commands.sweep_orders(BATCH, by=SYSTEM) == BATCH:
        pass
