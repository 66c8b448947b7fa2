"""A batch of parcels in memory: what is stored, and what is new of them."""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.models import Connection, Parcel, Report, Usual
from opieka.deliveries.policy.folding import Heard, Standing, goes_on
from opieka.deliveries.policy.reports import digest
from opieka.deliveries.policy.silence import ENOUGH, Habits, Lane
from opieka.deliveries.policy.working import MONDAY_TO_FRIDAY, Week
from opieka.deliveries.types import DeliveryPreferences, HandedTo, Leg, ParcelStage, Reason, TrackingReport
from opieka.kernel import clock
from opieka.shops import queries as shops

SHOP = "shop"
"""Who told it, when the shop's own records did."""
LOCKS = 64
SATURDAY, SUNDAY = 5, 6
A_WORKING_DAY = 0.15
"""A day of the week with so large a share of what moves on a usual day is one on which a carrier works."""
REPORT = (
    "at", "stage", "raw_code", "raw_text", "reason", "leg", "handed_to", "collect_by", "expected_from",
    "expected_to", "depot", "city", "country",
)  # fmt: skip


FOLDED = (
    "stage", "reason", "leg", "handed_to", "collect_by", "carrier_from", "carrier_to", "label_at",
    "handed_over_at", "ready_at", "delivered_at", "last_report_at", "last_progress_at", "attempts",
    "first_attempt", "first_reason", "depot", "city", "country", "ahead_at",
)  # fmt: skip
"""What of a parcel follows from the reports alone."""


@dataclass
class Box:
    """One parcel: its row, its reports by digest, those of them that are new, and whether its row is to be saved.

    `believed` is what the shop itself says of it. `stood` is where it stood when all that is new follows from there:
    then only the new reports are here.
    """

    parcel: Parcel
    heard: dict[str, Heard] = field(default_factory=dict)
    believed: dict[str, Heard] = field(default_factory=dict)
    fresh: dict[str, Heard] = field(default_factory=dict)
    changed: bool = False
    stood: Standing | None = None

    @property
    def telling(self) -> Iterable[Heard]:
        """What counts: where a carrier speaks, the shop's belief is not heard."""
        return (self.heard or self.believed).values()

    def add(self, reports: Iterable[TrackingReport], *, at: datetime) -> None:
        """Add what is new of some reports."""
        self._add(self.heard, reports, at)

    def believe(self, reports: Iterable[TrackingReport], *, at: datetime) -> None:
        """Add what is new of what the shop says."""
        self._add(self.believed, reports, at)

    def _add(self, known: dict[str, Heard], reports: Iterable[TrackingReport], at: datetime) -> None:
        for report in reports:
            code = digest(report)
            if code not in known:
                known[code] = self.fresh[code] = Heard(report, at)
        self.changed = self.changed or bool(self.fresh)

    def go_on(self, new: Mapping[str, TrackingReport], standing: Standing, *, at: datetime) -> None:
        """Add what follows from where the parcel stood."""
        self.stood = standing
        self.fresh = self.heard = {code: Heard(report, at) for code, report in new.items()}
        self.changed = self.changed or bool(self.fresh)


@dataclass(frozen=True)
class State:
    """What is needed to judge parcels of a shop. `asked` are the carriers it can ask, `asks_all`: an aggregator too."""

    shop_id: int
    now: datetime
    habits: Habits
    asked: frozenset[str]
    asks_all: bool

    def asks(self, carrier: str) -> bool:
        """Whether somebody can be asked about a carrier's parcels."""
        return self.asks_all or carrier in self.asked


def begin(shop_id: int) -> State:
    """What is needed to judge parcels of a shop: 4 queries."""
    active = Connection.objects.filter(shop_id=shop_id, active=True).values_list("carrier", flat=True)
    asked = [name for name in active if name in CARRIERS and CARRIERS[name].capabilities.polling]
    return State(
        shop_id=shop_id,
        now=clock.now(),
        habits=habits(shop_id),
        asked=frozenset(asked),
        asks_all=any(CARRIERS[name].capabilities.aggregator for name in asked),
    )


def habits(shop_id: int) -> Habits:
    """What a shop has learned of its carriers. 3 queries."""
    silences: dict[Lane, float] = {}
    transits: dict[Lane, float] = {}
    weekends: defaultdict[str, set[int]] = defaultdict(set)
    for row in Usual.objects.filter(shop_id=shop_id, n__gte=ENOUGH):
        lane = Lane(row.carrier, row.stage, row.origin, row.destination)
        if row.what == Usual.SILENCE:
            silences[lane] = row.amount
        elif row.what == Usual.TRANSIT:
            transits[lane] = row.amount
        elif row.amount >= A_WORKING_DAY:
            weekends[row.carrier].add(SATURDAY if row.what == Usual.SATURDAY else SUNDAY)
    shop = shops.shop(shop_id)
    weeks = {
        name: Week(
            days=MONDAY_TO_FRIDAY | weekends[name],
            zone=(CARRIERS[name].zone if name in CARRIERS else "") or shop.timezone,
            country=(CARRIERS[name].country if name in CARRIERS else "") or shop.country,
        )
        for name in {"", *CARRIERS, *weekends}
    }
    lost_after = shops.preferences(shop_id, DeliveryPreferences).lost_after_days
    return Habits(silences=silences, transits=transits, weeks=weeks, lost_after=lost_after)


def take_turns(shop_id: int, *, numbers: Iterable[str] = (), order_keys: Iterable[str] = ()) -> None:
    """Lock parcels by number and orders by key until the transaction ends, also those that do not exist yet; in one
    order for all. Whoever makes a parcel, gives it a carrier or an order holds this."""
    names = {f"parcels:{shop_id}:{zlib.crc32(number.encode()) % LOCKS}" for number in numbers}
    names |= {f"sendings:{shop_id}:{zlib.crc32(key.encode()) % LOCKS}" for key in order_keys if key}
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) key", [sorted(map(_key, names))]
        )


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def lock_numbers(shop_id: int, numbers: Collection[str]) -> list[Parcel]:
    """The parcels with these numbers, of whatever carrier, locked."""
    rows = Parcel.objects.select_for_update().filter(shop_id=shop_id, number__in=numbers)
    return list(rows.order_by("id"))


def load_reports(boxes: Sequence[Box], *, shop_id: int) -> None:
    """Put what was reported before into the boxes of stored parcels. One query."""
    by_parcel = {box.parcel.pk: box for box in boxes if box.parcel.pk is not None}
    if not by_parcel:
        return
    rows = Report.objects.filter(shop_id=shop_id, parcel_id__in=by_parcel)
    for parcel_id, code, received_at, told_by, *values in rows.values_list(
        "parcel_id", "digest", "received_at", "told_by", *REPORT
    ):
        box = by_parcel[parcel_id]
        known = box.believed if told_by == SHOP else box.heard
        known[code] = Heard(_report(values), received_at)


def add_reports(told: Iterable[tuple[Box, Sequence[TrackingReport]]], state: State) -> None:
    """Add what is new of what is told. Of a parcel that only goes on, nothing but the hashes of its reports is loaded.
    Two queries."""
    by_box: dict[int, tuple[Box, dict[str, TrackingReport]]] = {}
    for box, reports in told:
        _, codes = by_box.setdefault(id(box), (box, {}))
        codes.update((digest(report), report) for report in reports)
    known = _hashes([box for box, _ in by_box.values()], state.shop_id)
    turning: list[tuple[Box, dict[str, TrackingReport]]] = []
    for box, codes in by_box.values():
        hashes = known.get(box.parcel.pk or 0)
        new = {code: report for code, report in codes.items() if hashes is None or code not in hashes}
        standing = _stood(box.parcel)
        if hashes is not None and goes_on(standing, new.values(), now=state.now):
            box.go_on(new, standing, at=state.now)
        else:
            turning.append((box, codes))
    load_reports([box for box, _ in turning], shop_id=state.shop_id)
    for box, codes in turning:
        box.add(codes.values(), at=state.now)


def _hashes(boxes: Sequence[Box], shop_id: int) -> dict[int, set[str]]:
    """What was reported before of parcels of which everything is told that their carriers said: none waits for its
    order, and none goes by the shop's belief. One query."""
    ids = [
        box.parcel.pk
        for box in boxes
        if box.parcel.pk is not None and not (box.parcel.order_id is None and box.parcel.order_key)
    ]
    if not ids:
        return {}
    rows = Report.objects.filter(shop_id=shop_id, parcel_id__in=ids).values_list(
        "parcel_id", "digest", "told_by"
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    believed: set[int] = set()
    for parcel_id, code, told_by in rows:
        found[parcel_id].add(code)
        if told_by == SHOP:
            believed.add(parcel_id)
    return {parcel_id: codes for parcel_id, codes in found.items() if parcel_id not in believed}


def _stood(parcel: Parcel) -> Standing:
    """Where a parcel stands by its row."""
    standing = Standing(**{name: getattr(parcel, name) for name in FOLDED})
    standing.stage, standing.reason = ParcelStage(parcel.stage), Reason(parcel.reason)
    standing.leg, standing.handed_to = Leg(parcel.leg), HandedTo(parcel.handed_to)
    standing.first_reason = Reason(parcel.first_reason)
    return standing


def _report(values: list[Any]) -> TrackingReport:
    told = dict(zip(REPORT, values, strict=True))
    told["stage"], told["reason"] = ParcelStage(told["stage"]), Reason(told["reason"])
    told["leg"], told["handed_to"] = Leg(told["leg"]), HandedTo(told["handed_to"])
    return TrackingReport(**told)
