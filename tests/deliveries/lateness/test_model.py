"""What the model finds in a shop whose lanes and senders are known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pytest

from opieka.deliveries.policy.lateness import model, pace, scores, transit, waiting, workdays
from opieka.deliveries.policy.lateness.model import Model
from opieka.deliveries.policy.lateness.records import Floats, Parcels, Way, keys, pair
from tests.deliveries.lateness import towns

NOW = towns.BEGIN + 260


@cache
def learned() -> Model:
    found = model.fit(towns.shop().known_at(NOW), as_of=NOW)
    assert found is not None
    return found


def coming() -> Parcels:
    return towns.shop(seed=1).take(towns.shop(seed=1).placed > NOW)


def judged(parcels: Parcels, *, handed_over: bool) -> Floats:
    if handed_over:
        return learned().ways[Way.CARRIER].probability(parcels)
    return waiting.probability(learned(), replace(parcels, handed=parcels.handed * np.nan), parcels.approved)


@pytest.mark.parametrize("handed_over", [True, False])
def test_the_slow_lane_is_the_risky_one(handed_over: bool) -> None:
    foretold = partial(judged, handed_over=handed_over)
    slow, fast = (foretold(towns.to(coming(), town)).mean() for town in (towns.SLOW_TOWN, towns.FAST_TOWN))
    assert slow > 3 * fast


def test_a_slow_sender_is_a_risk_when_the_order_is_paid() -> None:
    foretold = partial(judged, handed_over=False)
    slow, fast = (
        foretold(towns.from_(coming(), who)).mean() for who in (towns.SLOW_SENDER, towns.FAST_SENDER)
    )
    assert slow > 1.5 * fast


def test_what_waits_on_gets_riskier_and_comes_later() -> None:
    parcels = replace(coming(), approved=np.full(len(coming()), NOW), handed=coming().handed * np.nan)
    days = [waiting.probability(learned(), parcels, parcels.approved + day) for day in (0, 1, 3, 5)]
    assert all(later.mean() > sooner.mean() for sooner, later in pairwise(days))
    sender = learned().ways[Way.SENDER].known
    ahead = waiting.ahead(sender, parcels, parcels.approved + 3)
    handed = [ahead.handed(share) for share in (0.1, 0.5, 0.9)]
    assert (handed[0] >= NOW + 3).all()
    assert all((later >= sooner).all() for sooner, later in pairwise(handed))


def test_what_is_foretold_comes_about_as_often_as_foretold() -> None:
    found = scores.score(learned().ways[Way.CARRIER].probability(coming()), coming().late())
    assert found.auc is not None
    assert found.auc > 0.85
    assert found.ece is not None
    assert found.ece < 0.06


@pytest.mark.parametrize("handed_over", [True, False])
def test_a_later_promise_is_never_riskier(handed_over: bool) -> None:
    parcels = coming()
    rising = [
        judged(replace(parcels, promised=parcels.promised + more), handed_over=handed_over)
        for more in range(-3, 9)
    ]
    assert all((later <= sooner + 1e-12).all() for sooner, later in pairwise(rising))


def test_the_typical_time_is_the_one_the_shop_was_made_with() -> None:
    found = learned().ways[Way.CARRIER].known.transit
    for town, days in ((towns.SLOW_TOWN, 4.0), (towns.FAST_TOWN, 2.0)):
        typical = np.exp(found.typical(towns.to(coming(), town), Way.CARRIER)).mean()
        assert typical * 7 / 5 == pytest.approx(days, rel=0.15)  # a working week is 5


def test_a_blocked_lane_is_felt_within_days_though_nothing_late_has_arrived() -> None:
    seen = towns.blocked(towns.shop(), towns.SLOW_TOWN, since=NOW - 6, until=NOW + 9).known_at(NOW)
    felt, usual = model.fit(seen, as_of=NOW), learned()
    assert felt is not None
    slow, quick = (towns.to(coming(), town) for town in (towns.SLOW_TOWN, towns.FAST_TOWN))
    before, after = (one.ways[Way.CARRIER].probability for one in (usual, felt))
    assert after(slow).mean() > 1.3 * before(slow).mean()
    assert after(quick).mean() < 1.3 * before(quick).mean() + 0.05


def test_the_pace_of_a_steady_shop_is_one() -> None:
    seen = towns.shop(6000)
    found = transit.fit(seen, Way.CARRIER, as_of=NOW + 60, holidays=())
    assert found is not None
    measured = pace.measure(seen, Way.CARRIER, found, until=NOW)
    assert np.abs(measured.whole[0][60:]).max() < 0.25


def test_a_lane_never_seen_has_the_pace_of_its_region() -> None:
    seen = towns.blocked(towns.shop(), towns.SLOW_TOWN, since=NOW - 6, until=NOW + 9).known_at(NOW)
    found = model.fit(seen, as_of=NOW)
    assert found is not None
    known = found.ways[Way.CARRIER].known.pace
    parcels = towns.to(coming(), towns.SLOW_TOWN)
    elsewhere = replace(parcels, from_region=keys(["Gdynia"] * len(parcels)))
    slow, _ = known.of(elsewhere, elsewhere.handed, Way.CARRIER)
    assert (slow < -0.1).all()
    nowhere = replace(elsewhere, to_region=keys([""] * len(parcels)))
    whole, _ = known.of(nowhere, nowhere.handed, Way.CARRIER)
    assert (whole > slow).all()


def test_too_little_history_teaches_nothing() -> None:
    assert model.fit(towns.shop(model.ENOUGH - 1), as_of=NOW + 400) is None


def test_a_short_history_has_no_trees_but_an_opinion() -> None:
    seen = towns.shop(400, days=50, promise=30)
    found = model.fit(seen, as_of=towns.BEGIN + 70)
    assert found is not None
    assert found.ways[Way.CARRIER].trees is None
    assert (found.ways[Way.CARRIER].probability(seen) < 0.05).all()


def test_unknown_names_take_part_in_no_pair() -> None:
    one, none = keys(["a"]), keys([""])
    assert pair(one, none)[0] == pair(none, one)[0] == 0
    assert pair(one, keys(["b"]))[0] != pair(keys(["b"]), one)[0]


def test_sundays_and_holidays_hardly_count() -> None:
    monday = 17_532
    working = np.array(
        [monday + 7 * week + day + 0.5 for week in range(30) for day in range(5) if week != 10]
    )
    clock = workdays.learn(np.repeat(working, 9), holidays=set(range(monday + 70, monday + 75)))
    day, sunday, holiday = (
        float(clock.at(np.array([at + 1.0]))[0] - clock.at(np.array([float(at)]))[0])
        for at in (monday + 35, monday + 41, monday + 71)
    )
    assert sunday < 0.2 * day
    assert holiday < 0.6 * day
    moments = np.linspace(monday + 3, monday + 200, 50)
    assert np.allclose(clock.when(clock.at(moments)), moments)
