"""What a carrier's reports, in whatever order they came, say of a parcel: where it stands, and what is to be told.

Reports are ordered by the carrier's time. Where a parcel stands follows from all of them together, so the order of
arrival never matters. What is to be told is a set of *meanings*, each with a key; hearing more only ever adds to it,
with one exception: a hand-back that is reported late turns what came after it into the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, TrackingReport

CLOCKS_DIFFER = timedelta(minutes=15)
"""A report dated so much after now is not from the future."""
SAME_ATTEMPT = timedelta(hours=6)
"""Failures reported within so long, and with nothing between them, are one attempt."""

S = ParcelStage
UNDER_WAY = frozenset(
    {S.ACCEPTED, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.AWAITING_COLLECTION, S.ATTEMPT_FAILED, S.EXCEPTION}
)
_END = frozenset({S.DELIVERED, S.RETURNING, S.RETURNED, S.LOST})
_NEW = frozenset({S.LABEL_CREATED, S.CANCELLED}) | UNDER_WAY | _END
_FOUND = UNDER_WAY - {S.EXCEPTION} | {S.DELIVERED, S.RETURNING, S.RETURNED}

MOVED_BY: Mapping[ParcelStage, frozenset[ParcelStage]] = {
    S.UNKNOWN: _NEW,
    S.LABEL_CREATED: _NEW,
    S.CANCELLED: UNDER_WAY | _END,
    **dict.fromkeys(UNDER_WAY, UNDER_WAY | _END | {S.CANCELLED}),
    S.RETURNING: frozenset({S.RETURNING, S.RETURNED, S.DELIVERED, S.LOST, S.EXCEPTION}),
    S.LOST: _FOUND,
    S.DELIVERED: frozenset({S.AWAITING_COLLECTION, S.ATTEMPT_FAILED, S.RETURNING, S.RETURNED, S.LOST}),
    S.RETURNED: frozenset(),
}
"""Which later reports move a parcel on from a stage; the others are kept and change nothing."""

CONSIGNEE = frozenset(
    {HandedTo.RECIPIENT, HandedTo.NEIGHBOUR, HandedTo.SAFE_PLACE, HandedTo.COLLECTED_AT_POINT}
)
_WITH_SHOP = frozenset({Reason.RETAILER_NOT_HANDED_OVER, Reason.RETAILER_LABEL, Reason.RETAILER_CANCELLED})
_RANK: Mapping[ParcelStage, int] = {stage: rank for rank, stage in enumerate(ParcelStage)}


class Heard(NamedTuple):
    """A report, and when we received it."""

    report: TrackingReport
    received_at: datetime


class Meaning(NamedTuple):
    """Something to be told once per parcel: `key` says what, `report` is the one that says so."""

    key: str
    report: TrackingReport


@dataclass(slots=True)
class Standing:
    """Where a parcel stands. `attempts` counts the failed ones; `ahead_at` is the first report from the future."""

    stage: ParcelStage = S.UNKNOWN
    reason: Reason = Reason.NONE
    leg: Leg = Leg.OUTBOUND
    handed_to: HandedTo = HandedTo.UNKNOWN
    collect_by: datetime | None = None
    carrier_from: datetime | None = None
    carrier_to: datetime | None = None
    label_at: datetime | None = None
    handed_over_at: datetime | None = None
    ready_at: datetime | None = None
    delivered_at: datetime | None = None
    last_report_at: datetime | None = None
    last_progress_at: datetime | None = None
    attempts: int = 0
    first_attempt: bool | None = None
    first_reason: Reason = Reason.NONE
    depot: str = ""
    city: str = ""
    country: str = ""
    ahead_at: datetime | None = None
    meanings: dict[str, Meaning] = field(default_factory=dict)
    _outs: int = 0
    _failed_since_out: bool = True
    _failed_at: datetime | None = None


def fold(heard: Iterable[Heard], *, now: datetime, leg: Leg = Leg.OUTBOUND) -> Standing:
    """Where a parcel stands by these reports. `leg` is the way it was sent on; reports of the future wait."""
    standing = Standing(leg=leg)
    horizon = now + CLOCKS_DIFFER
    told: list[Heard] = []
    for each in heard:
        at = each.report.at
        if at > horizon:
            standing.ahead_at = at if standing.ahead_at is None else min(standing.ahead_at, at)
        else:
            told.append(each)
    told.sort(key=_order)
    for each in told:
        _take(standing, each.report)
    _expect(standing, told)
    return standing


def goes_on(standing: Standing, reports: Iterable[TrackingReport], *, now: datetime) -> bool:
    """Whether what these reports change follows from where the parcel stands: all are later than those before, none is
    of the future, and none of a stage whose meaning depends on how often it was told before."""
    last, horizon = standing.last_report_at, now + CLOCKS_DIFFER
    if last is None or standing.ahead_at is not None or standing.stage is S.LOST:
        return False
    return all(last < report.at <= horizon and report.stage not in _COUNTED for report in reports)


def go_on(standing: Standing, heard: Iterable[Heard]) -> Standing:
    """Where a parcel stands after such reports; `meanings` are only what they add."""
    told = sorted(heard, key=_order)
    for each in told:
        _take(standing, each.report)
    _expect(standing, told)
    return standing


def diagram() -> str:
    """MOVED_BY as a Mermaid state diagram; stages that are moved by the same reports share a box."""
    lines = ["stateDiagram-v2", "    [*] --> label_created", "    state under_way {"]
    lines += [f"        {stage}" for stage in S if stage in UNDER_WAY]
    lines.append("    }")
    for stage, movers in MOVED_BY.items():
        if stage in UNDER_WAY or stage is S.UNKNOWN:
            continue
        lines += [f"    {stage} --> {to}" for to in _boxed(movers) if to != stage]
    lines += [f"    under_way --> {to}" for to in _boxed(MOVED_BY[S.IN_TRANSIT] - UNDER_WAY)]
    return "\n".join(lines)


def _boxed(stages: frozenset[ParcelStage]) -> list[str]:
    """The stages in the order of the enum, all that are under way as one."""
    whole = stages - UNDER_WAY if stages >= UNDER_WAY else stages
    named = [stage.value for stage in S if stage in whole]
    return named if whole == stages else ["under_way", *named]


def _order(each: Heard) -> tuple[object, ...]:
    """By the carrier's time; what has come further is the later of two at the same moment, then any fixed order."""
    r = each.report
    place = (r.depot, r.city, r.country, r.collect_by or r.at)
    return r.at, _RANK[r.stage], r.raw_code, r.raw_text, r.reason, r.leg, r.handed_to, place


def _take(standing: Standing, report: TrackingReport) -> None:
    standing.last_report_at = report.at
    place, there = (
        (report.depot, report.city, report.country),
        (standing.depot, standing.city, standing.country),
    )
    on = bool(report.depot or report.city) and place != there
    if on:
        standing.depot, standing.city, standing.country = place
    if report.stage is S.UNKNOWN:
        return
    stage, leg = _meant(standing, report)
    _tell(standing, report, stage)
    if stage in MOVED_BY[standing.stage]:
        if on or stage is not standing.stage:
            standing.last_progress_at = report.at
        standing.leg = leg
        _move(standing, report, stage)


_NO_WAY = frozenset({S.LABEL_CREATED, S.LOST, S.CANCELLED})
"""Stages in which a parcel goes nowhere: none of them turns it round."""


def _meant(standing: Standing, report: TrackingReport) -> tuple[ParcelStage, Leg]:
    """The stage and leg a report means where it stands. What follows a hand-back is the way back, unless the carrier
    names who of the customer's side has it."""
    stage, leg = report.stage, report.leg
    if stage in _NO_WAY and leg is Leg.RETURNING_TO_SENDER:
        leg = standing.leg
    if leg is Leg.OUTBOUND:
        consignee = stage is S.DELIVERED and report.handed_to in CONSIGNEE
        back = standing.leg is Leg.RETURNING_TO_SENDER or standing.stage is S.RETURNED
        leg = Leg.OUTBOUND if consignee and back else standing.leg
    if stage in {S.RETURNING, S.RETURNED} and leg is Leg.OUTBOUND:
        leg = Leg.RETURNING_TO_SENDER
    if stage is S.DELIVERED and leg is not Leg.OUTBOUND:
        return S.RETURNED, leg
    if leg is Leg.RETURNING_TO_SENDER and stage in UNDER_WAY - {S.EXCEPTION}:
        return S.RETURNING, leg
    return stage, leg


def _move(standing: Standing, report: TrackingReport, stage: ParcelStage) -> None:
    standing.stage, standing.reason = stage, report.reason
    standing.collect_by = report.collect_by if stage is S.AWAITING_COLLECTION else None
    arrived = stage is S.DELIVERED or stage is S.RETURNED
    standing.handed_to = report.handed_to if arrived else HandedTo.UNKNOWN
    standing.delivered_at = report.at if arrived else None
    if stage is S.DELIVERED and standing.first_attempt is None:
        standing.first_attempt = True


def _tell(standing: Standing, report: TrackingReport, stage: ParcelStage) -> None:
    """Note what is to be told, whether or not the report moves the parcel: it was said."""
    physical = (stage in UNDER_WAY and report.reason not in _WITH_SHOP) or stage in _END - {S.LOST}
    if physical:
        standing.handed_over_at = standing.handed_over_at or report.at
        _mean(standing, "shipped", report)
    if report.reason is Reason.CARRIER_DAMAGED:
        _mean(standing, "damaged", report)
    elif stage is S.EXCEPTION:
        _mean(standing, f"held:{report.reason or Reason.OTHER}", report)
    if stage in _ATTEMPTS:
        _tell_of_attempt(standing, report, stage)
    elif key := _PLAIN.get(stage):
        _mean(standing, key, report)
    if stage is S.LABEL_CREATED:
        standing.label_at = standing.label_at or report.at
    if stage is S.AWAITING_COLLECTION:
        standing.ready_at = standing.ready_at or report.at


_ATTEMPTS = frozenset({S.OUT_FOR_DELIVERY, S.ATTEMPT_FAILED})
_COUNTED = _ATTEMPTS | {S.LOST}
_PLAIN: Mapping[ParcelStage, str] = {
    S.LABEL_CREATED: "announced",
    S.AWAITING_COLLECTION: "ready",
    S.DELIVERED: "delivered",
    S.RETURNING: "returning",
    S.RETURNED: "returned",
    S.LOST: "lost",
    S.CANCELLED: "cancelled",
}


def _tell_of_attempt(standing: Standing, report: TrackingReport, stage: ParcelStage) -> None:
    if stage is S.OUT_FOR_DELIVERY:
        if standing._failed_since_out:
            standing._outs += 1
            _mean(standing, f"out:{standing._outs}", report)
        standing._failed_since_out, standing._failed_at = False, None
        return
    standing._failed_since_out = True
    if standing._failed_at is not None and report.at - standing._failed_at < SAME_ATTEMPT:
        return
    standing._failed_at = report.at
    standing.attempts += 1
    if standing.attempts == 1:
        standing.first_reason = report.reason
        standing.first_attempt = standing.first_attempt or False
    _mean(standing, f"attempt:{standing.attempts}", report)


def _mean(standing: Standing, key: str, report: TrackingReport) -> None:
    standing.meanings.setdefault(key, Meaning(key, report))


def _expect(standing: Standing, told: list[Heard]) -> None:
    """The carrier's own estimate: of its latest event, and of that one as we heard it last."""
    dated = [each for each in told if each.report.expected_to is not None]
    if dated:
        last = max(dated, key=_estimated)
        standing.carrier_from, standing.carrier_to = last.report.expected_from, last.report.expected_to


def _estimated(each: Heard) -> tuple[datetime, ...]:
    report = each.report
    to = report.expected_to or report.at
    return report.at, each.received_at, to, report.expected_from or to
