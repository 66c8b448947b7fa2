"""What reports and promises make of parcels: rows, reports and facts, written together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from opieka.deliveries.commands.announcing import held_until, news, touchpoints
from opieka.deliveries.commands.loading import FOLDED, REPORT, Box, State
from opieka.deliveries.models import Parcel, Report
from opieka.deliveries.policy.asking import next_ask
from opieka.deliveries.policy.folding import Meaning, Standing, fold, go_on
from opieka.deliveries.policy.silence import Lane, Quiet, late_due, lost_due, stale_due
from opieka.deliveries.types import Leg, ParcelStage
from opieka.kernel import bulk
from opieka.kernel.actor import Actor
from opieka.timeline.commands import record_many

SAVED = (
    *FOLDED, "carrier", "carrier_word", "service", "order_id", "customer_id", "shipment_id", "order_key", "reference",
    "sender", "destination_country", "destination_postcode", "promised_from", "promised_to", "late_at", "stale_at",
    "lost_at", "announced", "look_at", "stale_due_at", "lost_due_at", "ask_at", "foresee_at", "risk", "why",
)  # fmt: skip


def settle(state: State, boxes: Sequence[Box], *, told_by: str, by: Actor) -> None:
    """Judge parcels by all that is known of them, save what changed, announce what was not told yet.

    The boxes hold all reports of their parcels, or the new ones and where they stood; whoever calls holds the parcels'
    locks.
    """
    due: list[tuple[Parcel, list[Meaning]]] = []
    for box in boxes:
        standing = _standing(box, state)
        _write(box.parcel, standing, state)
        held = held_until(box.parcel)
        if held is None or held <= state.now:
            due.append((box.parcel, news(box.parcel, standing)))
    known = [box.parcel for box in boxes if box.parcel.pk is not None]
    bulk.insert([box.parcel for box in boxes if box.parcel.pk is None])
    bulk.update(known, SAVED)
    _keep_reports(boxes, told_by=told_by)
    found = [each for parcel, meanings in due for each in touchpoints(parcel, meanings, by=by)]
    if found:
        record_many(sorted(found, key=lambda each: each.at or state.now))


def plan(parcel: Parcel, state: State) -> None:
    """Set when the parcel must be looked at: for the future, its promise, its silence, or its order."""
    stage, leg = ParcelStage(parcel.stage), Leg(parcel.leg)
    lane = Lane(parcel.carrier, stage, parcel.origin_country, parcel.destination_country)
    last_at = parcel.last_report_at
    quiet = Quiet(lane=lane, stage=stage, last_at=last_at, collect_by=parcel.collect_by)
    parcel.stale_due_at, parcel.lost_due_at = stale_due(quiet, state.habits), lost_due(quiet, state.habits)
    if parcel.stale_due_at is None or parcel.stale_due_at > state.now:
        parcel.stale_at = None
    if stage is not ParcelStage.LOST and (parcel.lost_due_at is None or parcel.lost_due_at > state.now):
        parcel.lost_at = None
    held = held_until(parcel)
    parcel.look_at = _first(
        parcel.ahead_at,
        None if parcel.late_at else late_due(stage, leg, parcel.promised_to),
        None if parcel.stale_at else parcel.stale_due_at,
        None if parcel.lost_at else parcel.lost_due_at,
        held if held and held > state.now else None,
    )
    parcel.foresee_at = state.now if late_due(stage, leg, state.now) else None
    if parcel.foresee_at is None:
        parcel.risk, parcel.why = None, ""
    if parcel.carrier in state.asked or state.asks_all:
        since = max(parcel.created_at, last_at) if last_at else parcel.created_at
        parcel.ask_at = next_ask(stage, last_at=since, now=state.now, expected_to=parcel.carrier_to)


def _standing(box: Box, state: State) -> Standing:
    if box.stood is not None:
        return go_on(box.stood, box.fresh.values())
    return fold(box.telling, now=state.now, leg=Leg(box.parcel.way))


def _write(parcel: Parcel, standing: Standing, state: State) -> None:
    for name in FOLDED:
        setattr(parcel, name, getattr(standing, name))
    if standing.stage is ParcelStage.LOST:
        parcel.lost_at = standing.meanings["lost"].report.at
    plan(parcel, state)


def _keep_reports(boxes: Sequence[Box], *, told_by: str) -> None:
    columns = ("shop_id", "parcel_id", "digest", "received_at", "told_by", *REPORT)
    rows = [
        (box.parcel.shop_id, box.parcel.pk, code, heard.received_at, told_by, *_values(heard.report))
        for box in boxes
        for code, heard in box.fresh.items()
    ]
    if rows:
        bulk.insert_values(Report, columns, rows)


_values = attrgetter(*REPORT)


def _first(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)
