"""A text of hers about a delivery: heard, thought about, acted on once, answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from django.db import connection, transaction

from opieka.care.commands.acting import Done, Plan, carry_out
from opieka.care.facts import TextTaken
from opieka.care.models import Turn
from opieka.care.policy.dialogue import Aim, Scene, Thought, aim, named, number_in, think
from opieka.care.policy.dialogue.aiming import MOST
from opieka.care.policy.dialogue.thinking import CLOSING, DONE, FRESH, LASTS, OPEN, SURE, WISHES
from opieka.care.queries.dialogue import Hearing, Kept, hearing, kept, listens, pending, scene
from opieka.care.types import Move, Why
from opieka.conversations import commands as conversations
from opieka.conversations import queries as messages
from opieka.deliveries.types import ParcelCard, ReplyIntent, Understood
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.timeline.commands import record

_LOCKS = 0x0CA


@transaction.atomic
def take_text(message_id: int, *, shop_id: int, by: Actor) -> Move | None:
    """Act on a message of a customer that answers us, once; None when it is none, or has been taken before."""
    reply = messages.reply(message_id, shop_id=shop_id)
    if reply is None or not listens(shop_id):
        return None
    take_turn(reply.conversation_id)
    if Turn.objects.filter(shop_id=shop_id, message_id=message_id).exists():
        return None
    heard = hearing(reply, shop_id=shop_id)
    if heard is None:
        return None
    plan = _plan(heard)
    done = carry_out(heard, plan, by=by)
    _keep(heard, plan, done, by)
    if done.thought.move in DONE:
        conversations.note_handled(message_id, shop_id=shop_id, by=by)
    return done.thought.move


def take_turn(conversation_id: int) -> None:
    """Wait for whoever acts on a text of this conversation, and keep others waiting."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCKS, conversation_id % (1 << 31)])


def _plan(heard: Hearing) -> Plan:
    """Think: first whether it is ours to answer, then of which parcel she speaks, then of what she says."""
    why = _not_ours(heard)
    if why is not Why.NONE:
        return Plan(Thought(Move.PASSED, why), heard.said)
    if heard.thanks and (heard.open is None or heard.open.move != Move.ASKED):
        return Plan(Thought(Move.NOTED), heard.said)
    chosen = _chosen_by_number(heard)
    if chosen is not None:
        return chosen
    asked = heard.open.parcel_id if heard.open else None
    aims = aim(heard.aims, text=heard.reply.text, pending=asked)
    if len(aims) == 1:
        return _about(heard, aims[0].parcel_id, heard.said)
    return _about_several(heard, aims)


def _not_ours(heard: Hearing) -> Why:
    if heard.reply.led:
        return Why.LED
    if heard.overtaken:
        return Why.OVERTAKEN
    if clock.now() - heard.reply.at > FRESH:
        return Why.OLD
    if heard.lapsed and heard.said.intent in {ReplyIntent.CONFIRM, ReplyIntent.REJECT}:
        return Why.OLD
    return Why.NONE


def _chosen_by_number(heard: Hearing) -> Plan | None:
    """She chose from what was put before her by number."""
    if heard.open is None or heard.open.move != Move.WHICH:
        return None
    known = kept(heard.open)
    place = number_in(heard.reply.text, among=known.parcels or known.points)
    if known.parcels:
        parcel_id = known.parcels[place] if place is not None else _named(heard)
        return _about(heard, parcel_id, known.said) if parcel_id else None
    if place is None:
        return None
    parcel = _awaited(heard, heard.open.parcel_id)
    found = scene(parcel, known.said, zone=heard.zone) if parcel else Scene()
    points = [point for point in found.points if point.id == known.points[place]]
    return Plan(think(known.said, None, replace(found, points=tuple(points))), known.said, parcel, found)


def _named(heard: Hearing) -> int | None:
    """She answers with the number of the order itself, and says nothing else."""
    found = named(heard.aims, heard.reply.text)
    silent = heard.said.intent is ReplyIntent.UNCLEAR
    return found[0].parcel_id if len(found) == 1 and silent else None


def _about(heard: Hearing, parcel_id: int, said: Understood) -> Plan:
    parcel = _awaited(heard, parcel_id)
    found = scene(parcel, said, zone=heard.zone) if parcel else Scene()
    waits = heard.open if heard.open and said is heard.said else None
    return Plan(think(said, pending(waits), found), said, parcel, found)


def _about_several(heard: Hearing, aims: Sequence[Aim]) -> Plan:
    """She waits for none or for several, and does not say of which she speaks."""
    unasked = heard.said.intent is ReplyIntent.REJECT and heard.open is None
    asks = unasked or heard.said.intent in WISHES
    if aims and asks and heard.said.confidence >= SURE:
        return Plan(Thought(Move.WHICH), heard.said, which=aims[:MOST])
    return Plan(think(heard.said, pending(heard.open), Scene()), heard.said)


def _awaited(heard: Hearing, parcel_id: int | None) -> ParcelCard | None:
    return next((parcel for parcel in heard.parcels if parcel.id == parcel_id), None)


def _keep(heard: Hearing, plan: Plan, done: Done, by: Actor) -> None:
    """Store what was understood and done, and announce it. Of an open turn before it she is heard no more, unless this
    one left it as it was."""
    thought, reply = done.thought, heard.reply
    if heard.lapsed or thought.move in CLOSING:
        Turn.objects.filter(shop_id=heard.shop.id, conversation_id=reply.conversation_id, open=True).update(
            open=False
        )
    parcel = plan.parcel
    known = Kept(
        said=plan.said,
        language=heard.language,
        choices=thought.choices,
        cancel=thought.cancel,
        parcels=tuple(one.parcel_id for one in plan.which),
        points=tuple(point.id for point in thought.points),
    )
    turn = Turn(
        shop_id=heard.shop.id,
        customer_id=heard.card.id,
        conversation_id=reply.conversation_id,
        message_id=reply.message_id,
        parcel_id=parcel.id if parcel else None,
        order_id=parcel.order_id if parcel else None,
        intent=plan.said.intent,
        confidence=plan.said.confidence,
        move=thought.move,
        why=thought.why,
        kept=secrets.encrypt(msgspec.json.encode(known).decode()),
        choice_ids=list(done.choice_ids),
        case_id=done.case_id,
        answer_id=done.answer_id,
        open=thought.move in OPEN,
        at=reply.at,
        expires_at=clock.now() + LASTS,
    )
    turn.save(force_insert=True)
    _announce(turn, plan, thought, by)


def _announce(turn: Turn, plan: Plan, thought: Thought, by: Actor) -> None:
    said = plan.said
    fact = TextTaken(
        turn_id=turn.pk,
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
        parcel_id=turn.parcel_id,
        order_id=turn.order_id,
        intent=said.intent,
        move=thought.move,
        why=thought.why,
        date_from=said.date_from,
        date_to=said.date_to,
        time_from=said.time_from or "",
        time_to=said.time_to or "",
        choices=tuple(choice.kind.value for choice in thought.choices),
        day=next((choice.day for choice in thought.choices if choice.day), None),
    )
    subject = f"conversation:{turn.conversation_id}"
    record(fact, shop_id=turn.shop_id, customer_id=turn.customer_id, subject=subject, by=by)
