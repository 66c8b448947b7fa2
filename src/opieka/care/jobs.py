"""Work of care that waits for nobody: each text of a customer by itself, those of one conversation in turn."""

from __future__ import annotations

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from opieka.care import commands
from opieka.kernel.actor import SYSTEM


@app.task(
    name="care.take_text",
    retry=RetryStrategy(max_attempts=5, wait=2, retry_exceptions=[OperationalError]),
)
def take_text(message_id: int, shop_id: int) -> None:
    """Act on a text; taken twice it is acted on once."""
    commands.take_text(message_id, shop_id=shop_id, by=SYSTEM)
