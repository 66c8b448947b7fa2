"""Timed work on cases."""

from __future__ import annotations

from procrastinate.contrib.django import app

from opieka.kernel.actor import SYSTEM
from opieka.returns import commands


@app.task(name="returns.ask_shop")
def ask_shop(case_id: int, shop_id: int) -> None:
    """Go on with a cancellation nobody has taken back."""
    commands.ask_shop(case_id, shop_id=shop_id, by=SYSTEM)
