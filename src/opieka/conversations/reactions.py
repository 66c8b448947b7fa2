"""What conversations do when the domains below announce something."""

from __future__ import annotations

from opieka.channels.facts import DispatchBounced, DispatchFailed
from opieka.conversations import commands
from opieka.kernel.actor import SYSTEM
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(DispatchFailed, DispatchBounced)
def bring_back_what_did_not_arrive(entry: Entry) -> None:
    """A conversation whose answer did not arrive needs somebody again."""
    fact = entry.fact
    if not isinstance(fact, DispatchFailed | DispatchBounced):
        return
    kind, _, message_id = fact.message.partition(":")
    if kind == "message":
        delivery = "failed" if isinstance(fact, DispatchFailed) else "bounced"
        commands.note_failure(int(message_id), delivery=delivery, shop_id=entry.shop_id, by=SYSTEM)
