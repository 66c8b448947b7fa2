"""How carriers did, and where delays arise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from opieka.deliveries.policy.attempts import remedies
from opieka.deliveries.policy.scoring import mean_interval, parts, share
from opieka.deliveries.queries.cards import carrier_title
from opieka.deliveries.types import Delays, FirstAttempts, Missed, Reason, Scorecard

# There: in the customer's hands, or at the point where she may take it.
_SCORES = """
    with sent as (
        select carrier, stage, first_attempt, promised_to, announced, lost_at is not null as missing,
            handed_over_at, least(ready_at, delivered_at) as there_at, stage = 'delivered' as arrived
        from deliveries_parcel
        where shop_id = any(%s::bigint[]) and way = 'outbound' and handed_over_at >= %s and handed_over_at < %s
    )
    select carrier, count(*),
        count(*) filter (where arrived),
        count(*) filter (where arrived and promised_to is not null and there_at <= promised_to),
        count(*) filter (where promised_to is not null and (arrived or promised_to < %s)),
        count(*) filter (where first_attempt), count(first_attempt),
        count(*) filter (where missing), count(*) filter (where announced ~ '\\mdamaged\\M'),
        avg(extract(epoch from there_at - handed_over_at) / 86400) filter (where arrived),
        stddev_samp(extract(epoch from there_at - handed_over_at) / 86400) filter (where arrived)
    from sent group by carrier order by count(*) desc, carrier
"""

_LATE = """
    select p.promised_to, least(p.ready_at, p.delivered_at), p.handed_over_at, w.hand_over_due_at
    from deliveries_parcel p
    left join deliveries_watch w on w.shop_id = p.shop_id and w.order_id = p.order_id
    where p.shop_id = any(%s::bigint[]) and p.way = 'outbound' and p.stage = 'delivered'
        and p.delivered_at >= %s and p.delivered_at < %s and least(p.ready_at, p.delivered_at) > p.promised_to
"""
_FIRST = """
    select first_attempt, first_reason, count(*) from deliveries_parcel
    where shop_id = any(%s::bigint[]) and way = 'outbound' and handed_over_at >= %s and handed_over_at < %s
        and first_attempt is not null
    group by first_attempt, first_reason order by count(*) desc, first_reason
"""
_DAY = timedelta(days=1)


def scorecards(
    *, shop_ids: Collection[int], since: datetime, until: datetime, now: datetime
) -> list[Scorecard]:
    """Each carrier's figures for the parcels it was handed in a period, the busiest first. One query.

    On time counts, of the promised ones, those that have arrived or should have by `now`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SCORES, [list(shop_ids), since, until, now])
        return [_scorecard(row) for row in cursor.fetchall()]


def first_attempts(*, shop_ids: Collection[int], since: datetime, until: datetime) -> FirstAttempts:
    """How first attempts went with the parcels handed over in a period. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [list(shop_ids), since, until])
        found = cursor.fetchall()
    made = sum(count for good, _reason, count in found if good)
    failed = Counter({Reason(reason): count for good, reason, count in found if not good})
    missed = tuple(
        Missed(reason=reason, parcels=count, remedies=remedies(reason))
        for reason, count in failed.most_common()
    )
    helped = Counter({remedy: 0 for one in missed for remedy in one.remedies})
    for one in missed:
        helped.update(dict.fromkeys(one.remedies, one.parcels))
    total = failed.total()
    return FirstAttempts(
        made=share(made, made + total),
        missed=missed,
        saved=share(sum(one.parcels for one in missed if one.remedies), total),
        by_remedy={remedy: share(count, total) for remedy, count in helped.most_common()},
    )


def delays(*, shop_ids: Collection[int], since: datetime, until: datetime) -> Delays:
    """Where the lateness of what was delivered late in a period arose. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [list(shop_ids), since, until])
        found = [
            parts(promised_to=promised, there_at=there, handed_over_at=handed, due_at=due)
            for promised, there, handed, due in cursor.fetchall()
        ]
    mainly_warehouse = sum(warehouse > carrier for warehouse, carrier in found)
    return Delays(
        late=len(found),
        by_warehouse=mainly_warehouse,
        by_carrier=len(found) - mainly_warehouse,
        warehouse_days=sum((warehouse for warehouse, _ in found), timedelta(0)) / _DAY,
        carrier_days=sum((carrier for _, carrier in found), timedelta(0)) / _DAY,
    )


def _scorecard(row: tuple[Any, ...]) -> Scorecard:
    carrier, parcels, delivered, on_time, promised, first, attempted, lost, damaged, mean, deviation = row
    days = None if mean is None else float(mean)
    spread = None if deviation is None else float(deviation)
    interval = None if days is None else mean_interval(days, spread, delivered)
    return Scorecard(
        carrier=carrier,
        carrier_title=carrier_title(carrier),
        parcels=parcels,
        on_time=share(on_time, promised),
        first_attempt=share(first, attempted),
        lost=share(lost, parcels),
        damaged=share(damaged, parcels),
        days=days,
        days_low=interval[0] if interval else None,
        days_high=interval[1] if interval else None,
        delivered=delivered,
    )
