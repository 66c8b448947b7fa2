"""Doing what a text asks for and saying so: both, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from opieka.care.models import Turn
from opieka.care.policy.dialogue import Aim, Scene, Thought
from opieka.care.policy.dialogue.thinking import GRACE
from opieka.care.queries.answers import Facts, answer
from opieka.care.queries.dialogue import Hearing, facts
from opieka.care.types import Move, Why
from opieka.conversations import commands as conversations
from opieka.conversations.types import Notice, Outcome
from opieka.deliveries import commands as deliveries
from opieka.deliveries.types import ParcelCard, Understood
from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.kernel.errors import DomainError
from opieka.returns import commands as returns

AT_ONCE = timedelta(minutes=10)
"""So soon after she wrote she is answered even in the quiet hours: she is awake."""
HELD_ONCE = timedelta(hours=24)
"""Within this time she is told once that a person will answer."""
_SILENT = frozenset({Why.LED, Why.OVERTAKEN, Why.UNTELLABLE})
"""Where a person has it in hand already, or nothing can be said, nothing is."""
_REFUSED: tuple[tuple[type[DomainError], Why], ...] = (
    (deliveries.BeingAsked, Why.BEING_ASKED),
    (deliveries.Settled, Why.SENT),
    (returns.AlreadyCancelled, Why.CANCELLED),
)


@dataclass(frozen=True)
class Plan:
    """What is to be done about a text: about which parcel, and what she is heard to say. `which` are parcels put
    before her."""

    thought: Thought
    said: Understood
    parcel: ParcelCard | None = None
    scene: Scene = field(default_factory=Scene)
    which: Sequence[Aim] = ()


@dataclass(frozen=True)
class Done:
    """What was done in the end, by which decisions or case, and our message about it."""

    thought: Thought
    choice_ids: tuple[int, ...] = ()
    case_id: int | None = None
    answer_id: int | None = None


class _Untellable(Exception):
    """She could not be told: then nothing is done either."""


def carry_out(heard: Hearing, plan: Plan, *, by: Actor) -> Done:
    """Do it and tell her; what turns out not to be possible is told instead, what cannot be told is not done."""
    try:
        with transaction.atomic():
            done = _do(heard, plan)
            return _tell(heard, plan, done, by)
    except DomainError as refusal:
        why = next((why for kind, why in _REFUSED if isinstance(refusal, kind)), Why.NOT_OFFERED)
        return _instead(heard, plan, Thought(Move.OFFERED, why), by)
    except _Untellable:
        return Done(Thought(Move.PASSED, Why.UNTELLABLE))


def _instead(heard: Hearing, plan: Plan, thought: Thought, by: Actor) -> Done:
    try:
        with transaction.atomic():
            return _tell(heard, plan, Done(thought), by)
    except _Untellable:
        return Done(Thought(Move.PASSED, Why.UNTELLABLE))


def _do(heard: Hearing, plan: Plan) -> Done:
    thought, message = plan.thought, heard.reply
    her = Actor.customer(heard.card.id)
    if thought.move is Move.TAKEN_BACK and heard.open:
        take_back(heard.open, by=her)
    elif thought.move is Move.STOPPED:
        conversations.stop_texts(message.message_id, language=heard.language, shop_id=heard.shop.id, by=her)
    elif thought.move is Move.ACTED:
        return _act(heard, plan, her)
    return Done(thought)


def _act(heard: Hearing, plan: Plan, her: Actor) -> Done:
    parcel, shop_id = plan.parcel, heard.shop.id
    if parcel is None or parcel.order_id is None:
        raise deliveries.NotOffered
    if plan.thought.cancel:
        case_id = returns.ask_cancellation(
            parcel.order_id, shop_ids=[shop_id], conversation_id=heard.reply.conversation_id, by=her
        )
        return Done(plan.thought, case_id=case_id)
    made = [
        deliveries.choose(
            parcel.id,
            shop_id=shop_id,
            choice=choice,
            key=f"text:{heard.reply.message_id}:{number}",
            pause=GRACE,
            by=her,
        )
        for number, choice in enumerate(plan.thought.choices)
    ]
    return Done(plan.thought, choice_ids=tuple(made))


def take_back(turn: Turn, *, by: Actor) -> None:
    """Withdraw what a turn had decided; Settled when somebody has been asked for it already."""
    for choice_id in turn.choice_ids:
        deliveries.withdraw_choice(choice_id, shop_id=turn.shop_id, by=by)


def _tell(heard: Hearing, plan: Plan, done: Done, by: Actor) -> Done:
    thought, reply = done.thought, heard.reply
    if thought.why in _SILENT or (thought.move is Move.PASSED and _held_lately(heard)):
        return done
    said = answer(thought, _facts(heard, plan, thought))
    if said is None:
        return done
    notice = Notice(
        shop_id=heard.shop.id,
        customer_id=heard.card.id,
        subject=said.subject,
        text=f"{said.text}\n\n{heard.shop.name}",
        short=said.text,
        language=heard.language,
        channel=reply.channel,
        about=f"order:{plan.parcel.order_id}" if plan.parcel else "",
        answers=reply.message_id,
        urgent=thought.move is not Move.PASSED and clock.now() - reply.at <= AT_ONCE,
    )
    told = conversations.tell(notice, key=f"care:text:{reply.message_id}", by=by)
    if told.outcome is not Outcome.TOLD and thought.move is not Move.PASSED:
        raise _Untellable
    return Done(thought, done.choice_ids, done.case_id, told.message_id)


def _facts(heard: Hearing, plan: Plan, thought: Thought) -> Facts:
    """What the answer is made of."""
    if plan.which:
        titles = {parcel.id: parcel.carrier_title for parcel in heard.parcels}
        return Facts(heard.language, parcels=[(one.number, titles[one.parcel_id]) for one in plan.which])
    return facts(
        plan.parcel,
        language=heard.language,
        intent=plan.said.intent,
        offers=plan.scene.offers,
        choices=thought.choices,
    )


def _held_lately(heard: Hearing) -> bool:
    """Whether she has been told already that a person will answer."""
    rows = Turn.objects.filter(shop_id=heard.shop.id, conversation_id=heard.reply.conversation_id)
    since = heard.reply.at - HELD_ONCE
    return rows.filter(move=Move.PASSED, answer_id__isnull=False, at__gte=since).exists()
