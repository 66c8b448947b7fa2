"""What came of what she asked for by text, and undoing it at the shop."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.care.commands.acting import take_back
from opieka.care.commands.replying import take_turn
from opieka.care.facts import TextUndone
from opieka.care.models import Turn
from opieka.care.policy.dialogue import Thought
from opieka.care.queries.answers import Answer, answer, outcome
from opieka.care.queries.dialogue import facts, kept
from opieka.care.types import Move
from opieka.conversations import commands as conversations
from opieka.conversations.types import Notice
from opieka.customers import queries as customers
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import ParcelCard
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, NotFound
from opieka.shops import queries as shops
from opieka.timeline.commands import record


class NotUndoable(Conflict):
    code = "text_not_undoable"
    sentence = _("Nothing that this text had done can be taken back any more.")


@transaction.atomic
def tell_choice(choice_id: int, *, parcel_id: int, confirmed: bool, shop_id: int, by: Actor) -> None:
    """Tell her what came of a decision she made by text, where she made it; once."""
    turn = Turn.objects.filter(shop_id=shop_id, parcel_id=parcel_id, choice_ids__contains=[choice_id]).first()
    if turn is None:
        return
    parcel = deliveries.parcel(parcel_id, shop_ids=[shop_id])
    choice = deliveries.choice(choice_id, shop_ids=[shop_id]).choice
    known = facts(
        parcel,
        language=kept(turn).language,
        offers=() if confirmed else deliveries.offers(parcel_id, shop_ids=[shop_id]),
        choices=[choice],
    )
    told = "confirmed" if confirmed else "refused"
    _tell(
        turn,
        parcel,
        outcome(choice, known, confirmed=confirmed),
        key=f"care:choice:{choice_id}:{told}",
        by=by,
    )


@transaction.atomic
def undo_text(turn_id: int, *, shop_ids: Collection[int], by: Actor) -> None:
    """A person takes back what a text had decided, and she is told; NotUndoable, Settled, NotFound."""
    where = Turn.objects.filter(id=turn_id, shop_id__in=shop_ids)
    conversation_id = where.values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        raise NotFound
    take_turn(conversation_id)
    turn = where.get()
    if turn.move != Move.ACTED or not turn.choice_ids or turn.parcel_id is None:
        raise NotUndoable
    take_back(turn, by=by)
    turn.move, turn.open = Move.TAKEN_BACK, False
    turn.save(update_fields=["move", "open"])
    fact = TextUndone(
        turn_id=turn.pk,
        conversation_id=turn.conversation_id,
        parcel_id=turn.parcel_id,
        order_id=turn.order_id,
    )
    subject = f"conversation:{turn.conversation_id}"
    record(fact, shop_id=turn.shop_id, customer_id=turn.customer_id, subject=subject, by=by)
    parcel = deliveries.parcel(turn.parcel_id, shop_ids=[turn.shop_id])
    said = answer(Thought(Move.TAKEN_BACK), facts(parcel, language=kept(turn).language))
    if said is not None:
        _tell(turn, parcel, said, key=f"care:undone:{turn.pk}", by=by)


def _tell(turn: Turn, parcel: ParcelCard, said: Answer, *, key: str, by: Actor) -> None:
    """In the conversation and on the channel she wrote by."""
    if turn.customer_id is None:
        return
    card = customers.card(turn.customer_id, shop_ids=[turn.shop_id])
    if card.erased:
        return
    notice = Notice(
        shop_id=turn.shop_id,
        customer_id=card.id,
        subject=said.subject,
        text=f"{said.text}\n\n{shops.shop(turn.shop_id).name}",
        short=said.text,
        language=kept(turn).language,
        about=f"order:{parcel.order_id}",
        answers=turn.message_id,
    )
    conversations.tell(notice, key=key, by=by)
