"""What channels do when a domain below has announced something."""

from __future__ import annotations

from opieka.channels import commands
from opieka.customers import queries as customers
from opieka.customers.facts import CustomerErased
from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(CustomerErased)
def forget_the_recipient(entry: Entry) -> None:
    """What was sent to her is forgotten, and what was to be is not sent."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        traces = customers.traces(fact.erasure_id)
        commands.forget_recipient(fact.customer_ids, traces=traces, shop_id=entry.shop_id, by=SYSTEM)
