"""What the shop has dealt with by itself asks nobody to act."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from opieka.conversations.commands import steps
from opieka.conversations.commands.loading import locked
from opieka.conversations.models import Message
from opieka.conversations.types import Direction, MessageKind, State
from opieka.kernel.actor import Actor
from opieka.kernel.errors import NotFound


@transaction.atomic
def note_handled(message_id: int, *, shop_id: int, by: Actor) -> None:
    """A person's message is dealt with: its conversation is resolved, unless she waits for something else; NotFound."""
    message = Message.objects.filter(id=message_id, shop_id=shop_id).defer("html", "text").first()
    if message is None:
        raise NotFound
    conversation = locked(message.conversation_id, shop_ids=[shop_id])
    written = Message.objects.filter(
        shop_id=shop_id,
        conversation_id=conversation.pk,
        direction=Direction.IN,
        kind=MessageKind.PERSON,
    )
    at_once = written.filter(at=message.at, id__lt=message.pk).exists()
    if conversation.state != State.OPEN or conversation.waiting_since != message.at or at_once:
        return
    written = written.filter(Q(at__gt=message.at) | Q(at=message.at, id__gt=message.pk))
    later = written.order_by("at", "id").values_list("at", flat=True).first()
    if later is None:
        steps.announce(conversation, [steps.settle(conversation)], by)
        return
    conversation.waiting_since = later
    conversation.save(update_fields=["waiting_since"])
