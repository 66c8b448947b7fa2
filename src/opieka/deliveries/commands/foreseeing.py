"""What is to be expected of parcels: how likely late, between which days, and why; told once per promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from opieka.deliveries.commands.announcing import about, held_until, touchpoint
from opieka.deliveries.facts import ParcelDelayExpected
from opieka.deliveries.models import Foresight, Parcel, Watch
from opieka.deliveries.policy.scoring import HIGH
from opieka.deliveries.queries.history import foresight, sent
from opieka.deliveries.types import ParcelStage
from opieka.kernel import bulk, clock
from opieka.kernel.actor import Actor
from opieka.shops import queries as shops
from opieka.timeline.commands import record_many
from opieka.timeline.types import NewTouchpoint

if TYPE_CHECKING:
    from opieka.deliveries.policy.lateness.reading import Sent

AGAIN = timedelta(hours=6)
"""An open parcel without news is reckoned again after so long."""
FORGOTTEN = timedelta(days=90)
SAVED = ("risk", "why", "expected_from", "expected_to", "foresee_at", "announced")


class Expected(NamedTuple):
    """Of one parcel; None and "" where nothing is known."""

    risk: float | None
    why: str
    expected_from: datetime | None
    expected_to: datetime | None


@transaction.atomic
def keep_foresight(shop_id: int, *, data: bytes, parcels: int, by: Actor) -> None:
    """Keep what a shop has learned, in place of what it had learned before."""
    values = {"learned_at": clock.now(), "parcels": parcels, "data": data}
    Foresight.objects.update_or_create(shop_id=shop_id, defaults=values)


@transaction.atomic
def foresee(limit: int, *, by: Actor) -> int:
    """Reckon what is to be expected of up to `limit` parcels whose turn it is; returns how many.

    The first time a parcel is more likely late than not, and again after every new promise, that is announced.
    """
    now = clock.now()
    rows = Parcel.objects.select_for_update(skip_locked=True).filter(foresee_at__lte=now)
    due = sorted(rows.order_by("foresee_at")[:limit], key=lambda parcel: (parcel.shop_id, parcel.pk))
    found: list[NewTouchpoint] = []
    for shop_id, of_shop in groupby(due, key=lambda parcel: parcel.shop_id):
        parcels = list(of_shop)
        out = [parcel.stage == ParcelStage.OUT_FOR_DELIVERY for parcel in parcels]
        reckoned = reckon(sent(parcels, shop_id=shop_id), out, shop_id=shop_id, now=now)
        for parcel, expected in zip(parcels, reckoned, strict=True):
            parcel.risk, parcel.why, parcel.expected_from, parcel.expected_to = expected
            parcel.foresee_at = now + AGAIN if now - parcel.created_at < FORGOTTEN else None
        found += _news([parcel for parcel in parcels if _is_news(parcel, now)], shop_id, by)
    bulk.update(due, SAVED)
    if found:
        record_many(found)
    return len(due)


def _is_news(parcel: Parcel, now: datetime) -> bool:
    """Probably late, not late yet, and not told of this promise. What waits for its order waits here, too."""
    if parcel.risk is None or parcel.risk < HIGH or parcel.promised_to is None or parcel.promised_to <= now:
        return False
    held = held_until(parcel)
    return not (held and held > now) and _key(parcel.promised_to) not in parcel.announced.split()


def _news(parcels: Sequence[Parcel], shop_id: int, by: Actor) -> Iterator[NewTouchpoint]:
    """What was told of the order before any carrier had it is not told again of its parcel."""
    ids = [parcel.order_id for parcel in parcels if parcel.order_id is not None]
    doubted = Watch.objects.filter(shop_id=shop_id, order_id__in=ids, doubted__isnull=False) if ids else None
    told = dict(doubted.values_list("order_id", "doubted")) if doubted is not None else {}
    for parcel in parcels:
        fact = _told(parcel)
        if told.get(parcel.order_id or 0) != parcel.promised_to:
            yield touchpoint(parcel, fact, by=by)


def _told(parcel: Parcel) -> ParcelDelayExpected:
    assert parcel.risk is not None  # noqa: S101  # _is_news said so
    assert parcel.promised_to is not None  # noqa: S101  # and that
    parcel.announced = f"{parcel.announced} {_key(parcel.promised_to)}".strip()
    return ParcelDelayExpected(
        **about(parcel),
        probability=round(parcel.risk, 3),
        expected_from=parcel.expected_from,
        expected_to=parcel.expected_to,
        promised_to=parcel.promised_to,
        why=parcel.why,
    )


def _key(promised_to: datetime) -> str:
    return f"delay:{promised_to:%Y-%m-%d}"


def reckon(seen: Sequence[Sent], out: Sequence[bool], *, shop_id: int, now: datetime) -> list[Expected]:
    """By what the shop has learned; by rules where that says nothing. `out` are those out for delivery."""
    # NumPy is loaded by the worker that foresees, not by every process that can write parcels.
    import numpy as np

    from opieka.deliveries.policy.lateness import forecast, reading, rules

    zone = ZoneInfo(shops.shop(shop_id).timezone)
    columns, here = reading.columns(seen, zone), reading.day_of(now, zone)
    learned = foresight(shop_id)
    told = forecast.foretell(learned, columns, now=here, out=np.array(out, np.bool_)) if learned else None
    found = []
    for row in range(len(seen)):
        if told is not None and np.isfinite(told.latest[row]):
            risk = float(told.probability[row]) if np.isfinite(told.probability[row]) else None
            window = (reading.begin_of(told.earliest[row], zone), reading.end_of(told.latest[row], zone))
            found.append(Expected(risk, told.why(row) if risk is not None else "", *window))
        elif np.isfinite(columns.promised[row]):
            risk, why = rules.by_rule(columns.promised[row], now=here, out=out[row])
            found.append(Expected(risk, why, None, None))
        else:
            found.append(Expected(None, "", None, None))
    return found
