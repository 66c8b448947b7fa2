"""Learning what is usual from a shop's own parcels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import connection, transaction

from opieka.deliveries.commands.loading import SATURDAY, SUNDAY, habits
from opieka.deliveries.models import Usual
from opieka.deliveries.policy.learning import LONG_SILENCE, LONG_TRANSIT, Gap, Learned, shares, usual
from opieka.deliveries.policy.silence import SILENCE, Lane
from opieka.kernel import clock
from opieka.kernel.actor import Actor

LOOK_BACK = timedelta(days=90)
"""What is older says nothing of this season."""
MOST = 200_000

_SILENCES = """
    select p.carrier, r.stage, p.origin_country, p.destination_country, r.at, r.next_at
    from (
        select parcel_id, stage, at, lead(at) over (partition by parcel_id order by at, id) as next_at
        from deliveries_report where shop_id = %s and at >= %s and at <= %s
    ) r join deliveries_parcel p on p.id = r.parcel_id
    where r.next_at is not null and r.stage = any(%s) order by r.at desc limit %s
"""
_TRANSITS = """
    select carrier, '', origin_country, destination_country, handed_over_at, least(ready_at, delivered_at)
    from deliveries_parcel
    where shop_id = %s and stage = 'delivered' and way = 'outbound' and handed_over_at >= %s and delivered_at <= %s
        and handed_over_at < least(ready_at, delivered_at)
    order by handed_over_at desc limit %s
"""
_DAYS = """
    select p.carrier, extract(isodow from r.at)::int - 1, count(*)
    from deliveries_report r join deliveries_parcel p on p.id = r.parcel_id
    where r.shop_id = %s and r.at >= %s and r.at <= %s and r.stage = any(%s) group by 1, 2
"""
_WEEKEND = {SATURDAY: Usual.SATURDAY, SUNDAY: Usual.SUNDAY}


@transaction.atomic
def learn(shop_id: int, *, by: Actor) -> int:
    """Learn anew what silences, transits and working days are usual; returns how many lanes say something."""
    now = clock.now()
    weeks = habits(shop_id).weeks
    stages = [stage.value for stage in SILENCE]
    period = (shop_id, now - LOOK_BACK, now)
    silences = usual(_gaps(_SILENCES, (*period, stages, MOST)), weeks, quantile=LONG_SILENCE)
    transits = usual(_both(_gaps(_TRANSITS, (*period, MOST))), weeks, quantile=LONG_TRANSIT)
    rows = [_row(shop_id, Usual.SILENCE, lane, found) for lane, found in silences.items()]
    rows += [_row(shop_id, Usual.TRANSIT, lane, found) for lane, found in transits.items()]
    for carrier, moved in _moved((*period, stages)).items():
        for day, found in shares(moved, _WEEKEND).items():
            rows.append(_row(shop_id, _WEEKEND[day], Lane(carrier), found))
    Usual.objects.filter(shop_id=shop_id).delete()
    Usual.objects.bulk_create(rows)
    return len(rows)


def _gaps(statement: str, arguments: tuple[object, ...]) -> Iterable[Gap]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))  # type: ignore[arg-type]  # moments, numbers and codes
        for carrier, stage, origin, destination, start, end in cursor.fetchall():
            yield Gap(Lane(carrier, stage, origin, destination), start, end)


def _both(gaps: Iterable[Gap]) -> Iterable[Gap]:
    """Each gap on its carrier's lane, and on the lane of all carriers: before the hand-over nobody knows which."""
    for gap in gaps:
        yield gap
        yield gap._replace(lane=Lane("", "", gap.lane.origin, gap.lane.destination))


def _moved(arguments: tuple[object, ...]) -> Mapping[str, dict[int, int]]:
    moved: defaultdict[str, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, list(arguments))  # type: ignore[arg-type]  # moments, numbers and codes
        for carrier, day, count in cursor.fetchall():
            moved[carrier][day] = count
    return moved


def _row(shop_id: int, what: str, lane: Lane, found: Learned) -> Usual:
    return Usual(
        shop_id=shop_id,
        what=what,
        carrier=lane.carrier,
        stage=lane.stage,
        origin=lane.origin,
        destination=lane.destination,
        amount=found.amount,
        n=found.n,
        learned_at=clock.now(),
    )
