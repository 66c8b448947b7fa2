"""Finding parcels: by id, order, customer, number, or what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from opieka.deliveries.models import IN_TROUBLE, IS_OPEN, Choice, Parcel, Promise, Watch
from opieka.deliveries.policy import strips
from opieka.deliveries.policy.naming import normal_number
from opieka.deliveries.policy.scoring import HIGH, MEDIUM
from opieka.deliveries.queries.cards import cards
from opieka.deliveries.types import (
    ChoiceState,
    Counts,
    Leg,
    ParcelCard,
    ParcelStage,
    PromiseCard,
    PromiseSource,
    RiskBand,
    Wanted,
)
from opieka.kernel.errors import NotFound
from opieka.kernel.paging import following
from opieka.orders import queries as orders
from opieka.orders.types import Dot, OrderCard

MOST_DEPOTS = 20
EVERYTHING = Wanted()

# What is late already is no risk any more.
_BANDS = {
    RiskBand.HIGH: Q(risk__gte=HIGH, late_at=None),
    RiskBand.MEDIUM: Q(risk__gte=MEDIUM, risk__lt=HIGH, late_at=None),
    RiskBand.LOW: Q(risk__lt=MEDIUM, late_at=None),
}

_TO_ARRANGE = Exists(
    Choice.objects.filter(
        shop_id=OuterRef("shop_id"), parcel_id=OuterRef("id"), state=ChoiceState.REQUESTED, by_hand=True
    )
)


def parcel(parcel_id: int, *, shop_ids: Collection[int]) -> ParcelCard:
    """One parcel with its reports; NotFound. 2 queries."""
    found = cards(_visible(shop_ids).filter(id=parcel_id), reports=True)
    if not found:
        raise NotFound
    return found[0]


def of_orders(
    order_ids: Collection[int], *, shop_ids: Collection[int], reports: bool = False
) -> dict[int, list[ParcelCard]]:
    """The parcels of some orders, oldest first; orders without any are left out. One query, with reports two."""
    found: defaultdict[int, list[ParcelCard]] = defaultdict(list)
    rows = _visible(shop_ids).filter(order_id__in=order_ids).order_by("id")
    for card in cards(rows, reports=reports):
        if card.order_id is not None:
            found[card.order_id].append(card)
    return dict(found)


def of_customers(
    customer_ids: Collection[int], *, shop_ids: Collection[int], reports: bool = False, limit: int = 20
) -> list[ParcelCard]:
    """The parcels of a person (all ids she was known by), newest first. One query, with reports two."""
    rows = _visible(shop_ids).filter(customer_id__in=customer_ids)
    return cards(rows.order_by("-id")[:limit], reports=reports)


def parcels(
    *,
    shop_ids: Collection[int],
    wanted: Wanted = EVERYTHING,
    order: str = "-id",
    after_id: int | None = None,
    limit: int = 50,
) -> list[ParcelCard]:
    """Parcels newest first, or in the order of `risk`, `promised_to`, `last_report_at` ("-" turns it round), from after
    one. Those of which that is not known are left out then; what is late already has no risk any more. At most two
    queries."""
    name = order.removeprefix("-")
    rows = _wanted(shop_ids, wanted).filter(**{f"{name}__isnull": False})
    if name == "risk":
        rows = rows.filter(late_at=None)
    return cards(following(rows, order=order, after_id=after_id, among=_visible(shop_ids))[:limit])


def parcel_ids(
    *, shop_ids: Collection[int], wanted: Wanted, before_id: int | None = None, limit: int = 1000
) -> list[tuple[int, int]]:
    """Ids of parcels and their shops, the newest first, from before one: for what is to be done with all of them."""
    rows = _wanted(shop_ids, wanted)
    rows = rows if before_id is None else rows.filter(id__lt=before_id)
    return list(rows.order_by("-id").values_list("id", "shop_id")[:limit])


def count(*, shop_ids: Collection[int], wanted: Wanted) -> int:
    """How many parcels these are."""
    return _wanted(shop_ids, wanted).count()


def counts(*, shop_ids: Collection[int], wanted: Wanted = EVERYTHING) -> Counts:
    """How many open parcels of those wanted there are, in the ways a control tower looks at them. 5 queries."""
    rows = _wanted(shop_ids, wanted).filter(IS_OPEN)
    numbers = rows.aggregate(
        late=Count("id", filter=Q(late_at__isnull=False)),
        stale=Count("id", filter=Q(stale_at__isnull=False)),
        lost=Count("id", filter=Q(lost_at__isnull=False)),
        **{band.value: Count("id", filter=chosen) for band, chosen in _BANDS.items()},
    )
    depots = rows.exclude(depot="").values_list("depot").annotate(number=Count("id"))
    return Counts(
        stages={ParcelStage(stage): n for stage, n in rows.values_list("stage").annotate(number=Count("id"))},
        bands={band: numbers[band.value] for band in RiskBand},
        carriers=dict(rows.values_list("carrier").annotate(number=Count("id")).order_by("-number")),
        depots=dict(depots.order_by("-number", "depot")[:MOST_DEPOTS]),
        late=numbers["late"],
        stale=numbers["stale"],
        lost=numbers["lost"] + _lost(shop_ids, wanted),
        to_arrange=rows.filter(_TO_ARRANGE).count(),
    )


def search(text: str, *, shop_ids: Collection[int], limit: int = 20) -> list[ParcelCard]:
    """Parcels by the beginning of their tracking number, newest first."""
    number = normal_number(text)
    if not number:
        return []
    return parcels(shop_ids=shop_ids, wanted=Wanted(number=number), limit=limit)


def numbered(number: str, *, shop_ids: Collection[int]) -> list[ParcelCard]:
    """The parcels with just this number, of whatever carrier, newest first."""
    return cards(_visible(shop_ids).filter(number=normal_number(number)).order_by("-id"))


def unfollowed(*, shop_id: int, after_id: int, limit: int) -> tuple[list[int], int]:
    """Of the next orders from after one, those that nobody follows; and the last one looked at, 0 at the end. Two
    queries."""
    ids = orders.placed_ids(shop_id=shop_id, after_id=after_id, limit=limit)
    known = Watch.objects.filter(shop_id=shop_id, order_id__in=ids).values_list("order_id", flat=True)
    followed = set(known)
    return [order_id for order_id in ids if order_id not in followed], ids[-1] if ids else 0


def strip(order: OrderCard, parcels: Iterable[ParcelCard]) -> tuple[Dot, ...]:
    """The five dots of an order, by what carriers say where they say anything; `parcels` are the order's."""
    going = [strips.Way(p.stage, p.handed_over_at, p.delivered_at) for p in parcels if p.leg is Leg.OUTBOUND]
    return strips.told_by_carriers(order.strip, going)


def promises(order_id: int, *, shop_ids: Collection[int]) -> list[PromiseCard]:
    """What the customer was told about when an order comes, oldest first; the last counts."""
    rows = Promise.objects.filter(shop_id__in=shop_ids, order_id=order_id).order_by("told_at", "id")
    return [
        PromiseCard(
            promised_from=row.promised_from,
            promised_to=row.promised_to,
            source=PromiseSource(row.source),
            told_at=row.told_at,
        )
        for row in rows
    ]


def _lost(shop_ids: Collection[int], wanted: Wanted) -> int:
    return _wanted(shop_ids, wanted).filter(stage=ParcelStage.LOST).count()


def _visible(shop_ids: Collection[int]) -> QuerySet[Parcel]:
    return Parcel.objects.filter(shop_id__in=shop_ids)


def _wanted(shop_ids: Collection[int], wanted: Wanted) -> QuerySet[Parcel]:
    number = normal_number(wanted.number)
    asked = (
        (wanted.ids, Q(id__in=wanted.ids)),
        (wanted.carrier, Q(carrier=wanted.carrier)),
        (wanted.depot, Q(depot=wanted.depot)),
        (number, Q(number__startswith=number)),
        (wanted.stages, Q(stage__in=wanted.stages)),
        (wanted.band, _BANDS.get(wanted.band or RiskBand.LOW)),
        (wanted.open, IS_OPEN),
        (wanted.late, IN_TROUBLE & IS_OPEN & Q(late_at__isnull=False)),
        (wanted.stale, IN_TROUBLE & IS_OPEN & Q(stale_at__isnull=False)),
        (wanted.lost, IN_TROUBLE & Q(lost_at__isnull=False)),
        (wanted.unjoined, Q(order=None)),
        (wanted.to_arrange, _TO_ARRANGE),
    )
    return _visible(shop_ids).filter(*(chosen for value, chosen in asked if value and chosen is not None))
