"""What is known when a text of hers is read: who she is, what she means, what we asked, which parcels she waits for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from opieka.care.models import Turn
from opieka.care.policy.dialogue import Aim, Pending, Scene, unnamed
from opieka.care.policy.dialogue.thinking import TOLD_LATELY
from opieka.care.queries.answers import Facts
from opieka.care.types import Move, NoticePreferences, TurnCard, Why
from opieka.channels.types import Channel
from opieka.conversations import queries as conversations
from opieka.conversations.types import Reply
from opieka.customers import queries as customers
from opieka.customers.types import CustomerCard
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import (
    TERMINAL,
    Choice,
    ChoiceKind,
    ChoiceState,
    Leg,
    Offer,
    ParcelCard,
    ParcelStage,
    PointCard,
    ReplyIntent,
    Understood,
)
from opieka.kernel import clock, secrets
from opieka.kernel.errors import NotFound
from opieka.kernel.text.language import detect
from opieka.orders import queries as orders
from opieka.returns import queries as returns
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard

_OVER = (*TERMINAL, ParcelStage.RETURNING)
_BY_NUMBER = frozenset({Channel.SMS})
"""Where her answers are told by her number alone: there she may also write without having been told anything."""


class Kept(msgspec.Struct, omit_defaults=True):
    """The personal part of a turn, as it is encrypted. `parcels` and `points` were put before her by number."""

    said: Understood
    language: str = ""
    choices: tuple[Choice, ...] = ()
    cancel: bool = False
    parcels: tuple[int, ...] = ()
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class Hearing:
    """A text of hers with all that bears on it. `open` is the turn it may answer, `lapsed` that it came too late for
    the last one; `thanks`: it says nothing else. `parcels` are those she waits for."""

    reply: Reply
    shop: ShopCard
    card: CustomerCard
    language: str
    said: Understood
    thanks: bool
    open: Turn | None
    lapsed: bool
    overtaken: bool
    parcels: Sequence[ParcelCard]
    aims: Sequence[Aim]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.shop.timezone)


def listens(shop_id: int) -> bool:
    """Whether a shop's customers are answered by rules: whoever tells by itself listens by itself."""
    preferences = shops.preferences(shop_id, NoticePreferences)
    return bool(preferences.on) and preferences.answers


def hearing(reply: Reply, *, shop_id: int) -> Hearing | None:
    """What bears on a text; None where it is no answer to us: another matter, by mail or chat."""
    shop, card = shops.shop(shop_id), customers.card(reply.customer_id, shop_ids=[shop_id])
    parcels = _awaited(card, shop_id)
    told = conversations.told_about(
        {f"order:{parcel.order_id}" for parcel in parcels},
        conversation_id=reply.conversation_id,
        since=reply.at - TOLD_LATELY,
        shop_id=shop_id,
    )
    if reply.channel not in _BY_NUMBER and not told:
        return None
    language, latest = _language(reply, card, shop), _latest(reply, shop_id)
    at, aims = reply.at.astimezone(ZoneInfo(shop.timezone)), _aims(parcels, told, shop_id)
    is_open = latest is not None and latest.open
    return Hearing(
        reply=reply,
        shop=shop,
        card=card,
        language=language,
        said=deliveries.understand(unnamed(reply.text, aims), language=language, at=at),
        thanks=deliveries.is_thanks(reply.text, language=language),
        open=latest if latest and is_open and latest.expires_at > reply.at else None,
        lapsed=latest is not None and is_open and latest.expires_at <= reply.at,
        overtaken=_is_overtaken(reply, shop_id),
        parcels=parcels,
        aims=aims,
    )


def pending(turn: Turn | None) -> Pending | None:
    """What she may answer."""
    if turn is None:
        return None
    known = kept(turn)
    return Pending(Move(turn.move), known.choices, known.cancel)


def kept(turn: Turn) -> Kept:
    """The personal part of a turn; empty once it is forgotten."""
    if not turn.kept:
        return Kept(Understood(intent=ReplyIntent.UNCLEAR, confidence=0))
    return msgspec.json.decode(secrets.decrypt(turn.kept), type=Kept)


def scene(parcel: ParcelCard, said: Understood, *, zone: ZoneInfo) -> Scene:
    """What is possible with a parcel, as far as it matters for what she says."""
    offers = deliveries.offers(parcel.id, shop_ids=[parcel.shop_id])
    chance = None
    if said.intent is ReplyIntent.CANCEL and parcel.order_id is not None:
        chance = returns.cancellable(parcel.order_id, shop_ids=[parcel.shop_id]).chance
    points: Sequence[PointCard] = ()
    if said.intent is ReplyIntent.PICKUP_POINT and any(o.kind is ChoiceKind.PICKUP_POINT for o in offers):
        points = _points(parcel, said)
    return Scene(tuple(offers), _expected(parcel, zone), tuple(points), chance)


def facts(
    parcel: ParcelCard | None,
    *,
    language: str,
    intent: ReplyIntent = ReplyIntent.UNCLEAR,
    offers: Sequence[Offer] = (),
    choices: Sequence[Choice] = (),
) -> Facts:
    """What an answer about a parcel is made of."""
    if parcel is None or parcel.order_id is None:
        return Facts(language, intent=intent)
    order_id, shop_ids = parcel.order_id, [parcel.shop_id]
    points = [choice.point_id for choice in choices if choice.point_id is not None]
    return Facts(
        language,
        order=orders.numbers([order_id], shop_ids=shop_ids).get(order_id, ""),
        link=deliveries.page_address(order_id, shop_id=parcel.shop_id),
        intent=intent,
        offers=offers,
        points=deliveries.points(points, shop_ids=shop_ids) if points else {},
    )


def turns(conversation_id: int, *, shop_ids: Collection[int], limit: int = 50) -> list[TurnCard]:
    """What was understood and done in a conversation, the latest first. At most 2 queries."""
    rows = Turn.objects.filter(shop_id__in=shop_ids, conversation_id=conversation_id)
    return _cards(list(rows.order_by("-message_id")[:limit]))


def turn(turn_id: int, *, shop_ids: Collection[int]) -> TurnCard:
    """One of them; NotFound."""
    found = _cards(list(Turn.objects.filter(id=turn_id, shop_id__in=shop_ids)))
    if not found:
        raise NotFound
    return found[0]


def undoable(turn_ids: Collection[int], *, shop_ids: Collection[int]) -> frozenset[int]:
    """Of which of some turns the shop can take back what was done. At most 2 queries."""
    cards = _cards(list(Turn.objects.filter(id__in=turn_ids, shop_id__in=shop_ids)))
    return frozenset(card.id for card in cards if card.can_undo)


def _cards(rows: Sequence[Turn]) -> list[TurnCard]:
    acted = {row.parcel_id for row in rows if row.choice_ids and row.move == Move.ACTED}
    parcels = [parcel_id for parcel_id in acted if parcel_id is not None]
    made = deliveries.choices(parcels, shop_ids={row.shop_id for row in rows}) if parcels else []
    waiting = {card.id for card in made if card.state is ChoiceState.REQUESTED}
    return [_card(row, waiting) for row in rows]


def _card(row: Turn, waiting: set[int]) -> TurnCard:
    return TurnCard(
        id=row.pk,
        shop_id=row.shop_id,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        order_id=row.order_id,
        parcel_id=row.parcel_id,
        intent=row.intent,
        confidence=row.confidence,
        move=Move(row.move),
        why=Why(row.why),
        choices=kept(row).choices,
        choice_ids=tuple(row.choice_ids),
        case_id=row.case_id,
        can_undo=bool(row.choice_ids) and row.move == Move.ACTED and waiting.issuperset(row.choice_ids),
        at=row.at,
    )


def _awaited(card: CustomerCard, shop_id: int) -> list[ParcelCard]:
    """The parcels of orders she waits for, newest first."""
    found = deliveries.of_customers(card.lineage, shop_ids=[shop_id])
    return [
        parcel
        for parcel in found
        if parcel.order_id is not None and parcel.leg is Leg.OUTBOUND and parcel.stage not in _OVER
    ]


def _aims(parcels: Sequence[ParcelCard], told: frozenset[str], shop_id: int) -> list[Aim]:
    ids = {parcel.order_id for parcel in parcels if parcel.order_id is not None}
    numbers = orders.numbers(ids, shop_ids=[shop_id]) if ids else {}
    return [
        Aim(parcel.id, parcel.order_id, numbers.get(parcel.order_id, ""), f"order:{parcel.order_id}" in told)
        for parcel in parcels
        if parcel.order_id is not None
    ]


def _language(reply: Reply, card: CustomerCard, shop: ShopCard) -> str:
    """The language of the text, if the shop speaks it; in doubt hers."""
    hers = customers.language_of(card, shop)
    told = detect(reply.text, hers).language
    return told if told in shop.languages else hers


def _latest(reply: Reply, shop_id: int) -> Turn | None:
    """The turn her text may answer."""
    rows = Turn.objects.filter(shop_id=shop_id, conversation_id=reply.conversation_id, open=True)
    return rows.first()


def _is_overtaken(reply: Reply, shop_id: int) -> bool:
    """Whether something she wrote later has been read already."""
    later = Turn.objects.filter(shop_id=shop_id, conversation_id=reply.conversation_id)
    return later.filter(message_id__gt=reply.message_id).exists()


def _expected(parcel: ParcelCard, zone: ZoneInfo) -> date | None:
    """The day it comes, as far as one knows."""
    at = parcel.carrier_to or parcel.promised_to or parcel.expected_to
    return max(at, clock.now()).astimezone(zone).date() if at else None


def _points(parcel: ParcelCard, said: Understood) -> list[PointCard]:
    shop_id, carrier = parcel.shop_id, parcel.carrier
    words = said.place or ""
    if not words and parcel.order_id is not None:
        to = orders.order(parcel.order_id, shop_ids=[shop_id]).shipping_address
        words = to.postcode or to.city
    return deliveries.points_named(shop_id, carrier=carrier, words=words) if words else []
