"""How customers stand, and what brought them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from opieka.goodwill.models import Movement
from opieka.goodwill.policy import feeling
from opieka.goodwill.types import Balance, BalancePreferences, Experience, MovementCard
from opieka.kernel import clock
from opieka.shops import queries as shops


def balance(
    customer_ids: Collection[int], *, shop_ids: Collection[int], before: datetime | None = None
) -> Balance:
    """How a person (all ids she was known by) stands with some shops, or stood before a moment. 2 queries."""
    return balances({0: customer_ids}, shop_ids=shop_ids, before=before)[0]


def balances(
    people: Mapping[int, Collection[int]], *, shop_ids: Collection[int], before: datetime | None = None
) -> dict[int, Balance]:
    """The same for many people at once: for each key all ids she was known by."""
    tuned, now = shops.preferences_of(shop_ids, BalancePreferences), clock.now()
    owner = {one: key for key, ids in people.items() for one in ids}
    rows = Movement.objects.filter(shop_id__in=shop_ids, customer_id__in=owner)
    if before is not None:
        rows = rows.filter(at__lt=before)
    weights: dict[int, list[float]] = defaultdict(list)
    where: dict[int, set[int]] = defaultdict(set)
    for shop_id, customer_id, experience, at in rows.values_list(
        "shop_id", "customer_id", "experience", "at"
    ):
        weights[owner[customer_id]].append(_weight(experience, at, tuned[shop_id], now))
        where[owner[customer_id]].add(shop_id)
    return {key: feeling.balance(weights[key], [tuned[shop] for shop in where[key]]) for key in people}


def example(lived: Collection[Experience], *, shop_id: int) -> Balance:
    """How somebody would stand who has just lived through all this."""
    preferences = shops.preferences(shop_id, BalancePreferences)
    return feeling.balance([feeling.weight_of(one, preferences) for one in lived], [preferences])


def movements(
    customer_ids: Collection[int],
    *,
    shop_ids: Collection[int],
    before_id: int | None = None,
    limit: int = 50,
) -> list[MovementCard]:
    """What moved a person's balance, the latest first, from before one."""
    rows = Movement.objects.filter(shop_id__in=shop_ids, customer_id__in=customer_ids)
    if before_id is not None:
        at = rows.filter(id=before_id).values_list("at", flat=True).first()
        rows = rows.filter(at__lte=at).exclude(at=at, id__gte=before_id) if at else rows.none()
    found = list(rows.order_by("-at", "-id")[:limit])
    tuned = shops.preferences_of({row.shop_id for row in found}, BalancePreferences)
    now = clock.now()
    return [
        MovementCard(
            id=row.pk,
            shop_id=row.shop_id,
            experience=Experience(row.experience),
            touchpoint_id=row.touchpoint_id,
            at=row.at,
            weight=_weight(row.experience, row.at, tuned[row.shop_id], now),
        )
        for row in found
    ]


def _weight(experience: str, at: datetime, preferences: BalancePreferences, now: datetime) -> float:
    fresh = feeling.weight_of(Experience(experience), preferences)
    return feeling.faded(fresh, at, now, preferences.half_life_days)
