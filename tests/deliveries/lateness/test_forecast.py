"""What is foretold of open parcels, and what a shop without history goes by."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from opieka.deliveries.policy.lateness import forecast, model, rules, storing
from opieka.deliveries.policy.lateness.forecast import Forecast
from opieka.deliveries.policy.lateness.model import Model
from opieka.deliveries.policy.lateness.records import Parcels
from opieka.deliveries.types import DelayCause
from tests.deliveries.lateness import towns

NOW = towns.BEGIN + 260


@cache
def learned() -> Model:
    found = model.fit(towns.shop().known_at(NOW), as_of=NOW)
    assert found is not None
    return found


def open_ones() -> Parcels:
    """On their way at NOW."""
    seen = towns.shop(12_000, seed=1)
    return seen.take((seen.handed < NOW) & (seen.delivered >= NOW) & (seen.promised >= NOW))


def foretold(parcels: Parcels, *, now: float = NOW, by: Model | None = None, out: bool = False) -> Forecast:
    flags = np.full(len(parcels), out)
    return forecast.foretell(
        by or learned(), replace(parcels, delivered=parcels.delivered * np.nan), now=now, out=flags
    )


def test_the_window_holds_about_eighty_of_a_hundred() -> None:
    parcels = open_ones()
    found = foretold(parcels)
    inside = (parcels.delivered >= found.earliest) & (parcels.delivered <= found.latest)
    assert len(parcels) > 60
    assert 0.65 < inside.mean() < 0.95
    assert (found.earliest >= NOW).all()


def test_what_is_foretold_on_the_way_comes_about() -> None:
    parcels = open_ones()
    found = foretold(parcels)
    assert found.probability.mean() == pytest.approx(parcels.late().mean(), abs=0.12)
    assert found.probability[parcels.late()].mean() > found.probability[~parcels.late()].mean() + 0.2


def test_the_longer_without_arrival_the_likelier_late() -> None:
    parcels = open_ones()
    days = [foretold(parcels, now=NOW + day).probability for day in np.arange(0, 6, 0.5)]
    assert all((later >= sooner - 1e-9).all() for sooner, later in pairwise(days))
    assert (foretold(parcels, now=float(parcels.promised.max()) + 1).probability == 1).all()


def test_out_for_delivery_is_nearly_there() -> None:
    found = foretold(open_ones(), out=True)
    assert (found.probability <= forecast.OUT_TODAY).all()
    assert (found.latest == NOW + 1).all()


def test_without_a_promise_there_is_a_window_but_nothing_to_be_late_for() -> None:
    parcels = open_ones()
    found = foretold(replace(parcels, promised=parcels.promised * np.nan))
    assert np.isnan(found.probability).all()
    assert np.isfinite(found.latest).all()


def test_not_handed_over_is_foretold_from_approval() -> None:
    parcels = open_ones()
    waiting = replace(parcels, handed=parcels.handed * np.nan)
    assert np.isfinite(foretold(waiting).probability).all()
    unknown = foretold(replace(waiting, approved=waiting.approved * np.nan))
    assert np.isnan(unknown.probability).all()


def causes(found: Forecast) -> set[str]:
    return {found.why(row).split(":")[0] for row in range(len(found.cause))}


def test_the_cause_is_the_one_the_shop_was_made_with() -> None:
    fresh = replace(open_ones(), handed=np.full(len(open_ones()), NOW - 0.1))
    assert causes(foretold(towns.to(fresh, towns.SLOW_TOWN))) == {DelayCause.LANE_SLOW}
    assert causes(foretold(towns.to(fresh, towns.FAST_TOWN))) == {DelayCause.PROMISE_SHORT}
    fresh = replace(fresh, approved=fresh.handed, handed=fresh.handed * np.nan)
    slow = towns.from_(towns.to(fresh, towns.FAST_TOWN), towns.SLOW_SENDER)
    assert causes(foretold(slow)) == {DelayCause.SENDER_SLOW}
    assert causes(foretold(open_ones(), now=NOW + 20)) == {DelayCause.PROMISE_PASSED}
    long = replace(
        open_ones(), handed=np.full(len(open_ones()), NOW - 9), promised=np.full(len(open_ones()), NOW + 1)
    )
    assert causes(foretold(long)) == {DelayCause.LONG_UNDER_WAY}


def test_a_blocked_lane_is_named() -> None:
    seen = towns.blocked(towns.shop(), towns.FAST_TOWN, since=NOW - 8, until=NOW + 9).known_at(NOW)
    held = model.fit(seen, as_of=NOW)
    assert held is not None
    fresh = towns.to(replace(open_ones(), handed=np.full(len(open_ones()), NOW - 0.1)), towns.FAST_TOWN)
    found = foretold(fresh, by=held)
    assert causes(found) == {DelayCause.LANE_HELD_UP}
    _, slower, left = found.why(0).split(":")
    assert int(slower) > 10
    assert int(left) == round(fresh.promised[0] + 1 - NOW)


def test_a_model_survives_storing() -> None:
    stored = storing.dump(learned())
    again, parcels = storing.load(stored), open_ones()
    for name, column in vars(foretold(parcels)).items():
        assert np.array_equal(column, getattr(foretold(parcels, by=again), name), equal_nan=True), name
    assert storing.dump(again) == stored
    assert b"pickle" not in stored


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04 broken"])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(storing.Unreadable):
        storing.load(data)


@pytest.mark.parametrize(
    ("left", "out", "probability", "why"),
    [
        (8, False, None, ""),
        (4, False, None, ""),
        (3, False, 0.52, "not_out_yet:0:3"),
        (1, False, 0.70, "not_out_yet:0:1"),
        (0, False, 0.80, "not_out_yet:0:0"),
        (0, True, 0.1, ""),
        (-2, True, 1.0, "promise_passed:2:0"),
    ],
)
def test_the_rules_of_a_shop_without_history(
    left: int, out: bool, probability: float | None, why: str
) -> None:
    assert rules.by_rule(NOW + left, now=NOW + 0.4, out=out) == (probability, why)
