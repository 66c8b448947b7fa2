"""How good predictions were: the figures that `opieka lateness evaluate` prints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opieka.deliveries.policy.lateness.records import Flags, Floats, Keys

BINS = 10


@dataclass(frozen=True)
class Scores:
    """None where a figure has no meaning: without late or without timely parcels nothing can be ranked."""

    n: int
    late: int
    auc: float | None
    average_precision: float | None
    brier: float | None
    ece: float | None
    precision_at_10pct: float | None
    recall_at_10pct: float | None


def score(probability: Floats, late: Flags) -> Scores:
    """Of predictions against what came."""
    count, lates = len(late), int(late.sum())
    if not count:
        return Scores(0, 0, None, None, None, None, None, None)
    top = np.argsort(-probability, kind="stable")[: max(1, round(count / 10))]
    return Scores(
        n=count,
        late=lates,
        auc=auc(probability, late) if 0 < lates < count else None,
        average_precision=average_precision(probability, late) if lates else None,
        brier=float(np.mean((probability - late) ** 2)),
        ece=calibration_error(probability, late),
        precision_at_10pct=float(late[top].mean()),
        recall_at_10pct=float(late[top].sum() / lates) if lates else None,
    )


def auc(probability: Floats, late: Flags) -> float:
    """Chance that a late parcel is ranked above a timely one; ties count half."""
    ranks = _ranks(probability)
    lates = int(late.sum())
    return float((ranks[late].sum() - lates * (lates + 1) / 2) / (lates * (len(late) - lates)))


def average_precision(probability: Floats, late: Flags) -> float:
    """Area under precision over recall, as steps; equal probabilities are one step."""
    order = np.argsort(-probability, kind="stable")
    last = np.append(np.flatnonzero(np.diff(probability[order])), len(late) - 1)
    hits = np.cumsum(late[order])[last]
    precision = hits / (last + 1)
    return float(np.sum(precision * np.diff(hits, prepend=0)) / late.sum())


def calibration_error(probability: Floats, late: Flags) -> float:
    """Mean distance of promised and observed share, over ten bins with equal numbers of parcels."""
    parts = [part for part in np.array_split(np.argsort(probability, kind="stable"), BINS) if len(part)]
    gaps = [abs(float(probability[part].mean() - late[part].mean())) * len(part) for part in parts]
    return sum(gaps) / len(late)


def _ranks(values: Floats) -> Floats:
    _, where, times = np.unique(values, return_inverse=True, return_counts=True)
    ends: Keys = np.cumsum(times)
    return (ends - (times - 1) / 2)[where]
