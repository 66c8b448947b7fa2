"""What orders do when a domain below has announced something."""

from __future__ import annotations

from opieka.customers import queries as customers
from opieka.customers.facts import CustomerErased
from opieka.kernel.actor import SYSTEM
from opieka.orders import commands
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(CustomerErased)
def forget_the_buyer(entry: Entry) -> None:
    """Her orders stay in the books, without her."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        traces = customers.traces(fact.erasure_id)
        commands.forget_buyer(fact.customer_ids, traces=traces, shop_id=entry.shop_id, by=SYSTEM)
