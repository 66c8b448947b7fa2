"""What the intake does when a domain below has announced something: forgetting what came in raw."""

from __future__ import annotations

from opieka.channels.facts import FilesReleased
from opieka.conversations.facts import OriginalsForgotten
from opieka.customers import queries as customers
from opieka.customers.facts import CustomerErased
from opieka.inbound import commands
from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(CustomerErased)
def forget_what_tells_of_her(entry: Entry) -> None:
    """Calls of other systems that name her go."""
    fact = entry.fact
    if isinstance(fact, CustomerErased):
        commands.forget_person(customers.traces(fact.erasure_id), shop_id=entry.shop_id, by=SYSTEM)


@react_to(OriginalsForgotten, FilesReleased)
def drop_what_nobody_needs(entry: Entry) -> None:
    """Raw mails go with their messages; files go with the last who needs them."""
    fact = entry.fact
    if isinstance(fact, OriginalsForgotten):
        commands.forget_originals(fact.sha256s, shop_id=entry.shop_id, by=SYSTEM)
    if isinstance(fact, FilesReleased):
        commands.drop_unused(fact.sha256s, shop_id=entry.shop_id, by=SYSTEM)
