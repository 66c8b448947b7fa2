"""Orders of which no carrier has anything yet: which they are, and what is to be expected of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction

from opieka.deliveries.commands.foreseeing import AGAIN, reckon
from opieka.deliveries.facts import OrderDelayExpected
from opieka.deliveries.models import Parcel, Watch
from opieka.deliveries.policy.scoring import HIGH
from opieka.deliveries.policy.silence import HISTORY
from opieka.deliveries.types import Leg, ParcelStage
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

if TYPE_CHECKING:
    from opieka.deliveries.policy.lateness.reading import Sent

SAVED = ("risk", "why", "expected_from", "expected_to", "foresee_at", "doubted")


@transaction.atomic
def foresee_orders(limit: int, *, by: Actor) -> int:
    """Reckon what is to be expected of up to `limit` orders that wait for their hand-over and whose turn it is; returns
    how many.

    The first time one is more likely late than not, and again after every new promise, that is announced.
    """
    now = clock.now()
    rows = Watch.objects.select_for_update(skip_locked=True).filter(foresee_at__lte=now)
    due = sorted(rows.order_by("foresee_at")[:limit], key=lambda watch: (watch.shop_id, watch.pk))
    found: list[NewTouchpoint] = []
    for shop_id, of_shop in groupby(due, key=lambda watch: watch.shop_id):
        still = _settled(list(of_shop), shop_id=shop_id, now=now)
        seen = _sent(still, shop_id=shop_id)
        reckoned = reckon(seen, [False] * len(seen), shop_id=shop_id, now=now)
        for watch, expected in zip(still, reckoned, strict=True):
            watch.risk, watch.why, watch.expected_from, watch.expected_to = expected
            watch.foresee_at = now + AGAIN
            if _is_news(watch, now):
                found.append(_news(watch, by))
    bulk.update(due, SAVED)
    if found:
        record_many(found)
    return len(due)


def wait(watches: Collection[Watch], *, shop_id: int, now: datetime) -> None:
    """Let locked watches wait for their hand-over, or no more: something of them has changed."""
    before = {watch.pk: watch.foresee_at for watch in watches}
    for watch in _settled(watches, shop_id=shop_id, now=now):
        watch.foresee_at = now
    bulk.update([watch for watch in watches if watch.foresee_at != before[watch.pk]], SAVED)


def wait_again(order_ids: Collection[int], *, shop_id: int) -> None:
    """The same of orders whose parcels have been announced, handed over or cancelled."""
    rows = Watch.objects.select_for_update().filter(shop_id=shop_id, order_id__in=order_ids)
    wait(list(rows.order_by("id")), shop_id=shop_id, now=clock.now())


def _settled(watches: Collection[Watch], *, shop_id: int, now: datetime) -> list[Watch]:
    """Those that still wait; of the others nothing is to be expected any more."""
    ids = [watch.order_id for watch in watches]
    parcels = Parcel.objects.filter(shop_id=shop_id, order_id__in=ids, way=Leg.OUTBOUND)
    sent = set(parcels.exclude(stage=ParcelStage.CANCELLED).values_list("order_id", flat=True))
    waiting = []
    for watch in watches:
        if _waits(watch, now) and watch.order_id not in sent:
            waiting.append(watch)
        else:
            watch.risk, watch.why = None, ""
            watch.expected_from = watch.expected_to = watch.foresee_at = None
    return waiting


def _waits(watch: Watch, now: datetime) -> bool:
    if watch.paid_at is None or watch.cancelled_at is not None or not watch.unsent:
        return False
    return now - watch.paid_at <= HISTORY


def _sent(watches: Iterable[Watch], *, shop_id: int) -> Sequence[Sent]:
    from opieka.deliveries.policy.lateness.reading import Sent

    waiting = list(watches)
    going = orders.sendings([watch.order_id for watch in waiting], shop_id=shop_id)
    origin = shops.shop(shop_id).country
    return [
        Sent(
            approved_at=watch.paid_at or going[watch.order_id].placed_at,
            handed_over_at=None,
            arrived_at=None,
            promised_to=watch.promised_to,
            sender="",
            carrier="",
            origin_country=origin,
            origin_postcode="",
            destination_country=going[watch.order_id].country[:2],
            destination_postcode=going[watch.order_id].postcode[:20],
        )
        for watch in waiting
    ]


def _is_news(watch: Watch, now: datetime) -> bool:
    """Probably late, not late yet, and not told of this promise."""
    if watch.risk is None or watch.risk < HIGH or watch.promised_to is None:
        return False
    return watch.promised_to > now and watch.doubted != watch.promised_to


def _news(watch: Watch, by: Actor) -> NewTouchpoint:
    watch.doubted = watch.promised_to
    fact = OrderDelayExpected(
        order_id=watch.order_id,
        probability=round(watch.risk or 0.0, 3),
        expected_from=watch.expected_from,
        expected_to=watch.expected_to,
        promised_to=watch.promised_to,
        why=watch.why,
    )
    return NewTouchpoint(fact, watch.shop_id, watch.customer_id, f"order:{watch.order_id}", by)
