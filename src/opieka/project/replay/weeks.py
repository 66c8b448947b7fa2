"""What was announced against what came, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from opieka.orders.types import OrderSnapshot, OrderStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one order: its promise, and when it was there; None when it never was."""

    promised_to: datetime
    delivered_at: datetime | None

    @property
    def late(self) -> bool:
        return self.delivered_at is None or self.delivered_at > self.promised_to


@dataclass(kw_only=True, slots=True)
class Week:
    """Orders promised for one week. `ahead` are days from an announcement to the broken promise."""

    begins: date
    due: int = 0
    late: int = 0
    announced: int = 0
    right: int = 0
    ahead: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float | None:
        """The share of late orders whose customers could be told before the promise passed."""
        return self.right / self.late if self.late else None

    @property
    def precision(self) -> float | None:
        """The share of announcements that came true."""
        return self.right / self.announced if self.announced else None

    @property
    def days_ahead(self) -> float | None:
        return median(self.ahead) if self.ahead else None


def outcome(order: OrderSnapshot) -> Outcome | None:
    """What came of an order; None for one that was promised nothing or was called off."""
    if order.promised_at is None or order.status is OrderStatus.CANCELLED:
        return None
    arrivals = [shipment.delivered_at for shipment in order.shipments]
    there = max((at for at in arrivals if at), default=None) if arrivals and all(arrivals) else None
    return Outcome(promised_to=order.promised_at, delivered_at=there)


def by_week(
    outcomes: Mapping[str, Outcome], announced: Mapping[str, datetime], *, zone: tzinfo, until: datetime
) -> list[Week]:
    """The weeks in order. `announced` says when a delay was announced first, by order number.

    Only promises that have passed by `until` count, and only announcements made before their promise passed.
    """
    weeks: dict[date, Week] = {}
    for number, came in outcomes.items():
        if came.promised_to > until:
            continue
        day = came.promised_to.astimezone(zone).date()
        begins = day - timedelta(days=day.weekday())
        week = weeks.setdefault(begins, Week(begins=begins))
        week.due += 1
        week.late += came.late
        told = announced.get(number)
        if told is not None and told < came.promised_to:
            week.announced += 1
            week.right += came.late
            if came.late:
                week.ahead.append((came.promised_to - told) / timedelta(days=1))
    return [weeks[begins] for begins in sorted(weeks)]


def total(weeks: Iterable[Week]) -> Week:
    """All weeks as one."""
    whole: defaultdict[str, int] = defaultdict(int)
    ahead: list[float] = []
    begins = date.max
    for week in weeks:
        for name in ("due", "late", "announced", "right"):
            whole[name] += getattr(week, name)
        ahead += week.ahead
        begins = min(begins, week.begins)
    return Week(begins=begins, ahead=ahead, **whole)
