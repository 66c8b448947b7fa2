"""What the API does when a domain below has announced something."""

from __future__ import annotations

from opieka.customers.facts import CustomerErased
from opieka.rest import commands
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(CustomerErased)
def forget_answers(entry: Entry) -> None:
    """What was answered to programs may have told of her."""
    commands.forget_answers(entry.shop_id)
