"""What webhooks do when anything is announced."""

from __future__ import annotations

from collections.abc import Sequence

from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_in_batches
from opieka.timeline.types import Entry
from opieka.webhooks import commands


@react_in_batches()
def tell_programs(entries: Sequence[Entry]) -> None:
    """Every fact becomes a delivery for each endpoint that wants it."""
    commands.enqueue(entries, by=SYSTEM)
