"""Where a parcel stands follows from its reports, in whatever order they came."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.deliveries.commands.loading import FOLDED
from opieka.deliveries.policy.folding import MOVED_BY, Heard, Standing, diagram, fold, go_on, goes_on
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, TrackingReport
from tests.deliveries.building import START, after, report

NOW = after(24 * 30)
S = ParcelStage


def standing(*reports: TrackingReport, now: datetime = NOW, leg: Leg = Leg.OUTBOUND) -> Standing:
    return fold([Heard(each, now) for each in reports], now=now, leg=leg)


def keys(found: Standing) -> list[str]:
    return list(found.meanings)


def test_an_ordinary_parcel() -> None:
    found = standing(
        report(0, "label_created"),
        report(8, "accepted", depot="WAW1"),
        report(20, "in_transit", depot="KRK", city="Kraków", country="PL"),
        report(46, "out_for_delivery"),
        report(50, "delivered", handed_to=HandedTo.RECIPIENT),
    )
    assert (found.stage, found.handed_to, found.first_attempt) == (S.DELIVERED, HandedTo.RECIPIENT, True)
    assert (found.label_at, found.handed_over_at, found.delivered_at) == (START, after(8), after(50))
    assert (found.depot, found.city, found.country) == ("KRK", "Kraków", "PL")
    assert keys(found) == ["announced", "shipped", "out:1", "delivered"]


def test_an_arrival_at_a_parcel_shop_is_no_delivery() -> None:
    found = standing(report(8, "accepted"), report(40, "awaiting_collection", collect_by=after(100)))
    assert (found.stage, found.collect_by, found.ready_at) == (S.AWAITING_COLLECTION, after(100), after(40))
    assert found.delivered_at is None
    collected = standing(
        report(40, "awaiting_collection", collect_by=after(100)),
        report(60, "delivered", handed_to=HandedTo.COLLECTED_AT_POINT),
    )
    assert (collected.stage, collected.collect_by, collected.first_attempt) == (S.DELIVERED, None, True)


@pytest.mark.parametrize(
    "last",
    [
        report(90, "delivered"),
        report(90, "delivered", leg=Leg.RETURNING_TO_SENDER),
        report(90, "returned"),
        report(90, "delivered", handed_to=HandedTo.SHOP_STAFF),
    ],
)
def test_a_hand_back_to_the_sender_is_no_delivery(last: TrackingReport) -> None:
    found = standing(
        report(8, "accepted"),
        report(50, "returning", reason=Reason.CONSIGNEE_REFUSED),
        report(70, "in_transit"),
        last,
    )
    assert (found.stage, found.leg) == (S.RETURNED, Leg.RETURNING_TO_SENDER)
    assert keys(found) == ["shipped", "returning", "returned"]


def test_a_parcel_turned_back_and_handed_over_after_all_is_delivered() -> None:
    found = standing(
        report(8, "accepted"),
        report(50, "returning", reason=Reason.CONSIGNEE_NOT_COLLECTED),
        report(52, "delivered", handed_to=HandedTo.COLLECTED_AT_POINT),
    )
    assert (found.stage, found.leg) == (S.DELIVERED, Leg.OUTBOUND)


def test_what_a_customer_sends_back_arrives_at_the_shop() -> None:
    found = standing(report(8, "accepted"), report(50, "delivered"), leg=Leg.CUSTOMER_RETURN)
    assert (found.stage, found.leg) == (S.RETURNED, Leg.CUSTOMER_RETURN)
    assert keys(found) == ["shipped", "returned"]


def test_an_unknown_code_changes_nothing_and_tells_nothing() -> None:
    known = [report(8, "accepted"), report(20, "in_transit")]
    odd = report(30, "unknown", depot="GDN")
    found = standing(*known, odd)
    assert (found.stage, keys(found)) == (S.IN_TRANSIT, ["shipped"])
    assert (found.last_report_at, found.last_progress_at) == (after(30), after(20))
    assert standing(odd).stage is S.UNKNOWN
    assert keys(standing(odd)) == []


def test_a_report_of_the_future_waits_for_its_moment() -> None:
    early = report(50, "delivered")
    found = standing(report(8, "accepted"), early, now=after(20))
    assert (found.stage, found.ahead_at, found.delivered_at) == (S.ACCEPTED, after(50), None)
    assert standing(report(8, "accepted"), early, now=after(50)).stage is S.DELIVERED
    slightly = standing(report(8, "accepted"), now=after(8) - timedelta(minutes=10))
    assert slightly.stage is S.ACCEPTED  # clocks differ


def test_back_to_an_earlier_stage() -> None:
    readdressed = standing(
        report(8, "accepted"),
        report(20, "out_for_delivery"),
        report(26, "in_transit", reason=Reason.CONSIGNEE_REDIRECTED),
    )
    assert (readdressed.stage, readdressed.reason) == (S.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED)


@pytest.mark.parametrize(
    ("first", "then", "stage"),
    [
        ("delivered", "in_transit", S.DELIVERED),
        ("delivered", "out_for_delivery", S.DELIVERED),
        ("delivered", "label_created", S.DELIVERED),
        ("delivered", "cancelled", S.DELIVERED),
        ("delivered", "attempt_failed", S.ATTEMPT_FAILED),
        ("delivered", "awaiting_collection", S.AWAITING_COLLECTION),
        ("delivered", "returning", S.RETURNING),
        ("accepted", "label_created", S.ACCEPTED),
        ("cancelled", "in_transit", S.IN_TRANSIT),
        ("lost", "exception", S.LOST),
        ("lost", "in_transit", S.IN_TRANSIT),
        ("lost", "delivered", S.DELIVERED),
        ("returned", "in_transit", S.RETURNED),
        ("returning", "lost", S.LOST),
    ],
)
def test_what_moves_a_parcel_on(first: str, then: str, stage: ParcelStage) -> None:
    found = standing(report(10, first), report(20, then))
    assert found.stage is stage
    assert (found.delivered_at is not None) == (stage in {S.DELIVERED, S.RETURNED})


def test_failed_attempts_are_counted_once_each() -> None:
    found = standing(
        report(20, "out_for_delivery"),
        report(22, "attempt_failed", reason=Reason.CONSIGNEE_ABSENT),
        report(23, "attempt_failed", depot="the same, from the depot"),
        report(44, "out_for_delivery"),
        report(45, "out_for_delivery", depot="scanned twice"),
        report(46, "attempt_failed", reason=Reason.CONSIGNEE_NO_ACCESS),
        report(70, "delivered"),
    )
    assert (found.attempts, found.first_attempt, found.first_reason) == (2, False, Reason.CONSIGNEE_ABSENT)
    assert keys(found) == ["shipped", "out:1", "attempt:1", "out:2", "attempt:2", "delivered"]


def test_a_label_the_shop_has_not_handed_over_is_not_shipped() -> None:
    waiting = report(8, "exception", reason=Reason.RETAILER_NOT_HANDED_OVER)
    assert standing(report(0, "label_created"), waiting).handed_over_at is None


def test_at_the_same_moment_what_has_come_further_counts() -> None:
    found = standing(report(8, "delivered"), report(8, "out_for_delivery"))
    assert found.stage is S.DELIVERED


def test_the_carriers_latest_estimate_counts() -> None:
    early = report(8, "accepted", expected_to=after(40))
    moved = report(8, "accepted", expected_to=after(60))
    first = fold([Heard(early, after(9)), Heard(moved, after(10))], now=NOW)
    assert first.carrier_to == after(60)
    again = fold([Heard(early, after(10)), Heard(moved, after(9))], now=NOW)
    assert again.carrier_to == after(40)
    assert standing(early, report(20, "in_transit")).carrier_to == after(40)


MOMENTS = st.integers(0, 40).map(lambda step: after(step * 3))
WAY_THERE = [stage for stage in S if stage not in {S.RETURNING, S.RETURNED}]
REPORTS = st.builds(
    TrackingReport,
    at=MOMENTS,
    stage=st.sampled_from(list(S)),
    raw_code=st.sampled_from(["", "A", "B"]),
    reason=st.sampled_from(
        [Reason.NONE, Reason.CARRIER_DAMAGED, Reason.CONSIGNEE_ABSENT, Reason.RETAILER_LABEL]
    ),
    leg=st.sampled_from([Leg.OUTBOUND, Leg.OUTBOUND, Leg.RETURNING_TO_SENDER]),
    handed_to=st.sampled_from([HandedTo.UNKNOWN, HandedTo.RECIPIENT]),
    collect_by=st.none() | MOMENTS,
    expected_to=st.none() | MOMENTS,
    depot=st.sampled_from(["", "WAW", "KRK"]),
)
OUTBOUND = REPORTS.filter(lambda r: r.stage in WAY_THERE and r.leg is Leg.OUTBOUND)
SOON = after(60)


def without_order(found: Standing) -> dict[str, object]:
    """A standing as it may be compared: of a meaning, its key and when it was."""
    kept: dict[str, object] = {f.name: getattr(found, f.name) for f in fields(found)}
    kept["meanings"] = {key: meaning.report.at for key, meaning in found.meanings.items()}
    return kept


@given(st.lists(REPORTS, max_size=12), st.randoms())
def test_any_order_and_repetition_is_the_same_parcel(reports: list[TrackingReport], random: object) -> None:
    shuffled = [*reports, *reports]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' random.Random
    once = fold([Heard(each, SOON) for each in dict.fromkeys(reports)], now=SOON)
    again = fold([Heard(each, SOON) for each in dict.fromkeys(shuffled)], now=SOON)
    assert without_order(once) == without_order(again)


@given(st.lists(OUTBOUND, max_size=12), st.lists(OUTBOUND, max_size=4))
def test_hearing_more_never_takes_a_meaning_back(
    known: list[TrackingReport], more: list[TrackingReport]
) -> None:
    """So that whatever batches reports come in, the same is told in the end, each once."""
    assert set(standing(*known).meanings) <= set(standing(*known, *more).meanings)


@given(st.lists(REPORTS, max_size=12), st.lists(REPORTS, max_size=4))
def test_only_which_way_a_parcel_went_can_be_told_anew(
    known: list[TrackingReport], more: list[TrackingReport]
) -> None:
    before, whole = set(standing(*known).meanings), set(standing(*known, *more).meanings)
    gone = {key.partition(":")[0] for key in before - whole}
    assert gone <= {"delivered", "ready", "out", "attempt", "returning", "returned"}
    assert not gone or {"returning", "returned", "delivered"} & whole


@given(st.lists(REPORTS, max_size=12))
def test_nothing_of_the_future_moves_a_parcel(reports: list[TrackingReport]) -> None:
    now = after(40)
    found = fold([Heard(each, now) for each in reports], now=now)
    dates = (found.delivered_at, found.handed_over_at, found.last_report_at, found.ready_at, found.label_at)
    assert all(at is None or at <= now + timedelta(minutes=15) for at in dates)
    ahead = [each.at for each in reports if each.at > now + timedelta(minutes=15)]
    assert found.ahead_at == min(ahead, default=None)


@given(st.lists(REPORTS, min_size=1, max_size=12), st.integers(0, 40))
def test_going_on_from_where_it_stood_is_the_same_as_reading_all(
    reports: list[TrackingReport], step: int
) -> None:
    """The short way round, whenever it may be gone: from the row alone, without what only a fold remembers."""
    known = [each for each in reports if each.at <= after(step * 3)]
    new = [each for each in reports if each.at > after(step * 3)]
    before = fold([Heard(each, SOON) for each in known], now=SOON)
    row = Standing(**{name: getattr(before, name) for name in FOLDED})
    if not goes_on(row, new, now=SOON):
        return
    found = go_on(row, [Heard(each, SOON) for each in new])
    whole = fold([Heard(each, SOON) for each in reports], now=SOON)
    assert [getattr(found, name) for name in FOLDED] == [getattr(whole, name) for name in FOLDED]
    told = {key: meaning.report.at for key, meaning in found.meanings.items() if key not in before.meanings}
    added = {key: meaning.report.at for key, meaning in whole.meanings.items() if key not in before.meanings}
    assert told == added


def test_when_all_reports_must_be_read() -> None:
    moving = standing(report(8, "accepted"), report(20, "in_transit"))
    assert goes_on(moving, [report(21, "in_transit"), report(30, "delivered")], now=NOW)
    assert goes_on(moving, [], now=NOW)
    for other in (report(20, "delivered"), report(30, "out_for_delivery"), report(30, "lost")):
        assert not goes_on(moving, [other], now=NOW)
    assert not goes_on(moving, [report(30, "delivered")], now=after(20))
    assert not goes_on(standing(), [report(1, "accepted")], now=NOW)
    assert not goes_on(standing(report(8, "lost")), [report(9, "delivered")], now=NOW)


def test_every_stage_is_in_the_table() -> None:
    assert set(MOVED_BY) == set(S)
    assert all(S.UNKNOWN not in movers for movers in MOVED_BY.values())


def test_the_readme_shows_the_table() -> None:
    readme = Path(__file__).parents[2] / "src" / "opieka" / "deliveries" / "README.md"
    assert diagram() in readme.read_text()
