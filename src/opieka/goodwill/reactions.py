"""What goodwill does when somebody has announced something."""

from __future__ import annotations

from collections.abc import Sequence

from opieka.customers.facts import CustomerErased
from opieka.goodwill import commands
from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_in_batches, react_to
from opieka.timeline.types import Entry


@react_in_batches()
def keep_what_she_lived_through(entries: Sequence[Entry]) -> None:
    """Of every fact, because neighbours' facts count too."""
    commands.feel(entries, by=SYSTEM)


@react_to(CustomerErased)
def forget_what_she_lived_through(entry: Entry) -> None:
    """Nothing is reckoned of her any more."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        commands.forget(fact.customer_ids, shop_id=entry.shop_id, by=SYSTEM)
