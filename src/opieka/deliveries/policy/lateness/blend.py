"""From two opinions to one probability: the transit model's and the trees', mixed, and set right on new lessons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opieka.deliveries.policy.lateness.records import Flags, Floats

TREES = 0.4  # the trees' share: chosen on time splits before 2018-03
CERTAIN = 1e-6
STEADY = 20.0  # as many lessons' worth of belief that no correction is needed
STEPS = 25
BELIEVED = np.array([0.0, 1.0])
FLATTEST = 0.1


@dataclass(frozen=True)
class Blend:
    """`log_odds = offset + slope * mixed`."""

    offset: float = 0.0
    slope: float = 1.0

    def probability(self, mixed: Floats) -> Floats:
        """Of mixed log-odds."""
        return logistic(self.offset + self.slope * mixed)


def mix(transit: Floats, trees: Floats | None) -> Floats:
    """Log-odds of both; of the transit model alone while there are no trees."""
    odds = log_odds(transit)
    return odds if trees is None else (1 - TREES) * odds + TREES * trees


def settle(mixed: Floats, late: Flags) -> Blend:
    """The offset and slope that fit the lessons best, held near (0, 1) where lessons are few.

    Newton's method; a step that makes things worse is halved until it does not.
    """
    design = np.stack([np.ones(len(mixed)), mixed], axis=1)
    found = BELIEVED
    for _ in range(STEPS):
        expected = logistic(design @ found)
        gradient = design.T @ (expected - late) + STEADY * (found - BELIEVED)
        curve = (design.T * (expected * (1 - expected))) @ design + STEADY * np.eye(2)
        step, now = np.linalg.solve(curve, gradient), _cost(design, late, found)
        while _cost(design, late, found - step) > now and np.abs(step).max() > CERTAIN:
            step = step / 2
        found = found - step
    return Blend(float(found[0]), float(max(found[1], FLATTEST)))


def _cost(design: Floats, late: Flags, found: Floats) -> float:
    odds = design @ found
    held = STEADY / 2 * np.sum((found - BELIEVED) ** 2)
    return float(np.sum(np.logaddexp(0, odds) - late * odds) + held)


def log_odds(probability: Floats) -> Floats:
    """Held away from certainty."""
    held = np.clip(probability, CERTAIN, 1 - CERTAIN)
    return np.log(held / (1 - held))


def logistic(odds: Floats) -> Floats:
    """The inverse of log_odds."""
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
