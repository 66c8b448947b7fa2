"""What can be decided about parcels, what was decided, and where they can be collected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection
from django.db.models import QuerySet

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.models import Arrived, CollectCode, Parcel, PickupPoint
from opieka.deliveries.models import Choice as Row
from opieka.deliveries.policy import choosing
from opieka.deliveries.policy.working import Week
from opieka.deliveries.queries.cards import cards_of
from opieka.deliveries.queries.points import point_cards
from opieka.deliveries.types import (
    Arrival,
    ArrivalCard,
    ArrivalNews,
    Choice,
    ChoiceCard,
    ChoiceKind,
    ChoiceState,
    Choosable,
    Offer,
    ParcelCard,
    ParcelStage,
    PointCard,
    Refusal,
)
from opieka.kernel import clock, secrets
from opieka.kernel.errors import NotFound
from opieka.orders.types import Address
from opieka.shops import queries as shops
from opieka.shops.types import ShopCard

OPEN = (ChoiceState.REQUESTED, ChoiceState.SENT)
_PLACES = """
    select w.shop, w.carrier,
        exists (select from deliveries_pickuppoint p
            where p.shop_id = w.shop and p.carrier = w.carrier and p.gone_at is null),
        exists (select from deliveries_connection c
            where c.shop_id = w.shop and c.carrier = w.carrier and c.active)
    from unnest(%s::bigint[], %s::text[]) as w (shop, carrier)
"""


class Details(msgspec.Struct, omit_defaults=True):
    """The personal part of a decision, as it is encrypted."""

    words: str = ""
    address: Address | None = None


def offers(parcel_id: int, *, shop_ids: Collection[int]) -> tuple[Offer, ...]:
    """What can be decided of a parcel now, by its carrier and stage; NotFound. 3 queries."""
    row = Parcel.objects.filter(id=parcel_id, shop_id__in=shop_ids).first()
    if row is None:
        raise NotFound
    return offered(row)


def offers_of(parcels: Collection[ParcelCard]) -> dict[int, tuple[Offer, ...]]:
    """The same of several parcels in hand. 2 queries however many."""
    found: dict[int, tuple[Offer, ...]] = {one.id: () for one in parcels}
    deciding = [one for one in parcels if any(one.stage in can.stages for can in _choosables(one))]
    if not deciding:
        return found
    places = _places({(one.shop_id, one.carrier) for one in deciding})
    cards = {card.id: card for card in shops.shops({one.shop_id for one in deciding})}
    for one in deciding:
        situation = _situation(one, cards[one.shop_id], places[one.shop_id, one.carrier])
        found[one.id] = choosing.offers(_choosables(one), situation)
    return found


def offered(row: Parcel) -> tuple[Offer, ...]:
    """The same of a row in hand."""
    (card,) = cards_of([row])
    return offers_of([card])[card.id]


@dataclass(frozen=True)
class _Place:
    """A carrier at a shop: whether its points are known, and whether it can be asked."""

    points: bool
    connected: bool


def _choosables(row: ParcelCard) -> tuple[Choosable, ...]:
    carrier = CARRIERS.get(row.carrier)
    return carrier.capabilities.choices if carrier else ()


def _places(wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], _Place]:
    shop_ids, carriers = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(shop_ids), list(carriers)])
        return {(shop, carrier): _Place(points, asked) for shop, carrier, points, asked in cursor.fetchall()}


def _situation(row: ParcelCard, shop: ShopCard, place: _Place) -> choosing.Situation:
    zone = ZoneInfo(shop.timezone)
    today = clock.now().astimezone(zone).date()
    return choosing.Situation(
        stage=row.stage,
        leg=row.leg,
        today=today,
        earliest=_earliest(row, today, zone),
        week=Week(zone=str(zone), country=CARRIERS[row.carrier].country or shop.country),
        points=place.points,
        connected=place.connected,
    )


def zone_of(row: Parcel) -> ZoneInfo:
    """The zone of a parcel's days: its shop's, where its customers are."""
    return ZoneInfo(shops.shop(row.shop_id).timezone)


def choices(parcel_ids: Collection[int], *, shop_ids: Collection[int]) -> list[ChoiceCard]:
    """What was decided about some parcels, the latest first. 2 queries."""
    rows = Row.objects.filter(shop_id__in=shop_ids, parcel_id__in=parcel_ids)
    return _cards(rows.order_by("-id"))


def choice(choice_id: int, *, shop_ids: Collection[int]) -> ChoiceCard:
    """One decision; NotFound."""
    found = _cards(Row.objects.filter(id=choice_id, shop_id__in=shop_ids))
    if not found:
        raise NotFound
    return found[0]


def to_be_arranged(*, shop_ids: Collection[int], limit: int = 50) -> list[ChoiceCard]:
    """Decisions a person at the shop has to arrange with a carrier, the oldest first. 2 queries."""
    rows = Row.objects.filter(shop_id__in=shop_ids, state=ChoiceState.REQUESTED, by_hand=True)
    return _cards(rows.order_by("id")[:limit])


def choices_due(now: datetime, *, limit: int = 500) -> list[int]:
    """The decisions of which a carrier is to be asked."""
    return list(Row.objects.filter(due_at__lte=now).order_by("due_at").values_list("id", flat=True)[:limit])


def made_by(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> list[ChoiceCard]:
    """Everything a person (by all ids she was known by) decided about her parcels, the latest first. 2 queries."""
    hers = Parcel.objects.filter(shop_id__in=shop_ids, customer_id__in=customer_ids)
    return _cards(Row.objects.filter(shop_id__in=shop_ids, parcel__in=hers).order_by("-id"))


def collect_codes(parcel_ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, str]:
    """What opens the lockers some parcels are in, while they can be collected there. One query."""
    rows = CollectCode.objects.filter(
        shop_id__in=shop_ids, parcel_id__in=parcel_ids, parcel__stage=ParcelStage.AWAITING_COLLECTION
    ).exclude(parcel__collect_by__lt=clock.now())
    return {parcel_id: secrets.decrypt(code) for parcel_id, code in rows.values_list("parcel_id", "code")}


def arrivals(parcel_ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, ArrivalCard]:
    """How parcels arrived in their customers' word, as far as they said it; the last said counts. One query."""
    rows = Arrived.objects.filter(shop_id__in=shop_ids, parcel_id__in=parcel_ids).order_by("id")
    return {row.parcel_id: _arrival(row) for row in rows}


def arrivals_told_by(customer_ids: Collection[int], *, shop_ids: Collection[int]) -> list[ArrivalCard]:
    """Everything a person said of how her parcels arrived. One query."""
    hers = Parcel.objects.filter(shop_id__in=shop_ids, customer_id__in=customer_ids)
    return [
        _arrival(row) for row in Arrived.objects.filter(shop_id__in=shop_ids, parcel__in=hers).order_by("id")
    ]


def files_in_use(sha256s: Collection[str], shop_id: int) -> set[str]:
    """Which of some stored files are pictures a shop's customers sent: of what arrived, or of where to."""
    wanted = {"shop_id": shop_id, "photos__overlap": list(sha256s)}
    rows = [model.objects.filter(**wanted).values_list("photos", flat=True) for model in (Arrived, Row)]
    sent = {sha256 for photos in chain(*rows) for sha256 in photos}
    return sent & set(sha256s)


def _earliest(row: ParcelCard, today: date, zone: ZoneInfo) -> date:
    """A parcel that has been at the door, or is on the van, can come on any day; others when they are expected."""
    expected = row.expected_from or row.carrier_from
    if expected is None or row.attempts or row.stage == ParcelStage.OUT_FOR_DELIVERY:
        return today
    return min(expected.astimezone(zone).date(), today + timedelta(days=30))


def _cards(rows: QuerySet[Row]) -> list[ChoiceCard]:
    found = list(rows)
    points = _points(found)
    return [_card(row, points) for row in found]


def _points(rows: Iterable[Row]) -> dict[int, PointCard]:
    ids = {row.point_id for row in rows if row.point_id is not None}
    found = point_cards(PickupPoint.objects.filter(id__in=ids)) if ids else []
    return {card.id: card for card in found}


def wish(row: Row) -> Choice:
    """The decision of a row, with what she wrote."""
    details = msgspec.json.decode(secrets.decrypt(row.details) or "{}", type=Details)
    hours = (row.time_from, row.time_to) if row.time_from and row.time_to else None
    return Choice(
        kind=ChoiceKind(row.kind),
        day=row.day,
        hours=hours,
        words=details.words,
        address=details.address,
        point_id=row.point_id,
        photos=tuple(row.photos),
    )


def _card(row: Row, points: dict[int, PointCard]) -> ChoiceCard:
    return ChoiceCard(
        id=row.pk,
        shop_id=row.shop_id,
        parcel_id=row.parcel_id,
        choice=wish(row),
        state=ChoiceState(row.state),
        by_hand=row.by_hand,
        refusal=Refusal(row.refusal) if row.refusal else None,
        made_at=row.made_at,
        settled_at=row.settled_at,
        point=points.get(row.point_id or 0),
    )


def _arrival(row: Arrived) -> ArrivalCard:
    return ArrivalCard(
        parcel_id=row.parcel_id,
        news=ArrivalNews(
            arrival=Arrival(row.arrival), words=secrets.decrypt(row.words), photos=tuple(row.photos)
        ),
        told_at=row.told_at,
    )
