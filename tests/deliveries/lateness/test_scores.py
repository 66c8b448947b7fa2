"""The figures agree with scikit-learn's, and the trees with the ones scikit-learn grew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from opieka.deliveries.policy.lateness import blend, scores, trees
from opieka.deliveries.policy.lateness.records import Flags, Floats

TIED = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=80)


@given(TIED)
def test_auc_and_average_precision_with_ties(pairs: list[tuple[int, bool]]) -> None:
    probability = np.array([p / 8 for p, _ in pairs])
    late = np.array([came for _, came in pairs])
    found = scores.score(probability, late)
    assert found.n == len(pairs)
    if late.any():
        assert found.average_precision == pytest.approx(metrics.average_precision_score(late, probability))
    if late.any() and not late.all():
        assert found.auc == pytest.approx(metrics.roc_auc_score(late, probability))
    assert found.brier == pytest.approx(np.mean((probability - late) ** 2))


def test_figures_that_have_no_meaning_are_none() -> None:
    nothing = scores.score(np.empty(0), np.empty(0, np.bool_))
    assert (nothing.n, nothing.auc, nothing.brier) == (0, None, None)
    timely = scores.score(np.full(10, 0.1), np.zeros(10, np.bool_))
    assert (timely.auc, timely.average_precision, timely.recall_at_10pct) == (None, None, None)
    assert timely.ece == pytest.approx(0.1)


def test_the_top_tenth() -> None:
    late = np.array([True, True] + [False] * 18)
    found = scores.score(np.linspace(1, 0, 20), late)
    assert (found.precision_at_10pct, found.recall_at_10pct) == (1.0, 1.0)


def data(count: int, seed: int = 0) -> tuple[Floats, Flags]:
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(count, 3))
    rows[chance.random(rows.shape) < 0.05] = np.nan
    return rows, chance.random(count) < 1 / (1 + np.exp(2 * np.nan_to_num(rows[:, 0]) + 1))


def test_the_arrays_say_what_the_grown_trees_say() -> None:
    rows, late = data(4_000)
    ours = trees.grow(trees.filled(rows), late, falling=[0])
    grower = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_depth=trees.DEPTH, min_samples_leaf=100, l2_regularization=10.0,
        monotonic_cst=[-1, 0, 0], early_stopping=False, random_state=0,
    )  # fmt: skip
    with threadpool_limits(limits=1, user_api="openmp"):
        theirs = grower.fit(trees.filled(rows), late)
    asked = trees.filled(data(9_000, seed=1)[0])
    assert np.allclose(ours.log_odds(asked), theirs.decision_function(asked), atol=1e-12)


def test_more_of_a_falling_clue_is_never_riskier() -> None:
    rows, late = data(5_000)
    grown = trees.grow(trees.filled(rows), late, falling=[0])
    asked = trees.filled(data(200, seed=2)[0])
    more = asked.copy()
    more[:, 0] += 1
    assert (grown.log_odds(more) <= grown.log_odds(asked) + 1e-12).all()


@settings(max_examples=20)
@given(offset=st.floats(-1.5, 1.5), slope=st.floats(0.5, 2))
def test_the_blend_finds_what_is_off(offset: float, slope: float) -> None:
    chance = np.random.default_rng(3)
    mixed = chance.normal(-2, 1.5, 40_000)
    late = chance.random(40_000) < blend.logistic(offset + slope * mixed)
    found = blend.settle(mixed, late)
    assert found.offset == pytest.approx(offset, abs=0.2)
    assert found.slope == pytest.approx(slope, abs=0.15)


def test_without_lessons_the_blend_believes() -> None:
    found = blend.settle(np.empty(0), np.empty(0, np.bool_))
    assert (found.offset, found.slope) == (0.0, 1.0)
