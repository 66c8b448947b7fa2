"""Boosted trees as plain arrays: grown by scikit-learn, kept and evaluated without it.

Every tree is stored complete, DEPTH levels deep; where the grown tree ends earlier, the rest of the branch repeats its
value. So evaluation is a fixed number of array steps, and the stored form is three arrays without code in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opieka.deliveries.policy.lateness.records import Flags, Floats, Keys

DEPTH = 3
CHUNK = 8192  # rows worked on at a time: they fit the processor's cache


@dataclass(frozen=True)
class Trees:
    """`feature` and `threshold` are (trees, inner nodes), `value` (trees, leaves); above or NaN goes right."""

    base: float
    feature: Keys
    threshold: Floats
    value: Floats

    def log_odds(self, rows: Floats) -> Floats:
        """Of each row (rows, features)."""
        found = np.full(len(rows), self.base)
        for begin in range(0, len(rows), CHUNK):
            chunk = np.ascontiguousarray(rows[begin : begin + CHUNK].T)
            found[begin : begin + CHUNK] += self._sum(chunk)
        return found

    def _sum(self, columns: Floats) -> Floats:
        count = columns.shape[1]
        flat, at = columns.ravel(), np.arange(count)
        total = np.zeros(count)
        for feature, threshold, value in zip(self.feature * count, self.threshold, self.value, strict=True):
            node = (~(flat[feature[0] + at] <= threshold[0])).astype(np.int64) + 1
            for _ in range(DEPTH - 1):
                node = 2 * node + 1 + ~(flat[feature[node] + at] <= threshold[node])
            total += value[node - len(threshold)]
        return total


def grow(rows: Floats, late: Flags, *, falling: Sequence[int]) -> Trees:
    """Learn log-odds of late; `falling` are features more of which never makes it likelier."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    signs = [-1 if i in falling else 0 for i in range(rows.shape[1])]
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_depth=DEPTH,
        min_samples_leaf=100,
        l2_regularization=10.0,
        monotonic_cst=signs,
        early_stopping=False,
        random_state=0,
    )
    # Its threads wait actively for each other: on a busy machine several take ten times longer than one.
    with threadpool_limits(limits=1, user_api="openmp"):
        grown = model.fit(filled(rows), late)
    return _arrays(float(grown._baseline_prediction[0, 0]), [one[0].nodes for one in grown._predictors])


def filled(rows: Floats) -> Floats:
    """With what is unknown as a very large number, so that it always goes right."""
    return np.nan_to_num(rows, nan=1e9, posinf=1e9, neginf=-1e9)


def _arrays(base: float, grown: Sequence[Any]) -> Trees:
    inner = 2**DEPTH - 1
    feature = np.zeros((len(grown), inner), np.int64)
    threshold = np.full((len(grown), inner), np.inf)
    value = np.zeros((len(grown), inner + 1))
    for tree, nodes in enumerate(grown):
        places = [(0, 0)]
        while places:
            place, node = places.pop()
            found = nodes[node]
            if place >= inner:
                value[tree, place - inner] = found["value"]
            elif found["is_leaf"]:
                places += [(2 * place + 1, node), (2 * place + 2, node)]
            else:
                feature[tree, place] = found["feature_idx"]
                threshold[tree, place] = found["num_threshold"]
                places += [(2 * place + 1, int(found["left"])), (2 * place + 2, int(found["right"]))]
    return Trees(base, feature, threshold, value)
